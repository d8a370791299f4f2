/** A real n8n on its own folder and ports, with our package and workflows in it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	cpSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import axios from 'axios';

import { Unable, type N8nInstallation } from './install.cjs';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '..', '..');
const PRELOAD = join(__dirname, 'preload.cjs');

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
	credentials: Credential[];
	env?: Record<string, string>;
}

export interface StartOptions {
	/** By how much its clock goes ahead. */
	offsetMs?: number;
	env?: Record<string, string>;
	waitUntilReady?: boolean;
}

export interface Instance {
	url: string;
	/** n8n's own log. */
	logFile: string;
	/** By how much its clock goes ahead. */
	offsetMs: () => number;
	/** How long its last start took until webhooks were registered. */
	startMs: () => number;
	/** Ends when webhooks are registered, unless told not to wait. */
	start: (options?: StartOptions) => Promise<void>;
	stop: (signal?: NodeJS.Signals) => Promise<void>;
	/** n8n's command line, while it is stopped. */
	command: (...args: string[]) => Promise<string>;
	isRunning: () => boolean;
}

/** Makes the folder ready: package, credentials and workflows, active. Does not start n8n yet. */
export async function prepareInstance(options: InstanceOptions): Promise<Instance> {
	const { installation, folder } = options;
	const home = join(folder, '.n8n');
	mkdirSync(home, { recursive: true });
	const port = options.port ? await claimed(options.port) : await freePort();
	const url = `http://127.0.0.1:${port}`;
	const logFile = join(folder, 'n8n.log');
	const keyFile = join(folder, 'encryption-key');
	writeFileSync(keyFile, readOr(keyFile) ?? randomBytes(24).toString('hex'), { mode: 0o600 });
	const env: NodeJS.ProcessEnv = {
		...process.env,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: readFileSync(keyFile, 'utf8'),
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		WEBHOOK_URL: `${url}/`,
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
		...options.env,
	};
	delete env.NODE_OPTIONS;

	let child: ChildProcess | null = null;
	let offset = 0;
	let startMs = 0;
	const instance: Instance = {
		url,
		logFile,
		offsetMs: () => offset,
		startMs: () => startMs,
		isRunning: () => child !== null && child.exitCode === null && child.signalCode === null,
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
		start: async ({ offsetMs = 0, env: extra = {}, waitUntilReady = true } = {}) => {
			offset = offsetMs;
			const log = openSync(logFile, 'a');
			child = spawn(installation.node, [installation.n8n, 'start'], {
				env: {
					...env,
					...extra,
					NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}`,
					N8N_CLOCK_OFFSET_MS: String(offset),
					// The default engine has a clock of its own, which cannot be put forward.
					...(offset === 0 ? {} : { N8N_EXPRESSION_ENGINE: 'legacy' }),
				},
				stdio: ['ignore', log, log],
			});
			if (!waitUntilReady) return;
			const started = Date.now();
			await ready(url, instance);
			startMs = Date.now() - started;
		},
		stop: async (signal = 'SIGTERM') => {
			const running = child;
			if (!running || !instance.isRunning()) return;
			const gone = new Promise((done) => running.once('exit', done));
			running.kill(signal);
			const late = pause(20_000, 'late', { ref: false });
			if ((await Promise.race([gone, late])) === 'late') running.kill('SIGKILL');
			await gone;
			child = null;
		},
	};
	// No n8n is left behind when we end, however we end.
	process.once('exit', () => child?.kill('SIGKILL'));

	await installPackage(home);
	await importInto(instance, folder, options.credentials);
	return instance;
}

/** As a user installs it: the packed tarball, not a link to this folder. */
async function installPackage(home: string): Promise<void> {
	const target = join(home, 'nodes', 'node_modules');
	const { name } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string };
	const packed = mkdtempSync(join(home, 'pack-'));
	const { stdout } = await run(
		'npm',
		['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', packed],
		{ cwd: ROOT, shell: process.platform === 'win32' },
	);
	const listed = JSON.parse(stdout) as
		Array<{ filename: string }> | Record<string, { filename: string }>;
	const [{ filename } = { filename: '' }] = Object.values(listed);
	await run('tar', ['-xzf', filename], { cwd: packed });
	mkdirSync(target, { recursive: true });
	rmSync(join(target, name), { recursive: true, force: true });
	cpSync(join(packed, 'package'), join(target, name), { recursive: true });
	rmSync(packed, { recursive: true, force: true });
	writeFileSync(
		join(home, 'nodes', 'package.json'),
		JSON.stringify({ private: true, dependencies: { [name]: '*' } }),
	);
}

async function importInto(
	instance: Instance,
	folder: string,
	credentials: Credential[],
): Promise<void> {
	const file = join(folder, 'credentials.json');
	writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 });
	await instance.command('import:credentials', `--input=${file}`);
	rmSync(file);
	const workflows = join(ROOT, 'workflows');
	await instance.command('import:workflow', '--separate', `--input=${workflows}`);
	for (const id of WORKFLOW_IDS) await instance.command('publish:workflow', `--id=${id}`);
}

/** The workflows in the order in which n8n lets them be published: whom another calls comes first. */
export const WORKFLOW_IDS = [
	'paymenterGrace',
	'paymenterOnError',
	'paymenterApply',
	'paymenterReconcile',
	'paymenterEvents',
	'paymenterOverride',
	'paymenterUndo',
];

async function ready(url: string, instance: Instance): Promise<void> {
	for (let second = 0; second < 120; second++) {
		if (!instance.isRunning()) {
			throw new Unable(`n8n ended while it was starting. Its log: ${instance.logFile}`);
		}
		const answer = await axios
			.get(`${url}/healthz/readiness`, { timeout: 2000, validateStatus: () => true })
			.catch(() => null);
		if (answer?.status === 200 && (await isListening(url))) return;
		await pause(500);
	}
	throw new Unable(`n8n was not ready after a minute. Its log: ${instance.logFile}`);
}

/** The trigger answers an unsigned request with 401 or 403; n8n, before it is there, with 200 or 404. */
async function isListening(url: string): Promise<boolean> {
	const answer = await axios
		.post(`${url}/webhook/paymenter`, {}, { timeout: 2000, validateStatus: () => true })
		.catch(() => null);
	return answer?.status === 403 || answer?.status === 401;
}

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as { port: number };
	await new Promise((done) => server.close(done));
	return port;
}

async function claimed(port: number): Promise<number> {
	const server = createServer();
	await new Promise<void>((done, fail) => {
		server.once('error', () =>
			fail(
				new Unable(
					`Port ${port} is in use. Stop what uses it, or choose another with N8N_PORT=5679 npm start.`,
				),
			),
		);
		server.listen(port, '127.0.0.1', done);
	});
	await new Promise((done) => server.close(done));
	return port;
}

function readOr(file: string): string | null {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return null;
	}
}
