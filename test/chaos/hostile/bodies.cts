/** Bodies that are signed correctly and hostile all the same. */

export const EVENT = {
	event: 'payment.succeeded',
	subscription_id: 'sub-hostile',
	customer_id: 'hostile',
	customer_email: 'hostile@example.com',
	product_id: 'awakened',
	status: 'active',
};

export const PING = '{"event":"ping"}';
export const GOOD = JSON.stringify(EVENT);
export const LIMIT = 65_536;
/** What n8n reads at most of a body, set as in `deploy/`. */
export const MIB_READ = 2;

/** A genuine event of exactly so many bytes. */
export function sized(bytes: number, event: object = EVENT): string {
	const empty = JSON.stringify({ ...event, filler: '' }).length;
	return JSON.stringify({ ...event, filler: 'x'.repeat(bytes - empty) });
}

const withId = (json: string) => GOOD.replace('"sub-hostile"', json);
const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What each is, and the body: not JSON, so n8n refuses it before it asks us. */
export const UNREADABLE: Array<[string, string | Buffer]> = [
	['a half', GOOD.slice(0, -5)],
	['two events', GOOD + GOOD],
	['a list, opened 60,000 times', '['.repeat(60_000)],
	['UTF-16', Buffer.from(GOOD, 'utf16le')],
	['UTF-16 with its mark', Buffer.from(`\uFEFF${GOOD}`, 'utf16le')],
	['a bare NUL', withId('"a\0b"')],
	['a bare line break', withId('"a\nb"')],
	['NaN', withId('NaN')],
];

/** What each is, the body, and the field that the answer must name. */
export const MALFORMED: Array<[string, string | Buffer, string]> = [
	['nothing', '', 'body'],
	['a list of events', `[${GOOD}]`, 'body'],
	['an id nested 30,000 deep', withId(nested(30_000)), 'subscription_id'],
	['latin-1', Buffer.from(withId('"Zoë"'), 'latin1'), 'body'],
	['an overlong NUL', Buffer.from(withId('"\xc0\x80"'), 'latin1'), 'body'],
	['a surrogate in UTF-8', Buffer.from(withId('"\xed\xa0\x80"'), 'latin1'), 'body'],
	['an id of NUL only', withId('"\\u0000"'), 'subscription_id'],
	['an id of half a character', withId('"\\ud83d"'), 'subscription_id'],
	['an id beyond all numbers', withId('1e400'), 'subscription_id'],
	['an id below all numbers', withId('-1e400'), 'subscription_id'],
	['an id that no number holds exactly', withId('9007199254740993'), 'subscription_id'],
	['a fraction as id', withId('1.5'), 'subscription_id'],
	['an object as id', withId('{"$ne":null}'), 'subscription_id'],
	['a very long id', withId(`"${'x'.repeat(60_000)}"`), 'subscription_id'],
	['an event from the prototype', `{"__proto__":${GOOD}}`, 'event'],
	['an operator’s event said last', GOOD.replace('}', ',"event":"override.set"}'), 'event'],
	['an operator’s event in spaces', GOOD.replace('payment.succeeded', ' grace.extend\\n'), 'event'],
	['two addresses', GOOD.replace('hostile@example.com', 'a@b.example@c.example'), 'customer_email'],
	[
		'a moment that never was',
		GOOD.replace('{', '{"occurred_at":"2026-02-30T00:00:00Z",'),
		'occurred_at',
	],
	['a date that never was', GOOD.replace('{', '{"paid_until":"2026-02-30",'), 'paid_until'],
	['a status that n8n would resolve', GOOD.replace('"active"', '"={{ 1 }}"'), 'status'],
	['a date that n8n would resolve', GOOD.replace('{', '{"ends_at":"={{ $now }}",'), 'ends_at'],
	['a moment that n8n would resolve', GOOD.replace('{', '{"state_at":"={{ $now }}",'), 'state_at'],
];

const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 0]));

/** Strange, but events: what each is, and the body; all say the same. */
export const STRANGE: Array<[string, string | Buffer]> = [
	['a byte order mark before', `\uFEFF${GOOD}`],
	['white space around', ` \r\n\t${GOOD}\r\n`],
	['a nest of 30,000 lists beside', GOOD.replace('{', `{"x":${nested(30_000)},`)],
	['5,000 fields beside', JSON.stringify({ ...wide, ...EVENT })],
	['a prototype beside', GOOD.replace('{', '{"__proto__":{"customer_id":"admin","isAdmin":true},')],
	['a constructor beside', GOOD.replace('{', '{"constructor":{"prototype":{"tier":"sovereign"}},')],
	['another tier said first', GOOD.replace('{', '{"product_id":"sovereign","status":"cancelled",')],
	[
		'fields of operators beside',
		GOOD.replace('{', '{"override_until":"2099-01-01","reason":"me","source":"operator",'),
	],
	['64 KiB less one byte', sized(LIMIT - 1)],
	['exactly 64 KiB', sized(LIMIT)],
];

/** Texts that some program somewhere would run, resolve or render. */
export const LOADED = [
	'={{ $env.N8N_ENCRYPTION_KEY }}',
	'={{ 7 * 7 }}',
	'{{ $json.event_id }} {{7*7}}',
	"={{ $('Paymenter Event').item.json.secret }}",
	'={{ (() => { throw new Error("ran") })() }}',
	'<script>alert(1)</script>',
	'"><img src=x onerror=alert(1)>',
	"'; DROP TABLE users; --",
	'=HYPERLINK("http://evil.example","x")',
	'$(reboot) `id` ${7*7} #{7*7} %{7*7}',
	'../../etc/passwd',
	'__proto__',
	'constructor',
	'a\u202Egnp.exe b\u200bb',
	'@everyone [x](http://evil.example)',
	'%0d%0aset-cookie:%20x=1',
];

export const LOADED_PRODUCTS = ['={{ 7 * 7 }}', '<img src=x>', '__proto__', 'constructor'];

export const LOADED_ADDRESSES = [
	'={{$json.secret}}@example.com',
	'<b>bold</b>@example.com',
	"'or'1'='1@example.com",
	'a@example.com,b.example',
];
