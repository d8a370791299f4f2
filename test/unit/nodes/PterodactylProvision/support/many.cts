import type { IDataObject, IHttpRequestOptions, INodeParameters } from 'n8n-workflow';

import { pauses, runAll } from '../../../support/running.cjs';
import { eventOf } from '../../../support/work.cjs';
import { nodeType, planDocument, type Keys } from './node.cjs';
import { PterodactylApi } from '../../../../../credentials/PterodactylApi.credentials';
import type { PreviewItem } from '../../../../../domain/access/preview';
import { resolveEntitlements } from '../../../../../domain/entitlement/resolve';
import type { LogEvent } from '../../../../../domain/events/event';
import { LEASE_MS } from '../../../../../domain/work/lease';
import type { settleRound } from '../../../../../domain/work/round';
import { SYNC_MANY_OUTPUTS } from '../../../../../nodes/PterodactylProvision/actions/access/syncMany.operation';

export { pauses };

export const PLAN_DOCUMENT = planDocument();

/** Entitlements now, after these events. */
export const entitled = (...events: LogEvent[]) =>
	resolveEntitlements(events, new Date(Date.now()), {
		graceDays: 7,
		deleteAccountAfterDays: 30,
	});

/** Customer number so-and-so, who bought a product of this tier an hour ago. */
export function buys(id: number, tierName = 'knight', more: Partial<LogEvent> = {}): LogEvent {
	const at = new Date(Date.now() - 3_600_000).toISOString();
	return eventOf(id, {
		product_id: null,
		tier: tierName,
		occurred_at: at,
		state_at: at,
		...more,
	});
}

interface Many {
	plan?: unknown;
	beforeCall?: (call: IHttpRequestOptions) => void;
}

function settingOf(
	operation: 'preview' | 'syncMany',
	{ applicationKey, accountKey, url, credentialId }: Keys,
	{ plan = PLAN_DOCUMENT, beforeCall }: Many,
	parameters: object,
) {
	const credential = new PterodactylApi();
	const data = { url, applicationApiKey: applicationKey, accountApiKey: accountKey };
	return {
		type: nodeType,
		parameters: {
			resource: 'access',
			operation,
			tierPlan: plan,
			...parameters,
		} as unknown as INodeParameters,
		credential: {
			name: 'pterodactylApi',
			id: credentialId,
			data,
			authenticate: async (request: IHttpRequestOptions) => {
				beforeCall?.(request);
				return await credential.authenticate(data, request);
			},
		},
	};
}

export interface ManyRun extends Many {
	entitlements?: unknown;
	/** Rows of the customers table. */
	rows?: object[];
	events?: object[];
	/** Those of them who are due; all unless said otherwise. */
	due?: object[];
	lease?: object;
	parallel?: number;
}

/** A row of the lease table that has just been renewed. */
export const renewed = (more: object = {}) => ({
	name: 'apply',
	holder: '42',
	term: 7,
	expires_at: new Date(Date.now() + LEASE_MS).toISOString(),
	taken_over_at: null,
	...more,
});

type Settled = ReturnType<typeof settleRound>;
export interface Round extends Pick<Settled, 'changes' | 'released' | 'alerts' | 'waits'> {
	/** All rows to save, by customer. */
	customers: IDataObject[];
	/** Those of them that are inserted. */
	added: IDataObject[];
	summary: Settled['summary'] & { calls: number };
	/** When the run ends: when the lease is free. */
	next: IDataObject[];
	end: IDataObject[];
}

/** One round of the writer. */
export async function round(keys: Keys, said: ManyRun): Promise<Round> {
	const { entitlements = [], rows = [{}], events = [], due = rows, parallel = 8, ...many } = said;
	const lease = said.lease ?? renewed();
	const parameters = { customerRows: rows, events, dueCustomers: due, lease, parallel };
	const setting = settingOf('syncMany', keys, many, parameters);
	const secrets = [keys.applicationKey, keys.accountKey];
	const outputs = await runAll(setting, entitlements as IDataObject[], secrets);
	const on = (name: string) =>
		(outputs[SYNC_MANY_OUTPUTS.indexOf(name)] ?? []).map(({ json }) => json) as never[];
	const added: IDataObject[] = on('New Customers');
	const number = ({ customer }: IDataObject) => Number(/\d+/.exec(String(customer))?.[0]);
	return {
		changes: on('Changes'),
		summary: on('Round')[0] as never,
		added,
		customers: [...added, ...on('Customers')].sort((a, b) => number(a) - number(b)),
		released: on('Released Events'),
		alerts: on('Alerts'),
		waits: on('Grace Periods'),
		next: on('Next Round'),
		end: on('Run Ended'),
	};
}

/** What Sync Many would do for each customer. */
export async function previews(
	keys: Keys,
	said: Many & { entitlements?: object[]; rows?: object[]; events?: object[]; brief?: boolean },
): Promise<{ items: PreviewItem[]; from: unknown[] }> {
	const { entitlements = [], rows = [], events = [], brief = false, ...many } = said;
	const setting = settingOf('preview', keys, many, { customerRows: rows, events, brief });
	const secrets = [keys.applicationKey, keys.accountKey];
	const [output = []] = await runAll(setting, entitlements as IDataObject[], secrets);
	return {
		items: output.map(({ json }) => json as unknown as PreviewItem),
		from: output.map(({ pairedItem }) => pairedItem),
	};
}
