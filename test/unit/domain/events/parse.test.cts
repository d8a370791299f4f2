import fc from 'fast-check';

import { readEvent, type Reading } from '../../../../domain/events/parse';
import { BILLING_EVENTS, type BillingEvent } from '../../../../domain/events/event';

const AT = new Date('2026-05-03T10:00:00.000Z');

/** The example of the mission. */
const EXAMPLE =
	'{"event":"subscription.created","subscription_id":"12345","customer_email":"user@example.com","product_id":"fire-elemental","tier":"elemental","status":"active"}';
const example = JSON.parse(EXAMPLE) as Record<string, unknown>;

function readBody(body: string | Buffer, messageId: string | null = null): Reading {
	return readEvent({ body: Buffer.from(body), messageId, at: AT });
}

function read(change: Record<string, unknown> = {}, messageId: string | null = null): Reading {
	return readBody(JSON.stringify({ ...example, ...change }), messageId);
}

function accepted(reading: Reading): BillingEvent {
	if (reading.kind !== 'event') throw new Error(JSON.stringify(reading));
	return reading.event;
}

function fault(reading: Reading): string {
	if (reading.kind !== 'malformed') throw new Error(`it was read as ${reading.kind}`);
	expect(reading.why).not.toBe('');
	return reading.field;
}

describe('the example payload', () => {
	it('works as it is', () => {
		expect(accepted(readBody(EXAMPLE))).toEqual({
			event_id: expect.stringMatching(/^body-[0-9a-f]{32}$/) as string,
			event: 'subscription.created',
			occurred_at: AT.toISOString(),
			state_at: AT.toISOString(),
			received_at: AT.toISOString(),
			subscription_id: '12345',
			customer_id: null,
			customer_email: 'user@example.com',
			customer_name: null,
			previous_email: null,
			previous_customer_id: null,
			product_id: 'fire-elemental',
			tier: 'elemental',
			status: 'active',
			source: 'webhook',
		});
	});
});

describe('the full payload', () => {
	it('comes out as it went in', () => {
		const full = {
			event_id: 'evt_1',
			event: 'payment.failed',
			occurred_at: '2026-05-03T09:59:58.000Z',
			state_at: '2026-05-03T10:00:00.000Z',
			subscription_id: '12345',
			customer_id: '77',
			customer_email: 'user@example.com',
			customer_name: 'Ada L',
			previous_email: 'old@example.com',
			previous_customer_id: '76',
			product_id: 'fire-elemental',
			tier: 'elemental',
			status: 'active',
			paid_until: '2026-05-02',
			ends_at: null,
		};
		const { received_at: received, source, ...said } = accepted(readBody(JSON.stringify(full)));
		expect(said).toEqual(full);
		expect([received, source]).toEqual([AT.toISOString(), 'webhook']);
	});

	it('loses what nobody asked for', () => {
		expect(accepted(read({ source: 'operator', override_until: 'x', is_admin: true }))).toEqual(
			expect.not.objectContaining({ override_until: 'x', is_admin: true, source: 'operator' }),
		);
	});
});

describe('what an event needs', () => {
	it.each(['event', 'subscription_id', 'customer_email'])('is %s', (field) => {
		for (const missing of [undefined, null, '', '  ']) {
			expect(fault(read({ [field]: missing }))).toBe(field);
		}
	});

	it('is a customer id where there is no address', () => {
		const event = accepted(read({ customer_email: undefined, customer_id: 77 }));
		expect(event).toMatchObject({ customer_id: '77', customer_email: null });
	});

	it.each(BILLING_EVENTS)(
		'with %s is a product or a tier only where something starts or changes',
		(event) => {
			const silent = read({ event, product_id: undefined, tier: undefined });
			if (event === 'subscription.created' || event === 'subscription.updated') {
				expect(fault(silent)).toBe('product_id');
			} else {
				expect(accepted(silent)).toMatchObject({ event, product_id: null, tier: null });
			}
			if (event === 'customer.updated') return;
			expect(accepted(read({ event, product_id: undefined })).tier).toBe('elemental');
			expect(accepted(read({ event, tier: undefined })).product_id).toBe('fire-elemental');
		},
	);
});

