// First, so that the node gets it: what a test adds to the request of an item (see `Run.request`).
jest.mock('../../../../../nodes/PterodactylProvision/actions/access/request', () => {
	const actual = jest.requireActual<typeof RequestModule>(
		'../../../../../nodes/PterodactylProvision/actions/access/request',
	);
	const requestAt: typeof actual.requestAt = (context, item, given) => {
		const request = actual.requestAt(context, item, given);
		return { ...request, ...added?.(context.getInputData()[item]?.json ?? {}, request) };
	};
	return { ...actual, requestAt };
});

import type {
	IDataObject,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INodeExecutionData,
	INodeParameters,
	INodePropertyOptions,
} from 'n8n-workflow';
import { LoadOptionsContext } from 'n8n-core';

import {
	pauses,
	runAll,
	surroundings,
	type Credential,
	type Setting,
} from '../../../support/running.cjs';
import { PterodactylApi } from '../../../../../credentials/PterodactylApi.credentials';
import { PterodactylProvision } from '../../../../../nodes/PterodactylProvision/PterodactylProvision.node';
import { CONNECTION_DEFAULTS } from '../../../../../nodes/PterodactylProvision/transport/connection';
import type { PlanDocument } from '../../../../../domain/access/planDocument';
import type { Result, SyncRequest } from '../../../../../domain/access/result';
import type * as RequestModule from '../../../../../nodes/PterodactylProvision/actions/access/request';

export { pauses };

export interface Keys {
	url: string;
	applicationKey: string;
	accountKey: string;
	/** As chosen in the credential. */
	panelChoice?: 'detect' | 'pelican' | 'pterodactyl';
	/** The credential that holds them; all are one unless named. */
	credentialId?: string;
}

/** What an item carries after the node, also where it failed. */
export interface Output extends Result {
	calls: number;
	error?: string;
	advice?: string;
}

export interface Run {
	operation?: 'get' | 'remove' | 'restore' | 'suspend' | 'sync';
	items?: IDataObject[];
	/** What differs from the usual tier plan. */
	plan?: Partial<PlanDocument>;
	parameters?: INodeParameters;
	/** The options of the form. */
	options?: INodeParameters;
	/** What Sync Many asks for beyond what operations for one customer offer. */
	request?: (item: IDataObject, request: SyncRequest) => Partial<SyncRequest>;
	/** How to call the panel, where a test cannot wait. */
	connection?: Partial<typeof CONNECTION_DEFAULTS>;
	continueOnFail?: boolean;
	luckPerms?: Credential;
	/** Something that happens on the panel just before a call goes out. */
	beforeCall?: (call: IHttpRequestOptions) => void;
}

/** Three tiers over four servers of the recorded panel, each one permission more than the one before. */
export const planDocument = (settings: Partial<PlanDocument> = {}): PlanDocument => ({
	server_groups: [
		{ name: 'frost', match: 'name', pattern: 'Frost Path*', except: '' },
		{ name: 'ember', match: 'name', pattern: 'Fire Path - Ember', except: '' },
	],
	tiers: [
		{
			tier: 'awakened',
			role: '',
			products: 'awakened',
			serverGroups: ['frost'],
			permissions: ['websocket.connect'],
			includesLower: true,
		},
		{
			tier: 'knight',
			role: '',
			products: 'fire-knight, frost-knight',
			serverGroups: ['frost'],
			permissions: ['activity.read'],
			includesLower: true,
		},
		{
			tier: 'elder',
			role: '',
			products: 'fire-elder',
			serverGroups: ['ember'],
			permissions: ['backup.read'],
			includesLower: true,
		},
	],
	allow_harmful: false,
	grace_days: 7,
	delete_account_after_days: 30,
	left_alone: '',
	username_template: '{name}',
	...settings,
});

let added: Run['request'];

/** Every parameter of a customer comes from the item, as in the shipped workflow. */
const FROM_ITEM: INodeParameters = {
	email: '={{ $json.email }}',
	customerId: '={{ $json.id }}',
	customerName: '={{ $json.name }}',
	previousEmails: '={{ $json.earlier }}',
	grants: '={{ $json.grants }}',
};

export const credentialData = ({ url, applicationKey, accountKey, panelChoice }: Keys) => ({
	url,
	panel: panelChoice ?? 'detect',
	applicationApiKey: applicationKey,
	accountApiKey: accountKey,
});

const nodeType = new PterodactylProvision();
function settingOf({ credentialId, ...keys }: Keys, run: Run): Setting {
	const credential = new PterodactylApi();
	const data = credentialData(keys);
	return {
		type: nodeType,
		parameters: {
			resource: 'access',
			operation: run.operation ?? 'sync',
			...FROM_ITEM,
			tierPlan: JSON.stringify(planDocument(run.plan)),
			...run.parameters,
			options: run.options ?? {},
		},
		credential: {
			name: 'pterodactylApi',
			id: credentialId,
			data,
			authenticate: async (request) => {
				run.beforeCall?.(request);
				return await credential.authenticate(data, request);
			},
		},
		otherCredential: run.luckPerms,
		continueOnFail: run.continueOnFail,
	};
}

/** The node through n8n's own execution context and request helpers; the items of each output. */
export async function executeAll(keys: Keys, run: Run): Promise<INodeExecutionData[][]> {
	const { applicationKey, accountKey } = keys;
	const usual = { ...CONNECTION_DEFAULTS };
	Object.assign(CONNECTION_DEFAULTS, run.connection);
	added = run.request;
	return await runAll(settingOf(keys, run), run.items ?? [{}], [
		applicationKey,
		accountKey,
	]).finally(() => Object.assign(CONNECTION_DEFAULTS, usual));
}

/** The items of its first output. */
export const execute = async (keys: Keys, run: Run): Promise<INodeExecutionData[]> =>
	(await executeAll(keys, run))[0] ?? [];

/** What came out for each item. */
export async function provision(keys: Keys, run: Run): Promise<Output[]> {
	return (await execute(keys, run)).map(({ json }) => {
		// A failure's facts are under the only key that n8n leaves them on its error output.
		const { details, ...rest } = json as { details?: object };
		return { ...rest, ...details } as unknown as Output;
	});
}

/** What came out for the only item. */
export async function provisionOne(
	keys: Keys,
	item: IDataObject,
	run: Omit<Run, 'items'> = {},
): Promise<Output> {
	const [output] = await provision(keys, { ...run, items: [item] });
	if (!output) throw new Error('The node gave no item');
	return output;
}

/** What the node says where it cannot do what it was asked for; the workflow goes on. */
export const failing = (keys: Keys, item: IDataObject, run: Omit<Run, 'items'> = {}) =>
	provisionOne(keys, item, { ...run, continueOnFail: true });

/** What a drop-down of the tier plan offers. */
export async function choices(
	keys: Keys,
	name: string,
	parameters: INodeParameters = {},
): Promise<INodePropertyOptions[]> {
	const form = { resource: 'tierPlan', operation: 'get', ...parameters };
	const setting = settingOf(keys, { parameters: form });
	const { node, workflow, additionalData } = surroundings(setting);
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	const load = nodeType.methods.loadOptions[name];
	if (!load) throw new Error(`There is no list ${name}`);
	return await load.call(context as ILoadOptionsFunctions);
}

export { nodeType };
