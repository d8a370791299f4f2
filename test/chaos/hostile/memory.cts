/** The memory of the process that listens on a port, where the system tells (Linux). */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const read = (look: () => string): string => {
	try {
		return look();
	} catch {
		return '';
	}
};

const directory = (path: string): string[] => {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
};

/** The process that listens on a local port; undefined where that cannot be seen. */
export function listenerOf(port: number): number | undefined {
	const hex = port.toString(16).toUpperCase().padStart(4, '0');
	const sockets = ['/proc/net/tcp', '/proc/net/tcp6']
		.flatMap((table) => read(() => readFileSync(table, 'utf8')).split('\n'))
		.map((line) => line.trim().split(/\s+/))
		// 0A: it listens.
		.filter(([, local = '', , state]) => local.endsWith(`:${hex}`) && state === '0A')
		.map((columns) => `socket:[${columns[9]}]`);
	const owner = directory('/proc')
		.filter((name) => /^\d+$/.test(name))
		.find((pid) =>
			directory(`/proc/${pid}/fd`).some((fd) =>
				sockets.includes(read(() => readlinkSync(`/proc/${pid}/fd/${fd}`))),
			),
		);
	return owner === undefined ? undefined : Number(owner);
}

/** In MiB. */
export function memoryOf(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8');
	return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1024);
}