describe('an event about a customer', () => {
	const event = 'customer.updated';

	it('says nothing of subscriptions, whatever is sent', () => {
		const sent = {
			...{ event, event_id: 'e1', occurred_at: '2026-05-02T10:00:00Z', customer_id: 77 },
			...{ state_at: '2026-05-02T11:00:00Z', customer_name: 'Ada', previous_email: 'a@b.c' },
			...{ paid_until: 'never', status: 'odd', ends_at: 7, previous_customer_id: '76' },
		};
		expect(accepted(read({ ...sent, customer_properties: { a: 'b' } }))).toEqual({
			...{ event_id: 'e1', event, subscription_id: '', source: 'webhook' },
			...{ occurred_at: '2026-05-02T10:00:00.000Z', state_at: '2026-05-02T11:00:00.000Z' },
			...{ received_at: AT.toISOString(), customer_id: '77', customer_name: 'Ada' },
			...{ customer_email: 'user@example.com', previous_email: 'a@b.c' },
			...{ previous_customer_id: null, product_id: null, tier: null, status: null },
			customer_properties: { a: 'b' },
		});
	});

	it('needs a customer, but no subscription', () => {
		const [subscription_id, customer_email] = [undefined, undefined];
		expect(accepted(read({ event, subscription_id })).subscription_id).toBe('');
		expect(accepted(read({ event, customer_email, customer_id: 7 })).customer_id).toBe('7');
		expect(fault(read({ event, customer_email }))).toBe('customer_email');
	});
});

describe('the properties of a customer', () => {
	const properties = (said: unknown) =>
		accepted(read({ customer_properties: said })).customer_properties;

	it('are unknown where nothing is said', () => {
		expect(properties(undefined)).toBeUndefined();
		expect(properties(null)).toBeUndefined();
	});

	it('are texts, integers or nothing', () => {
		const long = 'x'.repeat(255);
		const said = { a: ' Ada\r\nL ', 'b-B_9.x': 42, c: null, d: '', e: ' \u200b', f: long };
		const read_ = { a: 'Ada L', 'b-B_9.x': '42', c: null, d: null, e: null, f: long };
		expect(properties(said)).toEqual(read_);
		expect(properties({})).toEqual({});
	});

	it('may be called __proto__', () => {
		const body = EXAMPLE.replace('}', ',"customer_properties":{"__proto__":"x"}}');
		const { customer_properties: read_ } = accepted(readBody(body));
		expect(Object.entries(read_ ?? {})).toEqual([['__proto__', 'x']]);
	});

	it.each([[[]], ['text'], [7], [true], [['a']]])('are refused as %p', (said) => {
		const reading = read({ customer_properties: said });
		expect(fault(reading)).toBe('customer_properties');
		expect(reading).toMatchObject({ why: 'must be an object of texts' });
	});

	it.each(['', 'a b', 'ä', 'a:b', 'x'.repeat(65)])('are refused with the key "%s"', (key) => {
		const reading = read({ customer_properties: { [key]: 'x' } });
		expect(fault(reading)).toBe('customer_properties');
		expect(reading).toMatchObject({ why: expect.stringContaining('1 to 64') as string });
	});

	it('are 20 at most, with keys of at most 64 characters', () => {
		const some = (count: number) =>
			Object.fromEntries([...Array(count).keys()].map((n) => [`${n}`.padStart(64, 'k'), 'x']));
		expect(Object.keys(properties(some(20)) ?? {})).toHaveLength(20);
		const reading = read({ customer_properties: some(21) });
		expect(fault(reading)).toBe('customer_properties');
		expect(reading).toMatchObject({ why: 'has more than 20 keys' });
	});

	it.each([
		[true, 'must be a string, an integer or null'],
		[1.5, 'must be a string, an integer or null'],
		[{}, 'must be a string, an integer or null'],
		[['x'], 'must be a string, an integer or null'],
		['x'.repeat(256), 'is longer than 255 characters'],
	])('are refused with the value %p, by its key', (value, why) => {
		const reading = read({ customer_properties: { ok: 'x', player: value } });
		expect(fault(reading)).toBe('customer_properties.player');
		expect(reading).toMatchObject({ why });
	});
});

