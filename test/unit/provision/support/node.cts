// First, so that every module below gets it: the node's pauses are noted and take no time.
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<object>('n8n-workflow'),
	sleep: async (ms: number) => {
		pauses.push(ms);
	},
}));

import { inspect } from 'node:util';

import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodePropertyOptions,
	INodeTypes,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { ExecuteContext, LoadOptionsContext } from 'n8n-core';

import { PterodactylApi } from '../../../../credentials/PterodactylApi.credentials';
import { PterodactylProvision } from '../../../../nodes/PterodactylProvision/PterodactylProvision.node';
import type { Result } from '../../../../nodes/PterodactylProvision/result';

/** The pauses that the node has made, in milliseconds. */
export const pauses: number[] = [];

export interface Keys {
	url: string;
	applicationKey: string;
	accountKey: string;
}

/** What an item carries after the node, also where it failed. */
export interface Output extends Result {
	calls: number;
	error?: string;
	advice?: string;
}

export interface Run {
	operation?: 'get' | 'remove' | 'suspend' | 'sync';
	items?: IDataObject[];
	parameters?: INodeParameters;
	/** The options of the form. */
	options?: INodeParameters;
	continueOnFail?: boolean;
	/** Something that happens on the panel just before a call goes out. */
	beforeCall?: (call: IHttpRequestOptions) => void;
}

/** Three tiers over four servers of the recorded panel, each one permission more than the one before. */
export const PLAN: INodeParameters = {
	serverGroups: {
		group: [
			{ name: 'frost', match: 'name', pattern: 'Frost Path*', except: '' },
			{ name: 'ember', match: 'name', pattern: 'Fire Path - Ember', except: '' },
		],
	},
	tiers: {
		tier: [
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
	},
};

/** Every parameter of a customer comes from the item, as in the shipped workflow. */
const FROM_ITEM: INodeParameters = {
	email: '={{ $json.email }}',
	customerId: '={{ $json.id }}',
	customerName: '={{ $json.name }}',
	previousEmails: '={{ $json.earlier }}',
	grants: '={{ $json.grants }}',
};

const nodeType = new PterodactylProvision();
const nodeTypes = {
	getByName: () => nodeType,
	getByNameAndVersion: () => nodeType,
	getKnownTypes: () => ({}),
} as unknown as INodeTypes;

function surroundings({ url, applicationKey, accountKey }: Keys, run: Run) {
	pauses.length = 0;
	const node: INode = {
		id: 'provision',
		name: 'Pterodactyl Provision',
		type: 'n8n-nodes-paymenter-pterodactyl.pterodactylProvision',
		typeVersion: 1,
		position: [0, 0],
		parameters: {
			resource: 'access',
			operation: run.operation ?? 'sync',
			...FROM_ITEM,
			...PLAN,
			...run.parameters,
			options: run.options ?? {},
		},
		credentials: { pterodactylApi: { id: '1', name: 'Panel' } },
		...(run.continueOnFail ? { onError: 'continueRegularOutput' } : {}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const credential = new PterodactylApi();
	const additionalData = {
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getParentTypes: () => [],
			preAuthentication: async () => undefined,
			getDecrypted: async () => ({
				url,
				applicationApiKey: applicationKey,
				accountApiKey: accountKey,
			}),
			authenticate: async (keys: IDataObject, _type: string, request: IHttpRequestOptions) => {
				run.beforeCall?.(request);
				return await credential.authenticate(keys as never, request);
			},
		},
		currentNodeParameters: node.parameters,
		restApiUrl: '',
		hooks: undefined,
	} as unknown as IWorkflowExecuteAdditionalData;
	return { node: workflow.getNode(node.name) ?? node, workflow, additionalData };
}

/** The node through n8n's own execution context and request helpers. */
export async function execute(keys: Keys, run: Run): Promise<INodeExecutionData[]> {
	const { node, workflow, additionalData } = surroundings(keys, run);
	const items = (run.items ?? [{}]).map((json, item) => ({ json, pairedItem: { item } }));
	const context = new ExecuteContext(
		workflow,
		node,
		additionalData,
		'manual',
		{ resultData: { runData: {} } } as unknown as IRunExecutionData,
		0,
		items,
		{ main: [items] },
		{ node, data: { main: [items] }, source: null },
		[],
	);
	try {
		const [output = []] = await nodeType.execute.call(context as IExecuteFunctions);
		for (const { json, error } of output) holdsNoKey(keys, json, error);
		return output;
	} catch (error) {
		holdsNoKey(keys, error);
		throw error;
	}
}

/** Whatever comes out of the node, with all that hangs on an error: never a key. */
function holdsNoKey({ applicationKey, accountKey }: Keys, ...told: unknown[]): void {
	const text = inspect(told, { depth: 12, maxStringLength: null, maxArrayLength: null });
	for (const key of [applicationKey, accountKey]) {
		if (key !== '' && text.includes(key)) throw new Error('A key is in what the node tells');
	}
}

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
	const { node, workflow, additionalData } = surroundings(keys, { parameters });
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	const load = nodeType.methods.loadOptions[name];
	if (!load) throw new Error(`There is no list ${name}`);
	return await load.call(context as ILoadOptionsFunctions);
}

export { nodeType };
