/** One process of n8n: main, or in queue mode a worker, or one that only takes webhooks. */
import { spawn, type ChildProcess } from 'node:child_process';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import axios from 'axios';

import { Unable, type N8nInstallation } from './install.cjs';
import { ended, livingPid } from './services.cjs';

const PRELOAD = join(__dirname, 'preload.cjs');
/** It takes ten seconds, and minutes where much else is started on two slow cores. */
const PATIENCE_MS = 300_000;

export interface Role {
	kind: 'main' | 'worker' | 'webhook';
	name: string;
	/** n8n's command and its arguments. */
	args: string[];
	/** Where it says whether it is ready. */
	url: string;
	logFile: string;
	/** What it has other than the rest. */
	env: NodeJS.ProcessEnv;
}

export interface N8nProcess {
	name: string;
	/** None when it does not run. */
	pid: () => number | undefined;
	start: (env: NodeJS.ProcessEnv) => void;
	/** Ends when it is ready; with `webhooks`, when it has these too. */
	ready: (webhooks: boolean) => Promise<void>;
	stop: (signal: NodeJS.Signals) => Promise<void>;
}

export function n8nProcess({ node, n8n }: N8nInstallation, role: Role): N8nProcess {
	const { name, args, url, logFile } = role;
	let child: ChildProcess | null = null;
	const isReady = async (webhooks: boolean) =>
		(await statusOf('get', `${url}/healthz/readiness`)) === 200 &&
		(role.kind === 'worker' || !webhooks || (await isListening(url)));
	return {
		name,
		pid: () => livingPid(child),
		start: (env) => {
			const log = openSync(logFile, 'a');
			child = spawn(node, [n8n, ...args], {
				env: { ...env, ...role.env, NODE_OPTIONS: `--require ${JSON.stringify(PRELOAD)}` },
				stdio: ['ignore', log, log],
			});
		},
		ready: async (webhooks) => {
			const end = Date.now() + PATIENCE_MS;
			while (Date.now() < end) {
				if (!livingPid(child)) {
					throw new Unable(`n8n ended while it was starting. Its log: ${logFile}`);
				}
				if (await isReady(webhooks)) return;
				await pause(250);
			}
			throw new Unable(
				`n8n was not ready after ${PATIENCE_MS / 60_000} minutes. Its log: ${logFile}`,
			);
		},
		stop: async (signal) => await ended(child, signal),
	};
}

/** The trigger answers an unsigned request with 401 or 403; n8n, before it is there, with 200 or 404. */
async function isListening(url: string): Promise<boolean> {
	return [401, 403].includes((await statusOf('post', `${url}/webhook/paymenter`)) ?? 0);
}

async function statusOf(method: 'get' | 'post', url: string): Promise<number | undefined> {
	const answer = await axios
		.request({
			method,
			url,
			...(method === 'post' ? { data: {} } : {}),
			timeout: 2000,
			validateStatus: () => true,
		})
		.catch(() => null);
	return answer?.status;
}