describe('a text', () => {
	const FIELDS = [
		'event_id',
		'subscription_id',
		'customer_id',
		'customer_name',
		'previous_customer_id',
		'product_id',
		'tier',
	] as const;

	it.each(FIELDS)('in %s may be a whole number', (field) => {
		expect(accepted(read({ [field]: 42 }))[field]).toBe('42');
	});

	it('in event is a text: a number is no event that is not known', () => {
		for (const odd of [7, true, {}, ['ping']]) {
			expect(read({ event: odd })).toEqual({
				kind: 'malformed',
				field: 'event',
				why: 'must be a string',
			});
		}
	});

	it.each([...FIELDS, 'event', 'customer_email', 'previous_email', 'status', 'occurred_at'])(
		'in %s is no list, no object, no truth and no broken number',
		(field) => {
			for (const odd of [['a'], { a: 1 }, true, false, 1.5, 2 ** 53, -1e300]) {
				expect(fault(read({ [field]: odd }))).toBe(field);
			}
		},
	);

	it.each(FIELDS)('in %s may have 255 characters', (field) => {
		expect(accepted(read({ [field]: 'x'.repeat(255) }))[field]).toHaveLength(255);
		const longer = read({ [field]: 'x'.repeat(256) });
		// Paymenter takes 255 for the first name and as many for the last.
		if (field === 'customer_name') expect(accepted(longer)[field]).toHaveLength(255);
		else expect(fault(longer)).toBe(field);
	});

	it('is not cut in the middle of a character', () => {
		const { customer_name: name } = accepted(read({ customer_name: `${'x'.repeat(254)}🎮` }));
		expect(name).toBe('x'.repeat(254));
	});

	it.each([
		['Ada\r\nX-Admin: 1', 'Ada X-Admin: 1'],
		['Ada\u0000Lovelace', 'Ada Lovelace'],
		['\tAda \n', 'Ada'],
		['Ádá Łovelace 🎮', 'Ádá Łovelace 🎮'],
		['<b>Ada</b>', '<b>Ada</b>'],
	])('like the name %j comes without line breaks and control characters', (name, clean) => {
		expect(accepted(read({ customer_name: name })).customer_name).toBe(clean);
	});

	it('without a visible character says nothing, and none stand at its ends', () => {
		for (const nothing of ['\u3164', '\u200b\u2060', ' \ufeff ']) {
			expect(accepted(read({ customer_name: nothing })).customer_name).toBeNull();
			expect(accepted(read({ product_id: `fire-knight${nothing}` })).product_id).toBe(
				'fire-knight',
			);
			expect(accepted(read({ customer_email: `${nothing}ada@example.com` })).customer_email).toBe(
				'ada@example.com',
			);
			expect(fault(read({ subscription_id: nothing }))).toBe('subscription_id');
		}
	});

	it('of control characters only says nothing', () => {
		expect(accepted(read({ customer_name: '\r\n\u0000' })).customer_name).toBeNull();
		expect(fault(read({ subscription_id: '\u0000' }))).toBe('subscription_id');
	});

	it.each(['event_id', 'customer_name'] as const)('in %s never holds half a character', (field) => {
		// Such a text can neither be stored as UTF-8 nor be sent back in a header.
		const reading = readBody(EXAMPLE.replace('{', `{"${field}":"a\\ud83d",`));
		if (reading.kind === 'malformed') expect(reading.field).toBe(field);
		else expect(() => encodeURIComponent(accepted(reading)[field] ?? '')).not.toThrow();
	});
});

describe('an id that names nobody', () => {
	const NOBODY = [
		0,
		'0',
		'00',
		-1,
		'0.0',
		'null',
		'NULL',
		'undefined',
		'None',
		'guest',
		'N/A',
		'-',
	];
	const EMPTY_UUID = '00000000-0000-0000-0000-000000000000';

	it.each([...NOBODY, EMPTY_UUID])('is no id of a customer (%j)', (nobody) => {
		const guest = { customer_id: nobody, previous_customer_id: nobody };
		const email = 'guest.a@example.com';
		expect(accepted(read({ ...guest, customer_email: email }))).toMatchObject({
			customer_id: null,
			previous_customer_id: null,
			customer_email: email,
		});
		expect(fault(read({ ...guest, customer_email: null }))).toBe('customer_email');
	});

	it.each([...NOBODY, EMPTY_UUID])('is no id of a subscription or an event (%j)', (nobody) => {
		expect(fault(read({ subscription_id: nobody }))).toBe('subscription_id');
		expect(accepted(read({ event_id: nobody })).event_id).toMatch(/^(body|msg)/);
	});

	it.each([1, '10', '007', 'guest-7', '100', 'nullius'])('is not %j', (somebody) => {
		expect(accepted(read({ customer_id: somebody })).customer_id).toBe(String(somebody));
	});
});

