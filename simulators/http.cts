import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { isExecuted, takeFault, type Fault } from './faults.cjs';
import type { Answer } from './panel/errors.cjs';
import type { PanelRequest as Request } from './panel/pipeline.cjs';
import type { RecordedCall } from './panel/state.cjs';

/** A server on 127.0.0.1 that can be told to fail. */
export interface Listener {
	url: string;
	close(): Promise<void>;
}

/** Ends with the server at the latest. */
export type Sleep = (ms: number) => Promise<void>;

/** What is behind it. */
export interface Served {
	answer(request: Request, sleep: Sleep): Answer | Promise<Answer>;
	/** The answer with the fault in it; faults of the connection leave it as it is. */
	spoil(fault: Fault, request: Request, answer: Answer | undefined): Answer;
	/** What tests do to it in-process, and over HTTP by `POST /_control/NAME` with a list of arguments. */
	hands(): object;
	faults(): Fault[];
	/** Every call but those to the control API. */
	calls(): RecordedCall[];
}

async function read(incoming: IncomingMessage): Promise<Request> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const headers = Object.entries(incoming.headers).map(([name, value]) => [
		name,
		Array.isArray(value) ? value.join(', ') : value,
	]);
	const body = Buffer.concat(chunks);
	return {
		method: incoming.method ?? 'GET',
		url: incoming.url ?? '/',
		headers: Object.fromEntries(headers) as Request['headers'],
		body: body.toString('utf8'),
		isUtf8: isUtf8(body),
		ip: incoming.socket.remoteAddress ?? '127.0.0.1',
	};
}

function send(response: ServerResponse, { status, headers, body }: Answer): number {
	const length = { 'content-length': String(Buffer.byteLength(body)) };
	response.writeHead(status, status === 204 ? headers : { ...headers, ...length });
	response.end(body);
	return status;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text === '' ? null : text;
	}
}

const CONTROL = '/_control/';
const drops = 10;

export async function listen(served: Served, port: number): Promise<Listener> {
	const timers = new Set<NodeJS.Timeout>();
	const sleep: Sleep = (ms) =>
		new Promise((resolve) => {
			if (ms <= 0) return resolve();
			const timer = setTimeout(() => {
				timers.delete(timer);
				resolve();
			}, ms);
			timers.add(timer);
		});

	async function control({ url, body }: Request): Promise<Answer> {
		const name = url.slice(CONTROL.length);
		const json = (status: number, content: unknown) => ({
			status,
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(content),
		});
		try {
			const hand: unknown = Object.entries(served.hands()).find(([one]) => one === name)?.[1];
			if (typeof hand !== 'function') return json(404, { error: `There is no "${name}"` });
			const input = body === '' ? [] : (JSON.parse(body) as unknown[]);
			const result = await (hand as (...input: unknown[]) => unknown)(...input);
			return json(200, result ?? { ok: true });
		} catch (error) {
			return json(400, { error: error instanceof Error ? error.message : String(error) });
		}
	}

	/** Gives the status that went out; 0 when the connection was cut or hangs. */
	async function fail(fault: Fault, request: Request, response: ServerResponse): Promise<number> {
		const { kind, ms = 3000 } = fault;
		if (kind === 'slow') await sleep(ms);
		const real = isExecuted(fault) ? await served.answer(request, sleep) : undefined;
		const spoilt = served.spoil(fault, request, real);
		const { status, headers, body } = spoilt;
		if (kind === 'hang') return 0;
		if (kind === 'refuse' || kind === 'reset-after') {
			if (fault.mid) {
				const length = String(Buffer.byteLength(body));
				response.writeHead(status, { ...headers, 'content-length': length });
				response.write(body.slice(0, Math.floor(body.length / 2)));
				await sleep(20);
			}
			response.destroy();
			return 0;
		}
		if (kind !== 'drip') return send(response, spoilt);
		const size = Math.max(1, Math.ceil(body.length / drops));
		response.writeHead(status, headers);
		for (let at = 0; at < body.length; at += size) {
			response.write(body.slice(at, at + size));
			await sleep(ms / drops);
		}
		response.end();
		return status;
	}

	async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = await read(incoming);
		if (request.url.startsWith(CONTROL)) {
			send(response, await control(request));
			return;
		}
		const { method, url } = request;
		const at = Date.now();
		const body = parsed(request.body);
		const call: RecordedCall = { method, path: url, status: 0, ms: 0, at, body };
		served.calls().push(call);
		const fault = takeFault(served.faults(), method, url);
		if (fault) {
			call.fault = fault.kind;
			call.status = await fail(fault, request, response);
		} else {
			call.status = send(response, await served.answer(request, sleep));
		}
		call.ms = Date.now() - at;
	}

	const server = createServer((incoming, response) => {
		serve(incoming, response).catch((error: unknown) => {
			// A client that hung up is its own business; anything else is a mistake in the simulator.
			if (incoming.errored || response.destroyed) return;
			const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
			send(response, {
				status: 599,
				headers: { 'content-type': 'text/plain' },
				body: `The simulator failed: ${detail}`,
			});
		});
	});
	server.keepAliveTimeout = 60_000;
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve());
	});
	const { port: taken } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${taken}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
				timers.forEach(clearTimeout);
			}),
	};
}
