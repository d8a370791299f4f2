// First, so that every module below gets it: a node's pauses are noted and take no time.
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
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	INodeTypes,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';
import { ExecuteContext } from 'n8n-core';

/** The pauses that the node has made, in milliseconds. */
export const pauses: number[] = [];

/** A credential, decrypted, and what adds the key to a request. */
export interface Credential {
	name: string;
	/** Which of that type it is; n8n's id. */
	id?: string;
	data: IDataObject;
	authenticate: (request: IHttpRequestOptions) => Promise<IHttpRequestOptions>;
}

export interface Setting {
	type: INodeType;
	parameters: INodeParameters;
	credential: Credential;
	/** A second one, of another type. */
	otherCredential?: Credential;
	continueOnFail?: boolean;
}

/** A node of ours in a workflow of its own, with n8n's real request helpers. */
export function surroundings({ type, parameters, continueOnFail, ...keys }: Setting) {
	pauses.length = 0;
	const credentials = [keys.credential, keys.otherCredential].filter((one) => one !== undefined);
	const named = (name: string) => {
		const found = credentials.find((one) => one.name === name);
		if (!found) throw new Error(`There is no credential ${name}`);
		return found;
	};
	const node: INode = {
		id: 'node',
		name: type.description.displayName,
		type: `n8n-nodes-paymenter-pterodactyl.${type.description.name}`,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials: Object.fromEntries(credentials.map(({ name, id = '1' }) => [name, { id, name }])),
		...(continueOnFail ? { onError: 'continueRegularOutput' } : {}),
	};
	const nodeTypes = {
		getByName: () => type,
		getByNameAndVersion: () => type,
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;
	const workflow = new Workflow({
		id: 'w1',
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes,
	});
	const additionalData = {
		credentialsHelper: {
			isCredentialUsableByNode: () => true,
			getParentTypes: () => [],
			preAuthentication: async () => undefined,
			getDecrypted: async (_more: unknown, _node: unknown, name: string) => named(name).data,
			authenticate: async (_data: IDataObject, name: string, request: IHttpRequestOptions) =>
				await named(name).authenticate(request),
		},
		currentNodeParameters: node.parameters,
		restApiUrl: '',
		instanceBaseUrl: 'https://n8n.example.com/',
		executionId: '42',
		hooks: undefined,
	} as unknown as IWorkflowExecuteAdditionalData;
	return { node: workflow.getNode(node.name) ?? node, workflow, additionalData };
}

/** What a node yields on its first output. */
export async function run(...said: Parameters<typeof runAll>): Promise<INodeExecutionData[]> {
	return (await runAll(...said))[0] ?? [];
}

/**
 * Runs a node through n8n's own execution context.
 * @param keys must not come out of it anywhere
 */
export async function runAll(
	setting: Setting,
	rows: IDataObject[],
	keys: string[],
): Promise<INodeExecutionData[][]> {
	const { node, workflow, additionalData } = surroundings(setting);
	const items = rows.map((json, item) => ({ json, pairedItem: { item } }));
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
		const outputs = (await setting.type.execute?.call(
			context as IExecuteFunctions,
		)) as INodeExecutionData[][];
		for (const { json, error } of outputs.flat()) holdsNoKey(keys, json, error);
		return outputs;
	} catch (error) {
		holdsNoKey(keys, error);
		throw error;
	}
}

/** Whatever comes out of the node, with all that hangs on an error: never a key. */
function holdsNoKey(keys: string[], ...told: unknown[]): void {
	const text = inspect(told, { depth: 12, maxStringLength: null, maxArrayLength: null });
	for (const key of keys) {
		if (key !== '' && text.includes(key)) throw new Error('A key is in what the node tells');
	}
}