describe('whether it is overdue by the shop’s own clock', () => {
	it.each([true, false])('is told as it is (%j)', (isOverdue) => {
		expect(accepted(read({ is_overdue: isOverdue })).is_overdue).toBe(isOverdue);
	});

	it('may be left out, and is nothing else', () => {
		for (const silent of [undefined, null]) {
			expect(accepted(read({ is_overdue: silent })).is_overdue).toBeUndefined();
		}
		for (const odd of ['true', 1, 'no', {}])
			expect(fault(read({ is_overdue: odd }))).toBe('is_overdue');
	});
});

describe('an e-mail address', () => {
	it.each([
		['User@Example.COM', 'user@example.com'],
		[' user+tag@example.com ', 'user+tag@example.com'],
		["o'brien@example.co.uk", "o'brien@example.co.uk"],
		['"a b@c"@example.com', '"a b@c"@example.com'],
		['ada(from work)@example.com', 'ada(from work)@example.com'],
		['müller@exämple.de', 'müller@exämple.de'],
		['root@localhost', 'root@localhost'],
		['ada@shop(main).example.com', 'ada@shop(main).example.com'],
	])('like %j is taken in lower case', (said, email) => {
		for (const field of ['customer_email', 'previous_email'] as const) {
			expect(accepted(read({ [field]: said }))[field]).toBe(email);
		}
	});

	it.each([
		'%@%',
		'*@example.com',
		'a%@example.com',
		'ada@example',
		'ada@example.',
		'ada@.com',
		'ada@a..b',
		'ada@(a.b)',
		'a@nodot(x@y.z)',
		'a\u200bda@example.com',
	])('is no address of one person (%j)', (said) => {
		for (const field of ['customer_email', 'previous_email']) {
			expect(fault(read({ [field]: said, customer_id: '77' }))).toBe(field);
		}
	});

	it.each(['user', 'user@', '@example.com', 'a b@example.com', 'a@b@c', 'a@b\u0000c@d', 7])(
		'is not %j',
		(said) => {
			for (const field of ['customer_email', 'previous_email']) {
				expect(fault(read({ [field]: said, customer_id: '77' }))).toBe(field);
			}
		},
	);
});

it('an address is as long as it is in lower case, where a letter may become two', () => {
	expect(fault(read({ customer_email: `${'İ'.repeat(125)}@example.com` }))).toBe('customer_email');
});

describe('the status', () => {
	it.each(['pending', 'active', 'suspended', 'cancelled'])('may be %s, in any case', (status) => {
		expect(accepted(read({ status })).status).toBe(status);
		expect(accepted(read({ status: status.toUpperCase() })).status).toBe(status);
	});

	it.each([undefined, null, ''])('may be left out (%j)', (status) => {
		expect(accepted(read({ status })).status).toBeNull();
	});

	it.each(['canceled', 'expired', 'actve', '1'])('is not %s', (status) => {
		const reading = read({ status });
		expect(fault(reading)).toBe('status');
		expect(reading).toMatchObject({
			why: 'must be one of pending, active, suspended, cancelled',
		});
	});
});

