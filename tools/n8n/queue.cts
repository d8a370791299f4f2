/** What queue mode needs beside n8n's main process: PostgreSQL, Redis, workers, webhook processes. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

import { Unable } from './install.cjs';
import { freePort } from './port.cjs';
import type { Role } from './process.cjs';
import { newPostgres, newRedis, program, type Service } from './services.cjs';

export interface QueueMode {
	workers: number;
	webhooks: number;
}

export interface Queue {
	redis: Service;
	env: Record<string, string>;
	close: () => Promise<void>;
}

/** What to install before queue mode can be tried; null: all is here. */
export function missingForQueueMode(): string | null {
	const missing = [
		...(program('redis-server') ? [] : ['Redis (redis-server)']),
		...(program('initdb') && program('postgres') ? [] : ['PostgreSQL (initdb, postgres)']),
	];
	if (missing.length === 0) return null;
	return `Queue mode needs ${missing.join(' and ')}. Debian/Ubuntu: apt install redis-server postgresql; macOS: brew install redis postgresql.`;
}

/** The settings are those of deploy/docker-compose.yml. */
export async function putUpQueue(folder: string): Promise<Queue> {
	const missing = missingForQueueMode();
	if (missing) throw new Unable(missing);
	const postgres = await newPostgres(folder);
	const redis = await newRedis(folder);
	return {
		redis,
		env: {
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'postgres',
			DB_POSTGRESDB_PASSWORD: postgres.password,
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			QUEUE_BULL_REDIS_PASSWORD: redis.password,
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		},
		close: async () => {
			await redis.stop();
			await postgres.stop();
		},
	};
}

/** Workers and webhook processes: each with its own home and ports, and the package of main. */
export async function helpersOf({ workers, webhooks }: QueueMode, folder: string): Promise<Role[]> {
	const roles: Role[] = [];
	const add = async (kind: 'worker' | 'webhook', number: number, args: string[]) => {
		const name = `${kind} ${number}`;
		const home = join(folder, `${kind}-${number}`);
		mkdirSync(join(home, '.n8n'), { recursive: true });
		symlinkSync(join(folder, '.n8n', 'nodes'), join(home, '.n8n', 'nodes'));
		const port = String(await freePort());
		const env = {
			N8N_USER_FOLDER: home,
			N8N_CONTAINER_NAME: `${kind}-${number}`,
			N8N_PORT: port,
			QUEUE_HEALTH_CHECK_PORT: port,
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		};
		const url = `http://127.0.0.1:${port}`;
		roles.push({ kind, name, args, url, logFile: join(folder, `${kind}-${number}.log`), env });
	};
	for (let one = 1; one <= workers; one++) await add('worker', one, ['worker', '--concurrency=10']);
	for (let one = 1; one <= webhooks; one++) await add('webhook', one, ['webhook']);
	return roles;
}
