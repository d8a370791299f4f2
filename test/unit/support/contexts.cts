import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ExecuteContext, HookContext, WebhookContext } from 'n8n-core';
import {
	Workflow,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type INodeType,
	type IWebhookData,
	type IWebhookResponseData,
	type IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

/** A node in a workflow of its own, as n8n-core holds it. */
function placed(type: INodeType, parameters: INodeParameters) {
	const credentials = Object.fromEntries(
		(type.description.credentials ?? []).map(({ name }) => [name, { id: '1', name }]),
	);
	const node: INode = {
		id: 'n1',
		name: type.description.displayName,
		type: type.description.name,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		credentials,
	};
	const workflow = new Workflow({
		id: 'w1',
		nodes: [node],
		connections: {},
		active: true,
		nodeTypes: {
			getByName: () => type,
			getByNameAndVersion: () => type,
			getKnownTypes: () => ({}),
		},
	});
	return { node: workflow.getNode(node.name) ?? node, workflow };
}

function additional(data: object): IWorkflowExecuteAdditionalData {
	return data as unknown as IWorkflowExecuteAdditionalData;
}

/** What a node's execute() yields on its first output. */
export async function execute(
	type: INodeType,
	parameters: INodeParameters,
	rows: IDataObject[],
): Promise<INodeExecutionData[]> {
	return (await executeAll(type, parameters, rows))[0] ?? [];
}

/** Runs a node's execute() in n8n-core's own context. */
export async function executeAll(
	type: INodeType,
	parameters: INodeParameters,
	rows: IDataObject[],
): Promise<INodeExecutionData[][]> {
	const { node, workflow } = placed(type, parameters);
	const items = rows.map((json) => ({ json }));
	const input = { main: [items] };
	const run = {
		version: 1,
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: [],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	};
	const context = new ExecuteContext(
		workflow,
		node,
		additional({
			credentialsHelper: {},
			instanceBaseUrl: 'https://n8n.example.com/',
			executionId: '42',
		}),
		'manual',
		run as unknown as ConstructorParameters<typeof ExecuteContext>[4],
		0,
		items,
		input,
		{ data: input, node, source: null },
		[],
	);
	return (await type.execute?.call(context)) as INodeExecutionData[][];
}

/** Publishes a workflow that begins with the trigger. */
export async function activate(type: INodeType, parameters: INodeParameters): Promise<boolean> {
	const { node, workflow } = placed(type, parameters);
	const context = new HookContext(workflow, node, additional({}), 'trigger', 'activate');
	return (await type.webhookMethods?.default?.create.call(context)) ?? false;
}

export interface Answer {
	status: number;
	headers: IncomingMessage['headers'];
	body: string;
	/** What the node handed to n8n. */
	handed: IWebhookResponseData;
	/** What it logged. */
	log: string[];
}

export interface Setting {
	parameters?: INodeParameters;
	/** What reading the credential yields, or throws. */
	credential: () => object;
	/** As n8n resolved them. */
	protocol?: string;
	ip?: string | undefined;
}

/** Sends one real HTTP request to a webhook node that runs in n8n-core's own context. */
export async function knock(
	type: INodeType,
	{ parameters = {}, credential, ...connection }: Setting,
	headers: Record<string, string | string[]>,
	body: Buffer | string,
): Promise<Answer> {
	const log: string[] = [];
	let handed: IWebhookResponseData | undefined;
	let failure: unknown;
	const server = createServer((incoming, outgoing) => {
		const { node, workflow } = placed(type, parameters);
		const request = Object.assign(incoming, {
			protocol: 'https',
			ip: '203.0.113.7',
			rawBody: Buffer.from(body),
			...connection,
		});
		const response = Object.assign(outgoing, {
			status(code: number) {
				outgoing.statusCode = code;
				return response;
			},
			json(value: unknown) {
				outgoing.setHeader('content-type', 'application/json');
				outgoing.end(JSON.stringify(value));
			},
		});
		const context = new WebhookContext(
			workflow,
			node,
			additional({
				httpRequest: request,
				httpResponse: response,
				credentialsHelper: {
					isCredentialUsableByNode: () => true,
					getDecrypted: async () => credential(),
				},
			}),
			'webhook',
			{} as IWebhookData,
			[],
			null,
		);
		const { logger } = context;
		const levels = (['warn', 'error', 'info'] as const).map((level) =>
			jest
				.spyOn(logger, level)
				.mockImplementation((...[line]: unknown[]) => void log.push(String(line))),
		);
		Promise.resolve(type.webhook?.call(context))
			.then((result) => (handed = result))
			.catch((error: unknown) => (failure = error ?? new Error('it threw nothing')))
			.finally(() => {
				for (const level of levels) level.mockRestore();
				// n8n answers itself when the last node has run.
				if (!outgoing.writableEnded) outgoing.end();
			});
	});
	try {
		const answer = await send(server, headers, body);
		if (failure) throw failure;
		if (!handed) throw new Error('webhook() handed nothing on');
		return { ...answer, handed, log };
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

async function collect(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

async function send(
	server: Server,
	headers: Record<string, string | string[]>,
	body: Buffer | string,
): Promise<Pick<Answer, 'status' | 'headers' | 'body'>> {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return await new Promise((resolve, reject) => {
		const options = { port, host: '127.0.0.1', method: 'POST', path: '/', headers };
		const outgoing = httpRequest(options, (incoming) => {
			collect(incoming).then(
				(answer) =>
					resolve({
						status: incoming.statusCode ?? 0,
						headers: incoming.headers,
						body: answer.toString(),
					}),
				reject,
			);
		});
		outgoing.on('error', reject);
		outgoing.end(body);
	});
}
