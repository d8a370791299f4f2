/** n8n's editor API: the owner's login, tables and executions, as the browser sees them. */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import axios, { type AxiosInstance } from 'axios';

import { WORKFLOW_IDS, type Credential } from './instance.cjs';

export interface Login {
	email: string;
	password: string;
}

export type TableRow = Record<string, string | number | null>;

export interface Execution {
	id: string;
	workflowId: string;
	status: string;
	waitTill: string | null;
}

export interface Editor {
	login: Login;
	/** All rows of a Data Table, or the newest so many; none where there is no such table yet. */
	rows: (table: string, newest?: number) => Promise<TableRow[]>;
	insert: (table: string, row: TableRow) => Promise<void>;
	renameTable: (table: string, name: string) => Promise<void>;
	executions: (filter?: { workflowId?: string; status?: string[] }) => Promise<Execution[]>;
	/** Executes a workflow by hand, from one of its triggers, until it has ended. */
	run: (workflowId: string, trigger: string) => Promise<Execution>;
	/** Enters what a credential is to hold. */
	fillIn: (credential: Credential) => Promise<void>;
	publish: (workflowId: string) => Promise<void>;
	unpublish: (workflowId: string) => Promise<void>;
	/** Changes the nodes of a workflow, or what follows them, and publishes it if it can be. */
	edit: (
		workflowId: string,
		change: (nodes: WorkflowNode[], connections: Connections) => void,
	) => Promise<void>;
	api: AxiosInstance;
}

export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	disabled?: boolean;
	credentials?: Record<string, { id: string; name: string }>;
	[more: string]: unknown;
}

interface Link {
	node: string;
	type: string;
	index: number;
}

/** By the name of a node: for each of its outputs, which nodes follow. */
export type Connections = Record<string, { main: Link[][] }>;

const PAGE = 100;
const LONGEST_RUN_MS = 1_800_000;

/** Makes the owner of a new n8n, or logs in where there is one. */
export async function openEditor(url: string, known?: Login): Promise<Editor> {
	const login = known ?? {
		email: 'owner@example.com',
		password: `Aa1${randomBytes(9).toString('base64url')}`,
	};
	// The session is bound to a browser's id.
	const headers = { 'browser-id': 'n8n-nodes-paymenter-pterodactyl' };
	// A connection that is kept is closed under our hands where n8n is busy for seconds.
	const httpAgent = new Agent({ keepAlive: false });
	const api = axios.create({ baseURL: `${url}/rest`, timeout: 60_000, headers, httpAgent });
	const answer = known
		? await api.post('/login', { emailOrLdapLoginId: login.email, password: login.password })
		: await api.post('/owner/setup', { ...login, firstName: 'Olivia', lastName: 'Owner' });
	const cookie = (answer.headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
	api.defaults.headers.common.Cookie = cookie;
	const project = (await api.get<{ data: { id: string } }>('/projects/personal')).data.data.id;

	const tableId = async (table: string): Promise<string | undefined> => {
		const answer = await api.get<{ data: { data: Array<{ id: string; name: string }> } }>(
			`/projects/${project}/data-tables`,
		);
		return answer.data.data.data.find(({ name }) => name === table)?.id;
	};
	const executions: Editor['executions'] = async (filter = {}) => {
		const { results } = (
			await api.get<{ data: { results: Execution[] } }>('/executions', {
				params: { filter: JSON.stringify(filter), limit: 100 },
			})
		).data.data;
		return results;
	};

	const activate = async (workflowId: string, versionId: string) => {
		await api.post(`/workflows/${workflowId}/activate`, { versionId });
	};

	return {
		login,
		api,
		executions,
		fillIn: async ({ id, ...credential }) => {
			await api.patch(`/credentials/${id}`, credential);
		},
		publish: async (workflowId) => {
			const { versionId } = (
				await api.get<{ data: { versionId: string } }>(`/workflows/${workflowId}`)
			).data.data;
			await activate(workflowId, versionId);
		},
		unpublish: async (workflowId) => {
			await api.post(`/workflows/${workflowId}/deactivate`);
		},
		run: async (workflowId, trigger) => {
			const answer = await api.post<{ data: { executionId: string } }>(
				`/workflows/${workflowId}/run`,
				{ triggerToStartFrom: { name: trigger } },
			);
			const { executionId } = answer.data.data;
			for (let wait = 0; wait < LONGEST_RUN_MS; wait += 250) {
				const execution = (await executions({ workflowId })).find(({ id }) => id === executionId);
				if (execution && !['new', 'running'].includes(execution.status)) return execution;
				await pause(250);
			}
			throw new Error(`Execution ${executionId} of ${workflowId} did not end`);
		},
		edit: async (workflowId, change) => {
			const { nodes, connections } = (
				await api.get<{ data: { nodes: WorkflowNode[]; connections: Connections } }>(
					`/workflows/${workflowId}`,
				)
			).data.data;
			change(nodes, connections);
			const saved = await api.patch<{ data: { versionId: string } }>(`/workflows/${workflowId}`, {
				nodes,
				connections,
			});
			const { versionId } = saved.data.data;
			if (WORKFLOW_IDS.includes(workflowId)) await activate(workflowId, versionId);
		},
		insert: async (table, row) => {
			const id = await tableId(table);
			const path = `/projects/${project}/data-tables/${id}/insert`;
			await api.post(path, { data: [row], returnType: 'count' });
		},
		renameTable: async (table, name) => {
			const id = await tableId(table);
			await api.patch(`/projects/${project}/data-tables/${id}`, { name });
		},
		rows: async (table, newest) => {
			const id = await tableId(table);
			if (!id) return [];
			const sortBy = newest ? 'id:desc' : 'id:asc';
			const all: TableRow[] = [];
			for (let skip = 0; skip < (newest ?? Infinity); skip += PAGE) {
				const { data: page } = (
					await api.get<{ data: { data: TableRow[] } }>(
						`/projects/${project}/data-tables/${id}/rows`,
						{ params: { take: PAGE, skip, sortBy } },
					)
				).data.data;
				all.push(...page);
				if (page.length < PAGE) break;
			}
			return all.slice(0, newest);
		},
	};
}

/** The editor for as long as `state` is the same, then another; one that could not be opened is tried again. */
export function reopened(
	first: Editor,
	state: () => number,
	open: () => Promise<Editor>,
): () => Promise<Editor> {
	let opened = { state: state(), editor: Promise.resolve(first) };
	return async () => {
		if (opened.state !== state()) {
			const mine = { state: state(), editor: open() };
			opened = mine;
			// NaN is no state: the next one opens anew.
			mine.editor.catch(() => (mine.state = NaN));
		}
		return await opened.editor;
	};
}
