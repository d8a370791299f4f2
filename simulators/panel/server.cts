import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Control, Controlled } from './control.cjs';
import { createControl, runWire } from './control.cjs';
import type { Answer } from './errors.cjs';
import type { Fault } from './faults.cjs';
import { isExecuted, spoil, takeFault } from './faults.cjs';
import type { Latency } from './latency.cjs';
import type { PanelRequest } from './pipeline.cjs';
import { answer } from './pipeline.cjs';
import type { Seed } from './seed.cjs';
import { seedPanel } from './seed.cjs';
import type { PanelState, RecordedCall } from './state.cjs';
import { now } from './state.cjs';
import type { RateLimits } from './throttle.cjs';
import { panelDefaults } from './throttle.cjs';

export interface PanelOptions extends Seed {
	/** 0 or left out: any free port. */
	port?: number;
	/** Calls a minute; false: no limits. Default 240 and 720, as the panel. */
	rateLimits?: Partial<RateLimits> | false;
	/** `measured`: every call takes the median of TIMINGS.json. */
	latency?: Latency;
}

export interface Panel {
	/** `http://127.0.0.1:PORT` */
	url: string;
	/** `ptla_…` of the admin, with every right. */
	applicationKey: string;
	/** `ptlc_…` of the admin. */
	accountKey: string;
	/** The panel's database; `control.reset` replaces it. */
	readonly state: PanelState;
	control: Control;
	/** Every call to the panel since the start, those of the control API not counted. */
	calls(): RecordedCall[];
	close(): Promise<void>;
}

async function readAll(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks).toString('utf8');
}

const flat = (headers: IncomingMessage['headers']): Record<string, string | undefined> =>
	Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.join(', ') : value,
		]),
	);

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
};

function send(response: ServerResponse, { status, headers, body }: Answer): void {
	const length = { 'content-length': String(Buffer.byteLength(body)) };
	response.writeHead(status, status === 204 ? headers : { ...headers, ...length });
	response.end(body);
}

const drops = 10;

/**
 * Starts a simulated panel on 127.0.0.1. Rejects when the port is busy. It has the calls that this
 * package could use: users, servers, subusers, account, command, power, resources, and reading of
 * nodes, locations, nests and eggs. Other routes of a panel (files, backups, databases, making
 * nodes …) are unknown to it.
 */
export async function startPanel(options: PanelOptions = {}): Promise<Panel> {
	const { port = 0, rateLimits = {}, latency = 'none', ...seed } = options;
	const state = seedPanel(seed);
	const [applicationKey = '', accountKey = ''] = state.keys.map((key) => key.token);
	const controlled: Controlled = {
		state,
		limits: rateLimits ? { ...panelDefaults, ...rateLimits } : { application: null, client: null },
		latency,
		faults: [],
		seed: { ...seed, applicationKey, accountKey },
	};
	const control = createControl(controlled);

	const timers = new Set<NodeJS.Timeout>();
	const sleep = (ms: number): Promise<void> =>
		new Promise((resolve) => {
			if (ms <= 0) return resolve();
			const timer = setTimeout(() => {
				timers.delete(timer);
				resolve();
			}, ms);
			timers.add(timer);
		});

	async function serveControl(request: PanelRequest, response: ServerResponse): Promise<void> {
		const name = request.url.slice('/_control/'.length).split('?')[0] ?? '';
		const json = (status: number, body: unknown) =>
			send(response, {
				status,
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
		try {
			const input: unknown = request.body === '' ? {} : JSON.parse(request.body);
			const done = runWire(control, controlled.state, request.method, name, input);
			if (done) json(200, done.result);
			else json(404, { error: `There is no ${request.method} /_control/${name}` });
		} catch (error) {
			json(400, { error: error instanceof Error ? error.message : String(error) });
		}
	}

	/** Gives the status that went out; 0 when the connection was cut or hangs. */
	async function serveFault(
		fault: Fault,
		request: PanelRequest,
		response: ServerResponse,
	): Promise<number> {
		if (fault.kind === 'slow') await sleep(fault.ms ?? 3000);
		const real = isExecuted(fault) ? await answer({ ...controlled, sleep }, request) : undefined;
		const host = request.headers.host ?? '127.0.0.1';
		const spoilt = spoil(fault, real, host, now(controlled.state));
		switch (fault.kind) {
			case 'hang':
				return 0;
			case 'refuse':
				response.destroy();
				return 0;
			case 'reset-after':
				if (fault.mid) {
					const length = String(Buffer.byteLength(spoilt.body));
					response.writeHead(spoilt.status, { ...spoilt.headers, 'content-length': length });
					response.write(spoilt.body.slice(0, Math.floor(spoilt.body.length / 2)));
					await sleep(20);
				}
				response.destroy();
				return 0;
			case 'drip': {
				const size = Math.max(1, Math.ceil(spoilt.body.length / drops));
				response.writeHead(spoilt.status, spoilt.headers);
				for (let at = 0; at < spoilt.body.length; at += size) {
					response.write(spoilt.body.slice(at, at + size));
					await sleep((fault.ms ?? 3000) / drops);
				}
				response.end();
				return spoilt.status;
			}
			default:
				send(response, spoilt);
				return spoilt.status;
		}
	}

	async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request: PanelRequest = {
			method: incoming.method ?? 'GET',
			url: incoming.url ?? '/',
			headers: flat(incoming.headers),
			body: await readAll(incoming),
			ip: incoming.socket.remoteAddress ?? '127.0.0.1',
		};
		if (request.url.startsWith('/_control/')) return serveControl(request, response);
		const at = Date.now();
		const call: RecordedCall = {
			method: request.method,
			path: request.url,
			status: 0,
			ms: 0,
			at,
			body: request.body === '' ? null : parsed(request.body),
		};
		controlled.state.calls.push(call);
		const fault = takeFault(controlled.faults, request.method, request.url);
		if (fault) {
			call.fault = fault.kind;
			call.status = await serveFault(fault, request, response);
		} else {
			const result = await answer({ ...controlled, sleep }, request);
			call.status = result.status;
			send(response, result);
		}
		call.ms = Date.now() - at;
		return undefined;
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
		applicationKey,
		accountKey,
		get state() {
			return controlled.state;
		},
		control,
		calls: () => controlled.state.calls,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
				timers.forEach(clearTimeout);
			}),
	};
}
