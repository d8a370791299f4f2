import { listen } from '../http.cjs';
import type { Control, Controlled } from './control.cjs';
import { createControl } from './control.cjs';
import { spoil } from './faults.cjs';
import type { Latency } from './latency.cjs';
import { answer } from './pipeline.cjs';
import type { Seed } from './seed.cjs';
import { seedPanel } from './seed.cjs';
import type { PanelState, RecordedCall } from './state.cjs';
import { now } from './state.cjs';
import type { ApiLimits } from './throttle.cjs';
import { panelDefaults } from './throttle.cjs';

export interface PanelOptions extends Seed {
	/** 0 or left out: any free port. */
	port?: number;
	/** Calls a minute; false: no limits, also none on new subusers. Default 256 for both APIs. */
	rateLimits?: Partial<ApiLimits> | false;
	/** Attempts to create a subuser of one server; 0: no limit. Default 10, as the panel. */
	subuserLimit?: number;
	/** In so many whole seconds. Default 900, as the panel. */
	subuserWindow?: number;
	/** `measured`: every call takes the median of TIMINGS.json. */
	latency?: Latency;
}

export interface Panel {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** `ptla_…` of the admin, with every right. */
	applicationKey: string;
	/** `ptlc_…` of the admin. */
	accountKey: string;
	/** The panel's database; `control.reset` replaces it. */
	readonly state: PanelState;
	control: Control;
	/** Every call to the panel since the start, those of the control API not counted. */
	calls(): RecordedCall[];
	close(): Promise<void>;
}

/**
 * Starts a simulated panel on 127.0.0.1. Rejects when the port is busy. It has the calls that this
 * package could use: users, servers, subusers, account, command, power, resources, and reading of
 * nodes, locations, nests and eggs. Other routes of a panel (files, backups, databases, making
 * nodes …) are unknown to it.
 */
export async function startPanel(options: PanelOptions = {}): Promise<Panel> {
	const {
		port = 0,
		rateLimits = {},
		subuserLimit = rateLimits ? panelDefaults.subuser : null,
		subuserWindow = panelDefaults.subuserWindow,
		latency = 'none',
		...seed
	} = options;
	const apiLimits = rateLimits || { application: null, client: null };
	const state = seedPanel(seed);
	const [applicationKey = '', accountKey = ''] = state.keys.map((key) => key.token);
	const controlled: Controlled = {
		state,
		limits: { ...panelDefaults, ...apiLimits, subuser: subuserLimit, subuserWindow },
		latency,
		faults: [],
		seed: { ...seed, applicationKey, accountKey },
	};
	const control = createControl(controlled);

	const listener = await listen(
		{
			answer: (request, sleep) => answer({ ...controlled, sleep }, request),
			spoil: (fault, { headers }, real) =>
				spoil(
					fault,
					real,
					headers.host ?? '127.0.0.1',
					now(controlled.state),
					controlled.state.flavour.loginPath,
				),
			hands: () => control,
			faults: () => controlled.faults,
			calls: () => controlled.state.calls,
		},
		port,
	);
	return {
		url: listener.url,
		applicationKey,
		accountKey,
		get state() {
			return controlled.state;
		},
		control,
		calls: () => controlled.state.calls,
		close: () => listener.close(),
	};
}
