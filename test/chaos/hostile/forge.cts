/** Requests to the trigger: genuine ones, and what can be done to them. */
import { sign } from '../../../nodes/PaymenterTrigger/webhook/signature';
import { bytesOf, lengthOf, type Header, type Letter } from './wire.cjs';

export const PATH = '/webhook/paymenter';

export interface Genuine {
	secret: string;
	body: Buffer | string;
	id?: string;
	/** In seconds. */
	at?: number;
}

export const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The headers of a genuine request, as a proxy that ends TLS hands them on. */
export function genuine({
	secret,
	body,
	id = 'evt_hostile',
	at = nowSeconds(),
}: Genuine): Header[] {
	return [
		['content-type', 'application/json'],
		['x-forwarded-proto', 'https'],
		['webhook-id', id],
		['webhook-timestamp', String(at)],
		['webhook-signature', sign(secret, id, at, body)],
	];
}

export function request(body: Buffer | string, headers: Header[], more: Partial<Letter> = {}) {
	return bytesOf({ path: PATH, body, headers: [...headers, lengthOf(body)], ...more });
}

/** What is done to the headers of a genuine request. */
export type Forgery = (headers: Header[]) => Header[];

export const without =
	(name: string): Forgery =>
	(headers) =>
		headers.filter(([is]) => is !== name);

export const replaced =
	(name: string, change: (value: string) => string): Forgery =>
	(headers) =>
		headers.map(([is, value]) => [is, is === name ? change(value) : value]);

/** Two lines of one header; the second one as changed. */
export const doubled =
	(name: string, change: (value: string) => string = (value) => value): Forgery =>
	(headers) =>
		headers.flatMap(([is, value]): Header[] =>
			is === name
				? [
						[is, value],
						[is, change(value)],
					]
				: [[is, value]],
		);

export const added =
	(...more: Header[]): Forgery =>
	(headers) => [...headers, ...more];

/** The signature's own part: what follows `v1,`. */
export const resigned = (change: (mac: string) => string): Forgery =>
	replaced('webhook-signature', (value) => `v1,${change(value.slice('v1,'.length))}`);

const bytesIn = (mac: string) => Buffer.from(mac, 'base64');

const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

const ofEachHeader: Array<[string, Forgery]> = SIGNED.flatMap((name): Array<[string, Forgery]> => [
	[`without ${name}`, without(name)],
	[`with ${name} empty`, replaced(name, () => '')],
	[`with ${name} of spaces`, replaced(name, () => '   ')],
	[`with two lines of ${name}`, doubled(name)],
	[`with another second line of ${name}`, doubled(name, (value) => `${value}1`)],
	[`with ${name} joined by a comma`, replaced(name, (value) => `${value},${value}`)],
	[`with ${name} as a JSON list`, replaced(name, (value) => JSON.stringify([value]))],
	[
		`with ${name} in underscores`,
		(headers) => headers.map(([is, value]) => [is === name ? is.replaceAll('-', '_') : is, value]),
	],
]);

/** Everything that makes a genuine request one that must be answered 401. */
export const FORGERIES: Array<[string, Forgery]> = [
	...ofEachHeader,
	['by a guess', resigned(() => Buffer.alloc(32, 1).toString('base64'))],
	['by nothing', resigned(() => '')],
	['by the first half', resigned((mac) => mac.slice(0, 22))],
	['by all but its last character', resigned((mac) => mac.slice(0, -1))],
	['by all but its first character', resigned((mac) => mac.slice(1))],
	['in hex', resigned((mac) => bytesIn(mac).toString('hex'))],
	['in base64url', resigned((mac) => bytesIn(mac).toString('base64url'))],
	['in base64 of base64', resigned((mac) => Buffer.from(mac).toString('base64'))],
	['in lower case', resigned((mac) => mac.toLowerCase())],
	['with twice the padding', resigned((mac) => `${mac}=`)],
	['with a percent-encoded padding', resigned((mac) => mac.replace('=', '%3D'))],
	['with a space inside', resigned((mac) => `${mac.slice(0, 20)} ${mac.slice(20)}`)],
	['with a tab for the space', resigned((mac) => `AAAA\tv1,${mac}`)],
	['with a space after the comma', resigned((mac) => ` ${mac}`)],
	['in quotes', resigned((mac) => `"${mac}"`)],
	['after a comma', replaced('webhook-signature', (value) => `v1,AAAA,${value}`)],
	['after a semicolon', replaced('webhook-signature', (value) => `v1,AAAA;${value}`)],
	['as v1a', replaced('webhook-signature', (value) => value.replace('v1', 'v1a'))],
	['as v2', replaced('webhook-signature', (value) => value.replace('v1', 'v2'))],
	['as V1', replaced('webhook-signature', (value) => value.replace('v1', 'V1'))],
	['with v1= for v1,', replaced('webhook-signature', (value) => value.replace(',', '='))],
	['without v1,', replaced('webhook-signature', (value) => value.slice(3))],
	['by ten guesses', replaced('webhook-signature', () => Array(10).fill('v1,AAAA').join(' '))],
	['under another id', replaced('webhook-id', (value) => `${value}2`)],
	['under the id in capitals', replaced('webhook-id', (value) => value.toUpperCase())],
	['a second later', replaced('webhook-timestamp', (value) => String(Number(value) + 1))],
	['with milliseconds', replaced('webhook-timestamp', (value) => `${value}000`)],
	['with a fraction', replaced('webhook-timestamp', (value) => `${value}.0`)],
	['with a sign', replaced('webhook-timestamp', (value) => `+${value}`)],
	['with a leading zero', replaced('webhook-timestamp', (value) => `0${value}`)],
	['in the notation of science', replaced('webhook-timestamp', (value) => `${value}e0`)],
	['in hexadecimal', replaced('webhook-timestamp', (value) => `0x${Number(value).toString(16)}`)],
	['with a date', replaced('webhook-timestamp', () => new Date().toISOString())],
	['of never', replaced('webhook-timestamp', () => 'NaN')],
	['of no time', replaced('webhook-timestamp', () => '0')],
];

/** What changes nothing about who signed. */
export const HARMLESS: Array<[string, Forgery]> = [
	['as it is', (headers) => headers],
	['with names in capitals', (headers) => headers.map(([is, value]) => [is.toUpperCase(), value])],
	[
		'with spaces around its values',
		(headers) => headers.map(([is, value]) => [is, `  ${value} \t`]),
	],
	['with a foreign signature before', replaced('webhook-signature', (value) => `v1,AAAA ${value}`)],
	[
		'twice, joined as a proxy joins two lines',
		replaced('webhook-signature', (value) => `${value}, ${value}`),
	],
	['with one of v1a after', replaced('webhook-signature', (value) => `${value} v1a,AAAA`)],
	[
		'with headers nobody asked for',
		added(['x-signature', 'sha256=00'], ['authorization', 'Bearer x']),
	],
];
