/** PostgreSQL and Redis as processes of our own: own folders, own ports, loopback only. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
	chmodSync,
	chownSync,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

import { Unable } from './install.cjs';
import { freePort } from './port.cjs';

const run = promisify(execFile);
const PATIENCE_MS = 30_000;

export interface Service {
	port: number;
	password: string;
	pid: () => number | undefined;
	start: () => Promise<void>;
	stop: (signal?: NodeJS.Signals) => Promise<void>;
}

/** Where a program is: on the PATH, or where Debian keeps those of PostgreSQL, the newest first. */
export function program(name: string): string | null {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian) ? readdirSync(debian) : [];
	const folders = [
		...(process.env.PATH ?? '').split(delimiter),
		...versions
			.sort((a, b) => Number(b) - Number(a))
			.map((version) => join(debian, version, 'bin')),
	];
	const files = folders.filter(Boolean).map((folder) => join(folder, name));
	return files.find((file) => existsSync(file)) ?? null;
}

/** As whom PostgreSQL runs, which refuses to run as root. */
function notRoot(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	const users = readFileSync('/etc/passwd', 'utf8').split('\n');
	for (const name of ['postgres', 'nobody']) {
		const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
		if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Unable(
		'PostgreSQL does not run as root, and here is no user postgres or nobody. Run this as another user.',
	);
}

/** A new, empty PostgreSQL; its database and its user are both called postgres. */
export async function newPostgres(folder: string): Promise<Service> {
	const user = notRoot();
	const home = join(folder, 'postgres');
	const data = join(home, 'data');
	const passwordFile = join(home, 'password');
	const password = randomBytes(18).toString('hex');
	const port = await freePort();
	mkdirSync(home, { mode: 0o700 });
	writeFileSync(passwordFile, password, { mode: 0o600 });
	if (user.uid !== undefined && user.gid !== undefined) {
		chownSync(home, user.uid, user.gid);
		chownSync(passwordFile, user.uid, user.gid);
		// So that the other user gets through to its own folder.
		chmodSync(folder, 0o711);
	}
	const as = { ...user, cwd: home, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
	await run(
		needed('initdb'),
		['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-N'],
		as,
	).catch((error: Error & { stderr?: string }) => {
		throw new Unable(
			`PostgreSQL could not make its folder in ${home}: ${error.stderr ?? error.message}`,
		);
	});
	const settings = {
		listen_addresses: '127.0.0.1',
		port: String(port),
		unix_socket_directories: '',
		// Killed processes are tested, pulled plugs are not.
		fsync: 'off',
	};
	const service = serviceOf('PostgreSQL', port, password, 'SIGINT', {
		spawn: () => {
			const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
			const log = openSync(join(folder, 'postgres.log'), 'a');
			const stdio = ['ignore' as const, log, log];
			return spawn(needed('postgres'), ['-D', data, ...args], { ...as, stdio });
		},
		isUp: async () => {
			const asked = run(needed('pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-t', '1']);
			return await asked.then(
				() => true,
				() => false,
			);
		},
	});
	await service.start();
	return service;
}

/** A Redis that writes down what it was given, as in deploy/docker-compose.yml. */
export async function newRedis(folder: string): Promise<Service> {
	const home = join(folder, 'redis');
	const password = randomBytes(18).toString('hex');
	const port = await freePort();
	mkdirSync(home, { mode: 0o700 });
	const settings = [
		`port ${port}`,
		'bind 127.0.0.1',
		'appendonly yes',
		`dir ${JSON.stringify(home)}`,
		`requirepass ${password}`,
	];
	const file = join(home, 'redis.conf');
	writeFileSync(file, settings.join('\n'), { mode: 0o600 });
	const service = serviceOf('Redis', port, password, 'SIGTERM', {
		spawn: () => {
			const log = openSync(join(folder, 'redis.log'), 'a');
			return spawn(needed('redis-server'), [file], { stdio: ['ignore', log, log] });
		},
		isUp: async () => {
			const asked = `AUTH ${password}\r\nPING\r\n`;
			return (await answer(port, asked, '+PONG')) !== null;
		},
	});
	await service.start();
	return service;
}

function serviceOf(
	name: string,
	port: number,
	password: string,
	gently: NodeJS.Signals,
	how: { spawn: () => ChildProcess; isUp: () => Promise<boolean> },
): Service {
	let child: ChildProcess | null = null;
	return {
		port,
		password,
		pid: () => livingPid(child),
		start: async () => {
			child = how.spawn();
			endWithUs(child);
			const end = Date.now() + PATIENCE_MS;
			while (!(await how.isUp())) {
				if (!livingPid(child)) throw new Unable(`${name} ended while it was starting.`);
				if (Date.now() > end) throw new Unable(`${name} was not up after half a minute.`);
				await pause(50);
			}
		},
		stop: async (signal = gently) => {
			await ended(child, signal);
		},
	};
}

/** Of a process that runs; else undefined. */
export function livingPid(child: ChildProcess | null): number | undefined {
	const isRunning = child?.exitCode === null && child.signalCode === null;
	return isRunning ? child.pid : undefined;
}

/** Ends a process that runs, and at last by force. */
export async function ended(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
	if (!child || !livingPid(child)) return;
	const gone = new Promise((done) => child.once('exit', done));
	child.kill(signal);
	const late = pause(20_000, 'late', { ref: false });
	if ((await Promise.race([gone, late])) === 'late') child.kill('SIGKILL');
	await gone;
}

/** Leaves nothing behind, however we end: the pipe to the watcher closes with us. */
function endWithUs(child: ChildProcess): void {
	const watch = ['-c', 'read _; kill -INT "$0"', String(child.pid)];
	const watcher = spawn('sh', watch, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
	watcher.unref();
	(watcher.stdin as Socket).unref();
	child.once('exit', () => watcher.kill('SIGKILL'));
}

/** What a port answers, when it has the awaited word in it. */
async function answer(port: number, asked: string, awaited: string): Promise<string | null> {
	return await new Promise((done) => {
		const socket = createConnection({ host: '127.0.0.1', port });
		let heard = '';
		const end = (result: string | null) => {
			socket.destroy();
			done(result);
		};
		socket.setTimeout(1000, () => end(null));
		socket.on('error', () => end(null));
		socket.on('close', () => end(null));
		socket.on('data', (part) => {
			heard += part.toString();
			if (heard.includes(awaited)) end(heard);
		});
		socket.write(asked);
	});
}

function needed(name: string): string {
	const file = program(name);
	if (file === null) throw new Unable(`There is no ${name} here.`);
	return file;
}
