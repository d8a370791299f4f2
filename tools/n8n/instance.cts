/** A real n8n on its own folder and ports, with our package and workflows in it. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import type { N8nInstallation } from './install.cjs';
import { claimed, freePort } from './port.cjs';
import { n8nProcess, type N8nProcess } from './process.cjs';
import { helpersOf, putUpQueue, type QueueMode } from './queue.cjs';
import type { Service } from './services.cjs';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '..', '..');
const WORKFLOWS = join(ROOT, 'workflows');

/** A setting of n8n; whoever starts us may have an n8n of their own. */
const SETTING = /^(N8N|DB|EXECUTIONS|QUEUE|WEBHOOK|NODES|CREDENTIALS|GENERIC|OFFLOAD)_|^E2E_TESTS$/;

export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !SETTING.test(name)));
}

/** Names a folder that was made ready before, for many n8n to start from: each command of n8n takes seconds. */
export const TEMPLATE = 'N8N_TEMPLATE';

export interface Credential {
	id: string;
	name: string;
	type: string;
	data: Record<string, string>;
}

export interface InstanceOptions {
	installation: N8nInstallation;
	/** Its home; made if missing. */
	folder: string;
	/** 0: any free one. */
	port?: number;
	credentials: Array<Omit<Credential, 'data'>>;
	env?: Record<string, string>;
	/** Left out: one process with SQLite. */
	queueMode?: QueueMode;
	/** Whether it serves the editor to a browser; without, it starts in two thirds of the time. */
	ui?: boolean;
}

export interface StartOptions {
	/** By how much its clock goes ahead. */
	offsetMs?: number;
	env?: Record<string, string>;
	/** What it waits for: that webhooks are registered (left out), that n8n is up, or nothing. */
	until?: 'webhooks' | 'up' | 'spawned';
}

export interface Instance {
	url: string;
	/** Where webhooks are sent: the same, or a process of queue mode that does nothing else. */
	webhookUrl: string;
	/** n8n's own log. */
	logFile: string;
	/** By how much its clock goes ahead. */
	offsetMs: () => number;
	/** What time it is for it. */
	now: () => Date;
	/** How long its last start took until webhooks were registered. */
	startMs: () => number;
	start: (options?: StartOptions) => Promise<void>;
	/** Ends when webhooks are registered. */
	ready: () => Promise<void>;
	stop: (signal?: NodeJS.Signals) => Promise<void>;
	/** Starts it anew, so much later. */
	later: (ms: number) => Promise<void>;
	/** Stops it, and what it stands on. */
	close: () => Promise<void>;
	/** n8n's command line, while it is stopped. */
	command: (...args: string[]) => Promise<string>;
	/** Whether webhooks are registered, as of a start that waited for it. */
	isReady: () => boolean;
	/** `main`, and in queue mode `worker 1`, `webhook 1` and so on; those that run. */
	processes: () => Array<{ name: string; pid: number }>;
	/** Ends one of them as a crash does. */
	kill: (name: string) => Promise<void>;
	/** Starts those that have ended, as Docker does. */
	revive: () => Promise<string[]>;
	/** Queue mode only. */
	redis: Service | null;
}

