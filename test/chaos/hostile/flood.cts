/** Very many requests at once, over connections that are kept. */
import { Agent, request } from 'node:http';

import type { Header } from './wire.cjs';

export interface Drop {
	headers: Header[];
	body: string;
	/** What it must be answered. */
	status: number;
}

/** Sends so many, 20 at a time; returns how often each status came, and those that were unexpected. */
export async function flood(
	url: string,
	total: number,
	next: (index: number) => Drop,
	after: (done: number) => void = () => undefined,
): Promise<{ statuses: Record<string, number>; unexpected: string[] }> {
	const agent = new Agent({ keepAlive: true, maxSockets: 20 });
	const statuses: Record<string, number> = {};
	const unexpected: string[] = [];
	let sent = 0;
	const work = async () => {
		while (sent < total) {
			const index = sent++;
			const drop = next(index);
			const status = await post(url, agent, drop).catch((error: Error) => error.message);
			statuses[status] = (statuses[status] ?? 0) + 1;
			if (status !== drop.status) unexpected.push(`${status} for ${drop.status}`);
			after(index + 1);
		}
	};
	await Promise.all(Array.from({ length: 20 }, work));
	agent.destroy();
	return { statuses, unexpected };
}

async function post(url: string, agent: Agent, { headers, body }: Drop): Promise<number> {
	return await new Promise((done, fail) => {
		const options = {
			method: 'POST',
			agent,
			headers: Object.fromEntries(headers),
			timeout: 60_000,
		};
		const sending = request(url, options, (answer) => {
			answer.resume().on('end', () => done(answer.statusCode ?? 0));
		});
		sending.on('error', fail).on('timeout', () => sending.destroy(new Error('no answer')));
		sending.end(body);
	});
}
