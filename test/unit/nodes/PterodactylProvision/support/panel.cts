import {
	startPanel,
	type Panel,
	type PanelOptions,
} from '../../../../../simulators/panel/server.cjs';
import type { Reference } from '../../../../../simulators/panel/control.cjs';

/** A panel for the tests of one file: eight servers, and afresh for every test. */
export function usePanel(
	options: PanelOptions = { rateLimits: false },
): Panel & { credentialId: string } {
	let started: Panel | undefined;
	let tests = 0;
	const running = () => {
		if (!started) throw new Error('The panel is not started yet');
		return started;
	};
	const panel = {
		/** Another one for every test: what is known of a panel's limits is kept by credential. */
		get credentialId() {
			return `panel-${tests}`;
		},
		get url() {
			return running().url;
		},
		get applicationKey() {
			return running().applicationKey;
		},
		get accountKey() {
			return running().accountKey;
		},
		get state() {
			return running().state;
		},
		get control() {
			return running().control;
		},
		calls: () => running().calls(),
		close: async () => await running().close(),
	};
	beforeAll(async () => {
		started = await startPanel(options);
	});
	beforeEach(() => {
		tests++;
		panel.control.reset({ customers: 0 });
	});
	afterAll(async () => await panel.close());
	return panel;
}

export const EMBER = 'Fire Path - Ember';
export const SNOWFALL = 'Frost Path - Snowfall';
export const GLACIER = 'Frost Path - Glacier';
export const AURORA = 'Frost Path - Aurora';
export const CINDER = 'Fire Path - Cinder';

/** The permissions that a user has on every server where they have a row; one entry a row. */
export function accessOf(panel: Panel, user: Reference): Record<string, string[][]> {
	const { id } = panel.control.user(user);
	const access: Record<string, string[][]> = {};
	for (const row of panel.state.subusers.filter(({ userId }) => userId === id)) {
		const { name } = panel.control.server(row.serverId);
		(access[name] ??= []).push(Object.values(row.permissions).sort());
	}
	return access;
}

/** `POST /api/application/users` and the like, of the calls that change something. */
export const writesTo = (panel: Panel): string[] =>
	panel
		.calls()
		.filter(({ method }) => method !== 'GET')
		.map(({ method, path }) => `${method} ${path}`);

/** The users that the panel has made up for an unknown address [309]. */
export const inventedBy = (panel: Panel): string[] =>
	panel.state.users
		.filter(({ firstName, lastName }) => firstName === 'Server' && lastName === 'Subuser')
		.map(({ email }) => email);