/** Makes the folder ready: package, workflows, and credentials with nothing in them. Does not start n8n yet. */
export async function prepareInstance(options: InstanceOptions): Promise<Instance> {
	const { installation, folder } = options;
	const home = join(folder, '.n8n');
	mkdirSync(home, { recursive: true });
	const port = options.port ? await claimed(options.port, 'N8N_PORT') : await freePort();
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(folder, 'n8n.log');
	const keyFile = join(folder, 'encryption-key');
	const template = options.queueMode ? undefined : process.env[TEMPLATE];
	if (template) cpSync(template, folder, { recursive: true });
	writeFileSync(keyFile, readOr(keyFile) ?? randomBytes(24).toString('hex'), { mode: 0o600 });
	const queue = options.queueMode ? await putUpQueue(folder) : null;
	const helpers = options.queueMode ? await helpersOf(options.queueMode, folder) : [];
	const webhookUrl = helpers.find(({ kind }) => kind === 'webhook')?.url ?? url;
	const env: NodeJS.ProcessEnv = {
		...withoutSettings(process.env),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: readFileSync(keyFile, 'utf8'),
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		WEBHOOK_URL: `${webhookUrl}/`,
		N8N_EDITOR_BASE_URL: url,
		// As behind a proxy that ends TLS: x-forwarded-proto of one hop is believed.
		N8N_PROXY_HOPS: '1',
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_LOG_LEVEL: 'warn',
		// As `deploy/` sets it: an isolate for expressions only where there is one to evaluate.
		N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true',
		// As well: n8n reads no larger bodies, from whomever they come.
		N8N_PAYLOAD_SIZE_MAX: '2',
		N8N_FORMDATA_FILE_SIZE_MAX: '2',
		N8N_DISABLE_UI: String(!options.ui),
		...queue?.env,
		...options.env,
	};
	delete env.NODE_OPTIONS;

	const main = { kind: 'main' as const, name: 'main', args: ['start'], url, logFile, env: {} };
	const crew = [main, ...helpers].map((role) => n8nProcess(installation, role));
	let offset = 0;
	let started = 0;
	let startMs = 0;
	let isReady = false;
	let startEnv: NodeJS.ProcessEnv = env;
	const allReady = async (those: N8nProcess[], webhooks: boolean) => {
		await Promise.all(those.map(async (one) => await one.ready(webhooks)));
	};
	const instance: Instance = {
		url,
		webhookUrl,
		logFile,
		offsetMs: () => offset,
		now: () => new Date(Date.now() + offset),
		startMs: () => startMs,
		isReady: () => isReady && crew[0]?.pid() !== undefined,
		processes: () =>
			crew.flatMap((one) => {
				const pid = one.pid();
				return pid === undefined ? [] : [{ name: one.name, pid }];
			}),
		redis: queue?.redis ?? null,
		command: async (...args) => {
			const { stdout } = await run(installation.node, [installation.n8n, ...args], {
				env,
				maxBuffer: 64e6,
			}).catch((error: Error & { stdout?: string; stderr?: string }) => {
				throw new Error(
					`n8n ${args.join(' ')} failed: ${error.stderr ?? error.message}\n${error.stdout ?? ''}`,
				);
			});
			return stdout;
		},
		start: async ({ offsetMs = 0, env: extra = {}, until = 'webhooks' } = {}) => {
			offset = offsetMs;
			isReady = false;
			startEnv = {
				...env,
				...extra,
				N8N_CLOCK_OFFSET_MS: String(offset),
				// The default engine has a clock of its own, which cannot be put forward.
				...(offset === 0 ? {} : { N8N_EXPRESSION_ENGINE: 'legacy' }),
			};
			started = Date.now();
			for (const one of crew) one.start(startEnv);
			if (until === 'up') await allReady(crew, false);
			if (until === 'webhooks') await instance.ready();
		},
		ready: async () => {
			await allReady(crew, true);
			isReady = true;
			startMs = Date.now() - started;
		},
		stop: async (signal = 'SIGTERM') => {
			isReady = false;
			await Promise.all(crew.map(async (one) => await one.stop(signal)));
		},
		later: async (ms) => {
			await instance.stop();
			await instance.start({ offsetMs: offset + ms });
		},
		kill: async (name) => {
			const one = crew.find((each) => each.name === name);
			if (!one) throw new Error(`No process of n8n is called ${name}`);
			await one.stop('SIGKILL');
		},
		revive: async () => {
			const dead = crew.filter((one) => one.pid() === undefined);
			for (const one of dead) one.start(startEnv);
			await allReady(dead, true);
			return dead.map(({ name }) => name);
		},
		close: async () => {
			await instance.stop();
			await queue?.close();
		},
	};
	// No n8n is left behind when we end, however we end.
	process.once('exit', () => {
		for (const one of crew) void one.stop('SIGKILL');
	});

	try {
		if (!template) {
			await installPackage(home);
			await importCredentials(instance, folder, options.credentials);
			await importWorkflows(instance);
		}
	} catch (error) {
		await queue?.close();
		throw error;
	}
	return instance;
}

/** As the README says to install it: the packed tarball, by npm, into n8n's folder of nodes. */
async function installPackage(home: string): Promise<void> {
	const nodes = join(home, 'nodes');
	mkdirSync(nodes, { recursive: true });
	const npm = async (cwd: string, ...args: string[]) =>
		await run('npm', [...args, '--ignore-scripts', '--loglevel=error'], {
			cwd,
			shell: process.platform === 'win32',
		});
	const { stdout } = await npm(ROOT, 'pack', '--json', '--pack-destination', nodes);
	// One list, or by name: npm's versions differ.
	const told = JSON.parse(stdout) as Record<string, { filename: string }>;
	const [{ filename } = { filename: '' }] = Object.values(told);
	await npm(nodes, 'install', '--legacy-peer-deps', '--offline', '--no-audit', filename);
}

async function importCredentials(
	instance: Instance,
	folder: string,
	credentials: InstanceOptions['credentials'],
): Promise<void> {
	const file = join(folder, 'credentials.json');
	writeFileSync(file, JSON.stringify(credentials.map((one) => ({ ...one, data: {} }))));
	await instance.command('import:credentials', `--input=${file}`);
	rmSync(file);
}

/** n8n links the credentials that the workflows name. */
async function importWorkflows(instance: Instance): Promise<void> {
	await instance.command('import:workflow', '--separate', `--input=${WORKFLOWS}`);
}

/** The workflows in the order in which n8n lets them be published: whom another calls comes first. */
/** In the order in which they are published; Access Changed only where it is used. */
export const WORKFLOW_IDS = [
	'paymenterOnError',
	'paymenterTierPlan',
	'paymenterGrace',
	'paymenterApply',
	'paymenterAccessChanged',
	'paymenterDue',
	'paymenterEvents',
	'paymenterReconcile',
	'paymenterOverride',
];

function readOr(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}