describe('the moment', () => {
	it.each([
		['2000-01-01T00:00:00Z', '2000-01-01T00:00:00.000Z'],
		['2026-05-03T09:00:00Z', '2026-05-03T09:00:00.000Z'],
		['2026-05-03T09:00:00.123Z', '2026-05-03T09:00:00.123Z'],
		['2026-05-03T11:00:00+02:00', '2026-05-03T09:00:00.000Z'],
		['2026-05-03T04:00:00-0500', '2026-05-03T09:00:00.000Z'],
		['2026-05-03T09:00:00.123456Z', '2026-05-03T09:00:00.123Z'],
	])('%s is %s', (said, moment) => {
		expect(accepted(read({ occurred_at: said })).occurred_at).toBe(moment);
		expect(accepted(read({ state_at: said })).state_at).toBe(moment);
	});

	it.each(['2026-05-03T10:00:01Z', '2026-05-03T10:00:00.001Z', '2199-01-01T00:00:00Z'])(
		'%s, later than the arrival, is the arrival',
		(said) => {
			expect(accepted(read({ occurred_at: said })).occurred_at).toBe(AT.toISOString());
			expect(accepted(read({ state_at: said })).state_at).toBe(AT.toISOString());
		},
	);

	it('of the state is that of the event where it is not said', () => {
		const occurred = '2026-05-03T09:00:00.000Z';
		expect(accepted(read({ occurred_at: occurred })).state_at).toBe(occurred);
	});

	it.each([
		'yesterday',
		'2026-05-03',
		'2026-05-03T09:00:00',
		'03.05.2026 09:00',
		'2026-05-03 09:00:00Z',
		'2026-13-03T09:00:00Z',
		'2026-05-32T09:00:00Z',
		'2026-05-03T25:00:00Z',
		'0026-05-03T09:00:00Z',
		'1999-12-31T23:59:59Z',
		'2200-01-01T00:00:00Z',
		'9999-05-03T09:00:00Z',
		'1777802400',
		1777802400,
	])('is not %j', (said) => {
		for (const field of ['occurred_at', 'state_at']) {
			expect(fault(read({ [field]: said }))).toBe(field);
		}
	});

	it.each(['2026-02-30T09:00:00Z', '2026-04-31T09:00:00Z'])(
		'is not %s, a day that does not exist',
		(said) => {
			expect(fault(read({ occurred_at: said }))).toBe('occurred_at');
		},
	);
});

describe.each(['paid_until', 'ends_at', 'hold_until'] as const)('the date %s', (field) => {
	it('is not in the event where it was not said', () => {
		expect(accepted(read({}))[field]).toBeUndefined();
		expect(accepted(read({ [field]: '' }))[field]).toBeUndefined();
	});

	it('is null where null was said', () => {
		expect(accepted(read({ [field]: null }))[field]).toBeNull();
	});

	it.each([
		['2026-05-31', '2026-05-31'],
		['2028-02-29', '2028-02-29'],
		['2000-01-01', '2000-01-01'],
		['9999-12-31', '9999-12-31'],
		['2026-05-31T22:00:00Z', '2026-05-31'],
		['2026-05-31T00:00:00.000000Z', '2026-05-31'],
	])('%s is %s', (said, date) => {
		expect(accepted(read({ [field]: said }))[field]).toBe(date);
	});

	it.each([
		'1999-12-31',
		'x2026-05-31',
		'2026-05-31x',
		'2026-02-30',
		'2026-02-29',
		'2026-13-01',
		'2026-5-1',
		'31.05.2026',
		'tomorrow',
		'0000-00-00',
		'2026-05-31T10:00',
		'2026-02-30T10:00:00Z',
		20260531,
		true,
		{},
	])('is not %j', (said) => {
		expect(fault(read({ [field]: said }))).toBe(field);
	});
});

describe('the id', () => {
	it('is that of the payload, else that of the message, else made from the body', () => {
		expect(accepted(read({ event_id: 'evt_1' }, 'msg_1')).event_id).toBe('evt_1');
		expect(accepted(read({}, 'msg_1')).event_id).toBe('msg_1');
		expect(accepted(read({ event_id: ' ' }, 'msg_1')).event_id).toBe('msg_1');
		expect(accepted(read({}, '(')).event_id).toMatch(/^body-/);
		expect(accepted(read({})).event_id).toMatch(/^body-/);
	});

	it('is cleaned like every text, also that of the message', () => {
		expect(accepted(read({}, 'msg\t1')).event_id).toBe('msg 1');
		expect(accepted(read({}, '\t')).event_id).toMatch(/^body-/);
		expect(fault(read({}, 'x'.repeat(256)))).toBe('webhook-id');
	});

	it('made from the body is the same for the same body, whenever it arrives', () => {
		const later = new Date(AT.getTime() + 1000);
		const again = readEvent({ body: Buffer.from(EXAMPLE), messageId: null, at: later });
		expect(accepted(again).event_id).toBe(accepted(readBody(EXAMPLE)).event_id);
	});

	it('made from the body is another one for another body', () => {
		expect(accepted(read({ tier: 'x' })).event_id).not.toBe(accepted(read({})).event_id);
	});
});

