/** HTTP as bytes on a socket: what a well-behaved client would never send, and all that comes back. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Header = [name: string, value: string];

export interface Answer {
	status: number;
	headers: Record<string, string>;
	text: string;
	/** undefined where the body is no JSON. */
	json: Record<string, unknown> | undefined;
}

export interface Letter {
	method?: string;
	path: string;
	/** In this order, spelling and number. */
	headers: Header[];
	body?: Buffer | string;
}

/** A request as bytes. Neither `content-length` nor anything else is added, but the host. */
export function bytesOf({ method = 'POST', path, headers, body = '' }: Letter): Buffer {
	const lines = [
		`${method} ${path} HTTP/1.1`,
		'host: localhost',
		...headers.map(([name, value]) => `${name}: ${value}`),
	];
	return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

export const lengthOf = (body: Buffer | string): Header => [
	'content-length',
	String(Buffer.byteLength(body)),
];

/** The body in chunks, as `transfer-encoding: chunked` has them. */
export function chunked(body: Buffer | string, size = 65_536): Buffer {
	const bytes = Buffer.from(body);
	const parts: Buffer[] = [];
	for (let start = 0; start < bytes.length; start += size) {
		const chunk = bytes.subarray(start, start + size);
		parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
	}
	return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

export interface Patience {
	/** How many answers to wait for. */
	answers?: number;
	/** How long at most; what has come until then is returned. */
	ms?: number;
	/** Ends it sooner. */
	until?: Promise<unknown>;
	host?: string;
	/** Between two pieces. */
	pauseMs?: number;
}

/** Writes pieces to one connection and collects the answers, until enough came or it was closed. */
export async function exchange(
	port: number,
	pieces: Buffer[],
	{ answers = 1, ms = 60_000, until, host = '127.0.0.1', pauseMs = 0 }: Patience = {},
): Promise<Answer[]> {
	const socket = connect({ port, host });
	let received = Buffer.alloc(0);
	let isOpen = true;
	const ended = new Promise<void>((done) => {
		const end = () => {
			isOpen = false;
			done();
		};
		socket.on('data', (data) => {
			received = Buffer.concat([received, data]);
			if (answersIn(received).length >= answers) end();
		});
		// A server that has answered and closes may reset what is still being written.
		socket.on('error', end).on('close', end);
	});
	const write = async () => {
		for (const [index, piece] of pieces.entries()) {
			if (index > 0 && pauseMs > 0) await pause(pauseMs);
			if (!isOpen || socket.destroyed) return;
			socket.write(piece);
		}
	};
	const over = pause(ms, undefined, { ref: false });
	await Promise.race([Promise.all([write(), ended]), over, ...(until ? [until] : [])]);
	isOpen = false;
	socket.destroy();
	return answersIn(received);
}

function answersIn(received: Buffer): Answer[] {
	const found: Answer[] = [];
	let rest = received;
	for (;;) {
		const end = rest.indexOf('\r\n\r\n');
		if (end < 0) return found;
		const [first = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
		const headers = Object.fromEntries(
			lines.map((line) => {
				const colon = line.indexOf(':');
				return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
			}),
		);
		const start = end + 4;
		const body =
			headers['transfer-encoding'] === 'chunked'
				? dechunked(rest, start)
				: whole(rest, start, Number(headers['content-length'] ?? 0));
		if (!body) return found;
		found.push({
			status: Number(first.split(' ')[1]),
			headers,
			text: body.text,
			json: jsonOf(body.text),
		});
		rest = rest.subarray(body.end);
	}
}

/** A body and where it ends; undefined while a part of it is missing. */
type Body = { text: string; end: number } | undefined;

function whole(bytes: Buffer, start: number, length: number): Body {
	const end = start + length;
	return bytes.length < end ? undefined : { text: bytes.subarray(start, end).toString(), end };
}

function dechunked(bytes: Buffer, start: number): Body {
	let text = '';
	for (let at = start; ;) {
		const line = bytes.indexOf('\r\n', at);
		if (line < 0) return undefined;
		const chunk = whole(bytes, line + 2, parseInt(bytes.subarray(at, line).toString(), 16));
		if (!chunk || bytes.length < chunk.end + 2) return undefined;
		text += chunk.text;
		at = chunk.end + 2;
		if (chunk.text === '') return { text, end: at };
	}
}

function jsonOf(text: string): Record<string, unknown> | undefined {
	try {
		return JSON.parse(text) as Record<string, unknown>;
	} catch {
		return undefined;
	}
}
