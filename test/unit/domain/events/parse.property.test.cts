/** What must hold for whatever a stranger sends, tried on arbitrary input. */
import { BlockList } from 'node:net';

import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';

import { isAllowed, parseAllowlist } from '../../../../nodes/PaymenterTrigger/webhook/ipAllowlist';
import { readEvent, type Reading } from '../../../../domain/events/parse';
import { BILLING_EVENTS, STATUSES, type BillingEvent } from '../../../../domain/events/event';
import {
	Refusal,
	sign,
	verify,
	type Headers,
} from '../../../../nodes/PaymenterTrigger/webhook/signature';

const AT = new Date('2026-05-03T10:00:00.000Z');
const NOW = AT.getTime() / 1000;

describe('A signature', () => {
	const secretOf = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`;
	const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
	const id = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 60 });
	const seconds = fc.integer({ min: NOW - 300, max: NOW + 300 });

	const verdictOf = (
		secret: string,
		{ id, at, signature }: { id: string; at: number | string; signature: string },
		body: Buffer,
	) => {
		const headers: Headers = {
			'webhook-id': [id],
			'webhook-timestamp': [String(at)],
			'webhook-signature': [signature],
		};
		const credential = { signing: 'standardWebhooks' as const, signingSecret: secret };
		try {
			return { genuine: true, id: verify(credential, headers, body, NOW) };
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
			return { genuine: false };
		}
	};

	beforeEach(() => jest.useFakeTimers({ now: AT }));
	afterEach(() => jest.useRealTimers());

	it('of the reference library is genuine to us, and ours to it', () => {
		const body = fc.oneof(fc.json(), fc.json({ stringUnit: 'grapheme' }));
		fc.assert(
			fc.property(key, id, seconds, body, (bytes, id, at, body) => {
				const secret = secretOf(bytes);
				const library = new Webhook(secret);
				const theirs = library.sign(id, new Date(at * 1000), body);
				expect(verdictOf(secret, { id, at, signature: theirs }, Buffer.from(body))).toEqual({
					genuine: true,
					id,
				});
				const headers = {
					'webhook-id': id,
					'webhook-timestamp': String(at),
					'webhook-signature': sign(secret, id, at, body),
				};
				expect(library.verify(body, headers)).toEqual(JSON.parse(body));
			}),
		);
	});

	/** The text or bytes with one of their bytes changed. */
	const changed = (text: string | Uint8Array, where: number, by: number): Buffer => {
		const bytes = Buffer.from(text);
		const index = where % bytes.length;
		bytes[index] = (bytes[index] ?? 0) ^ by;
		return bytes;
	};

	it('is refused when one byte of body, id, time, signature or secret is another', () => {
		const body = fc.uint8Array({ minLength: 1, maxLength: 200 });
		const by = fc.integer({ min: 1, max: 255 });
		fc.assert(
			fc.property(key, id, seconds, body, fc.nat(), by, (bytes, id, at, content, where, by) => {
				const secret = secretOf(bytes);
				const body = Buffer.from(content);
				const sent = { id, at, signature: sign(secret, id, at, body) };
				expect(verdictOf(secret, sent, body).genuine).toBe(true);

				const latin = (text: string) => changed(text, where, by).toString('latin1');
				const forgeries: Array<[string, ...Parameters<typeof verdictOf>]> = [
					['body', secret, sent, changed(body, where, by)],
					['id', secret, { ...sent, id: latin(id) }, body],
					['time', secret, { ...sent, at: latin(String(at)) }, body],
					['signature', secret, { ...sent, signature: latin(sent.signature) }, body],
					['secret', secretOf(changed(bytes, where, by)), sent, body],
				];
				const taken = forgeries.filter(([, ...forgery]) => verdictOf(...forgery).genuine);
				expect(taken.map(([what]) => what)).toEqual([]);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('The allowlist', () => {
	it('agrees with Node’s own block list about arbitrary lists and addresses', () => {
		const mapped = fc.ipV4().map((address) => `::ffff:${address}`);
		const address = fc.oneof(fc.ipV4(), fc.ipV6(), mapped);
		const range = address.chain((base) =>
			// Node 20 takes no length 0 for v4.
			fc.tuple(
				fc.constant(base),
				base.includes(':') ? fc.integer({ min: 0, max: 128 }) : fc.integer({ min: 1, max: 32 }),
			),
		);
		const familyOf = (text: string) => (text.includes(':') ? 'ipv6' : 'ipv4');
		fc.assert(
			fc.property(fc.array(range, { maxLength: 8 }), address, (ranges, stranger) => {
				const parsed = parseAllowlist(ranges.map((parts) => parts.join('/')).join(', '));
				if ('wrong' in parsed) throw new Error(parsed.wrong);
				const node = new BlockList();
				for (const [base, bits] of ranges) node.addSubnet(base, bits, familyOf(base));
				for (const asked of [stranger, ...ranges.map(([base]) => base)]) {
					expect([asked, isAllowed(parsed.ranges, asked)]).toEqual([
						asked,
						node.check(asked, familyOf(asked)),
					]);
				}
			}),
			{ numRuns: 500 },
		);
	});
});

describe('Reading an event', () => {
	const TEXTS = [
		'event_id',
		'subscription_id',
		'customer_id',
		'customer_email',
		'customer_name',
		'previous_email',
		'previous_customer_id',
		'product_id',
		'tier',
	] as const;
	const MOMENTS = ['occurred_at', 'state_at'] as const;
	const DATES = ['paid_until', 'ends_at'] as const;
	const SAID = ['event', 'status', ...TEXTS, ...MOMENTS, ...DATES] as const;
	const ALWAYS = ['event', 'status', ...TEXTS, ...MOMENTS, 'received_at', 'source'];

	const long = fc
		.tuple(fc.constantFrom('x', 'İ', 'ﬃ', '🎮', 'a\u0000'), fc.integer({ min: 80, max: 192 }))
		.map(([unit, times]) => unit.repeat(times));
	const text = fc.oneof(
		{ weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
		{ weight: 5, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
		{
			weight: 5,
			arbitrary: fc.constantFrom('__proto__', 'constructor', 'İ', 'a\ud83d', ' a\r\nb '),
		},
		{ weight: 1, arbitrary: long },
	);
	const mailbox = fc
		.oneof(fc.stringMatching(/^[^\s@]{1,20}$/), fc.constant('İ'.repeat(70)))
		.map((name) => `${name}@İ.example`);
	const date = fc
		.date({ min: new Date('2000-01-01'), max: new Date('2200-01-02'), noInvalidDate: true })
		.map((at) => at.toISOString());
	const fitting: Record<(typeof SAID)[number], fc.Arbitrary<unknown>> = {
		...(Object.fromEntries(TEXTS.map((field) => [field, text])) as Record<
			(typeof TEXTS)[number],
			fc.Arbitrary<unknown>
		>),
		customer_email: mailbox,
		previous_email: mailbox,
		event: fc.constantFrom(...BILLING_EVENTS),
		status: fc.constantFrom(...STATUSES, ' ACTIVE '),
		occurred_at: date,
		state_at: date,
		paid_until: fc.oneof(
			date,
			date.map((said) => said.slice(0, 10)),
			fc.constant(null),
		),
		ends_at: fc.constantFrom('2026-05-31', '2026-05-31T23:59:59Z', '2026-02-30', null),
	};

	/** Mostly fields of the right kind, here and there anything at all, and things nobody asked for. */
	const payload = fc
		.tuple(
			fc.record(fitting, {
				requiredKeys: ['event', 'subscription_id', 'customer_id', 'product_id'],
			}),
			fc.dictionary(fc.constantFrom(...SAID), fc.oneof(text, date, fc.jsonValue()), { maxKeys: 1 }),
			fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
			fc.jsonValue(),
		)
		.map(([good, odd, more, prototype]) => {
			const said = JSON.stringify({ ...more, ...good, ...odd });
			return `{"__proto__":${JSON.stringify(prototype)},${said.slice(1)}`;
		});

	const read = (body: string, messageId: string | null, at = AT): Reading =>
		readEvent({ body: Buffer.from(body), messageId, at });

	function expectShape(event: BillingEvent): void {
		const isCustomers = event.event === 'customer.updated';
		const said = Object.entries(event).filter(([, value]) => value !== undefined);
		const optional = DATES.filter((field) => event[field] !== undefined);
		expect(said.map(([field]) => field).sort()).toEqual([...ALWAYS, ...optional].sort());
		expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
		expect(BILLING_EVENTS).toContain(event.event);
		expect([...STATUSES, null]).toContain(event.status);
		expect(event.source).toBe('webhook');
		for (const field of TEXTS) {
			const value = event[field];
			if (value === null || (field === 'subscription_id' && isCustomers)) continue;
			expect([field, value.length <= 255, value.trim() === value]).toEqual([field, true, true]);
			expect(value).toMatch(/^[^\p{Cc}\p{Cs}]+$/u);
		}
		expect(event.subscription_id === '').toBe(isCustomers);
		expect(event.event_id).not.toBeNull();
		expect(event.customer_id ?? event.customer_email).not.toBeNull();
		for (const field of ['occurred_at', 'state_at', 'received_at'] as const) {
			const at = new Date(event[field]);
			expect([field, at.toISOString()]).toEqual([field, event[field]]);
			expect(at <= AT).toBe(true);
		}
		for (const field of optional) {
			const value = event[field];
			if (value) expect(new Date(value).toISOString().slice(0, 10)).toBe(value);
			else expect(value).toBeNull();
		}
	}

	it('yields an event of exactly the normalized shape, or names the field that is wrong', () => {
		const prototype = Object.getOwnPropertyNames(Object.prototype);
		let events = 0;
		fc.assert(
			fc.property(payload, fc.option(text), (body, messageId) => {
				const reading = read(body, messageId);
				if (reading.kind === 'malformed') {
					expect([...SAID, 'webhook-id']).toContain(reading.field);
					expect(reading.why).toMatch(/\S/);
				}
				if (reading.kind === 'event') {
					events++;
					expectShape(reading.event);
				}
				expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
			}),
			{ numRuns: 2000 },
		);
		// Of nothing but refusals nothing would have been learnt.
		expect(events).toBeGreaterThan(5);
	});

	it('yields the same event once more when it reads its own output', () => {
		fc.assert(
			fc.property(payload, fc.option(text), (body, messageId) => {
				const reading = read(body, messageId);
				fc.pre(reading.kind === 'event');
				expect(read(JSON.stringify(reading.event), null)).toEqual(reading);
			}),
			{ numRuns: 500 },
		);
	});

	it('never throws at any JSON, nor at any bytes', () => {
		const json = fc.json({ stringUnit: 'binary', maxDepth: 10 }).map((said) => Buffer.from(said));
		const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
		fc.assert(
			fc.property(fc.oneof(json, bytes), (body) => {
				const { kind } = readEvent({ body, messageId: null, at: AT });
				expect(['malformed', 'unknown']).toContain(kind);
			}),
			{ numRuns: 1000 },
		);
	});
});