describe('what is no event', () => {
	it('is a ping, whatever else it says', () => {
		expect(readBody('{"event":"ping"}')).toEqual({ kind: 'ping' });
		expect(readBody('{"event":"ping","subscription_id":[]}')).toEqual({ kind: 'ping' });
	});

	it.each([
		'invoice.paid',
		'Subscription.Created',
		'subscription.created.v2',
		'constructor',
		'__proto__',
	])('is the type %s, which nobody knows yet', (event) => {
		expect(readBody(JSON.stringify({ event }))).toEqual({ kind: 'unknown', type: event });
	});

	it.each(['override.set', 'override.clear', ' override.set\n'])(
		'is %j, which only operators may say',
		(event) => {
			expect(fault(read({ event }))).toBe('event');
		},
	);

	it.each(['override.other', 'override'])('is %s neither', (event) => {
		expect(read({ event }).kind).not.toBe('event');
	});
});

describe('a body', () => {
	it.each([
		'',
		' ',
		'{',
		'event=ping',
		'{"event":"ping"}}',
		"{'event':'ping'}",
		'{"event":NaN}',
		'\0',
	])('%j is no JSON', (body) => {
		expect(fault(readBody(body))).toBe('body');
	});

	it.each(['null', '[]', `[${EXAMPLE}]`, '"ping"', '7', 'true'])('%s is no object', (body) => {
		expect(fault(readBody(body))).toBe('body');
	});

	it('that is no UTF-8 is refused, not repaired', () => {
		const latin = Buffer.from(EXAMPLE.replace('user@', 'us\xe9r@'), 'latin1');
		expect(fault(readBody(latin))).toBe('body');
		expect(fault(readBody(Buffer.from(EXAMPLE, 'utf16le')))).toBe('body');
		expect(fault(readBody(Buffer.from([0x7b, 0xc0, 0x80, 0x7d])))).toBe('body');
	});

	it('may begin with a byte order mark', () => {
		expect(accepted(readBody(`\uFEFF${EXAMPLE}`)).subscription_id).toBe('12345');
	});

	it('cannot set what it does not own', () => {
		const polluted = `{"__proto__":${EXAMPLE},"constructor":{"prototype":{"event":"ping"}}}`;
		expect(fault(readBody(polluted))).toBe('event');
		const inside = EXAMPLE.replace('{', '{"__proto__":{"customer_id":"1","ends_at":null},');
		expect(accepted(readBody(inside)).customer_id).toBeNull();
		expect(accepted(readBody(inside)).ends_at).toBeUndefined();
		expect(({} as Record<string, unknown>).customer_id).toBeUndefined();
	});

	it('that says a thing twice means the last', () => {
		expect(accepted(readBody(EXAMPLE.replace('{', '{"tier":"other",'))).tier).toBe('elemental');
	});

	it('nested without end is refused or ignored', () => {
		const deep = '['.repeat(100_000);
		expect(fault(readBody(deep))).toBe('body');
		const closed = `${'['.repeat(5000)}${']'.repeat(5000)}`;
		expect(accepted(readBody(EXAMPLE.replace('{', `{"x":${closed},`))).tier).toBe('elemental');
		expect(fault(readBody(EXAMPLE.replace('"12345"', closed)))).toBe('subscription_id');
	});

	it.each(['1e400', '-1e400', '12345678901234567890', '1e-7'])(
		'with the id %s is refused',
		(id) => {
			expect(fault(readBody(EXAMPLE.replace('"12345"', id)))).toBe('subscription_id');
		},
	);

	it('never makes reading throw, and a fault always has its field and reason', () => {
		const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
		const json = fc.json().map((text) => Buffer.from(text));
		const field = fc.constantFrom(...Object.keys(example), 'occurred_at', 'paid_until', 'ends_at');
		const changed = fc
			.tuple(field, fc.jsonValue())
			.map(([name, value]) => Buffer.from(JSON.stringify({ ...example, [name]: value })));
		fc.assert(
			fc.property(fc.oneof(bytes, json, changed), fc.option(fc.string()), (body, messageId) => {
				const reading = readEvent({ body, messageId, at: AT });
				if (reading.kind === 'malformed') {
					expect(reading.field).not.toBe('');
					expect(reading.why).not.toBe('');
				} else if (reading.kind === 'event') {
					const { event } = reading;
					expect(event.subscription_id).toMatch(/\S/);
					expect(event.customer_id ?? event.customer_email).toMatch(/\S/);
					expect(event.occurred_at <= AT.toISOString()).toBe(true);
				}
				expect(['event', 'ping', 'unknown', 'malformed']).toContain(reading.kind);
			}),
			{ numRuns: 1000 },
		);
	});
});
