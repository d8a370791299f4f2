import {
	InvalidRow,
	keysOf,
	readRow,
	rowOf,
	searchesFor,
	type LogKey,
} from '../../../../domain/events/row';
import { customerUpdated, event, override } from '../../support/billing.cjs';

const ROW = {
	id: 4,
	event_id: 'evt_1',
	event: 'payment.failed',
	occurred_at: '2026-05-03T10:00:00.000Z',
	state_at: '2026-05-03T10:00:02.000Z',
	received_at: '2026-05-03T10:00:03.000Z',
	subscription_id: '12345',
	customer_id: '77',
	customer_email: 'Ada@Example.com',
	customer_name: 'Ada L',
	previous_email: 'OLD@example.com',
	previous_customer_id: '76',
	product_id: 'fire-knight',
	tier: 'knight',
	status: 'active',
	paid_until: '2026-05-08',
	ends_at: null,
	override_until: null,
	reason: '',
	actor: '',
	source: 'webhook',
};

describe('a row of the event log', () => {
	it('is an event', () => {
		expect(readRow(ROW)).toEqual({
			event_id: 'evt_1',
			event: 'payment.failed',
			occurred_at: '2026-05-03T10:00:00.000Z',
			state_at: '2026-05-03T10:00:02.000Z',
			subscription_id: '12345',
			customer_id: '77',
			customer_email: 'ada@example.com',
			customer_name: 'Ada L',
			previous_email: 'old@example.com',
			previous_customer_id: '76',
			product_id: 'fire-knight',
			tier: 'knight',
			status: 'active',
			paid_until: '2026-05-08',
			ends_at: null,
			override_until: null,
			reason: null,
			actor: null,
		});
	});

	it.each(['paid_until', 'ends_at'] as const)('says of %s nothing when it is empty', (column) => {
		expect(readRow({ ...ROW, [column]: '' })[column]).toBeUndefined();
		expect(readRow({ ...ROW, [column]: undefined })[column]).toBeUndefined();
		expect(readRow({ ...ROW, [column]: null })[column]).toBeNull();
	});

	it.each([
		'customer_id',
		'customer_email',
		'customer_name',
		'previous_email',
		'previous_customer_id',
		'product_id',
		'tier',
		'status',
	] as const)('says of %s null when it is empty, null or missing', (column) => {
		for (const empty of ['', null, undefined]) {
			expect(readRow({ ...ROW, [column]: empty })[column]).toBeNull();
		}
	});

	it('may hold moments as dates and in other time zones', () => {
		expect(readRow({ ...ROW, occurred_at: new Date('2026-05-03T10:00:00Z') }).occurred_at).toBe(
			ROW.occurred_at,
		);
		expect(readRow({ ...ROW, state_at: '2026-05-03T12:00:02+02:00' }).state_at).toBe(ROW.state_at);
	});

	it('without the moment of its state has that of the event', () => {
		expect(readRow({ ...ROW, state_at: '' }).state_at).toBe(ROW.occurred_at);
	});

	it('may hold ids as numbers', () => {
		const row = readRow({ ...ROW, customer_id: 77, subscription_id: 12345 });
		expect([row.customer_id, row.subscription_id]).toEqual(['77', '12345']);
	});

	it('may be an override, with its date or moment, reason and actor', () => {
		const said = { event: 'override.set', subscription_id: '', reason: 'abuse', actor: 'Kim' };
		for (const until of ['2026-06-01', '2026-06-01T12:00:00.000Z']) {
			expect(readRow({ ...ROW, ...said, override_until: until })).toMatchObject({
				event: 'override.set',
				override_until: until,
				reason: 'abuse',
				actor: 'Kim',
			});
		}
	});

	it('of a customer leads to what has the id or one of the addresses', () => {
		expect(keysOf([customerUpdated('05-02', { previous_email: 'old@x.y' })])).toEqual([
			{ customer_email: 'ada@example.com' },
			{ customer_email: 'old@x.y' },
			{ customer_id: '77' },
		]);
	});

	it('of a customer has no subscription', () => {
		const row = { ...ROW, event: 'customer.updated' };
		expect(readRow(row).subscription_id).toBe('');
		expect(readRow({ ...row, subscription_id: null }).subscription_id).toBe('');
	});

	it('says whether a payment is overdue, or nothing of it', () => {
		const read = (is_overdue: unknown) => readRow({ ...ROW, is_overdue }).is_overdue;
		expect([true, false, null, '', undefined].map(read)).toEqual([
			true,
			false,
			undefined,
			undefined,
			undefined,
		]);
	});

	it('says until when Paymenter does not suspend, that there is no such date, or nothing of it', () => {
		const read = (hold_until: unknown) => readRow({ ...ROW, hold_until }).hold_until;
		expect(['2026-05-31', null, '', undefined].map(read)).toEqual([
			'2026-05-31',
			null,
			undefined,
			undefined,
		]);
	});

	it('of an operator has a subscription only if it names one', () => {
		const row = { ...ROW, event: 'override.set', status: null };
		expect(readRow({ ...row, subscription_id: '' }).subscription_id).toBe('');
		expect(readRow({ ...row, subscription_id: 's1' }).subscription_id).toBe('s1');
	});

	it('may have the properties of the customer, as JSON or as an object', () => {
		const read = (said: unknown) => readRow({ ...ROW, customer_properties: said });
		for (const empty of ['', null, undefined]) {
			expect(read(empty).customer_properties).toBeUndefined();
		}
		expect(read('{}').customer_properties).toEqual({});
		const said = { player: 'ada', discord_id: null };
		expect(read(said).customer_properties).toEqual(said);
		expect(read(JSON.stringify(said)).customer_properties).toEqual(said);
		expect(rowOf(read(said)).customer_properties).toBe(JSON.stringify(said));
		expect(rowOf(read('{}')).customer_properties).toBe('{}');
		expect(rowOf(read('')).customer_properties).toBe('');
	});

	it.each([
		['{', '"customer_properties": must be an object of texts'],
		['[]', '"customer_properties": must be an object of texts'],
		[7, '"customer_properties": must be an object of texts'],
		['{"player":true}', '"customer_properties": player must be a string, an integer or null'],
	])('is refused with the properties %p', (customer_properties, why) => {
		const read = () => readRow({ ...ROW, customer_properties });
		expect(read).toThrow(InvalidRow);
		expect(read).toThrow(why);
	});

	it('may record access to restore', () => {
		const recorded = '{"abcd1234":[]}';
		expect(readRow({ ...ROW, recorded })).toMatchObject({ recorded });
		expect(readRow({ ...ROW, recorded: null })).not.toHaveProperty('recorded');
		expect(() => readRow({ ...ROW, recorded: { a: [] } })).toThrow('"recorded"');
	});

	it.each([
		['event', ['', null, undefined, 'ping', 'payment', 7]],
		['event_id', ['', null, undefined, {}]],
		['occurred_at', ['', null, undefined, 'yesterday', {}]],
		['state_at', ['yesterday', true]],
		['status', ['canceled', 'Active', 1]],
		['paid_until', ['tomorrow', '2026-5-1', '2026-05-08T00:00:00Z', 20260508, new Date()]],
		['ends_at', ['tomorrow', '31.05.2026', 0, false, ['2026-05-31']]],
		['hold_until', ['tomorrow', true]],
		['is_overdue', ['yes', 'true', 1, 0, {}]],
		['customer_email', [true, ['a@b.c']]],
		['tier', [{ name: 'knight' }]],
		['subscription_id', ['', null, undefined]],
		['override_until', ['someday', '2026-13-01']],
	])('with a bad %s is refused, naming the column', (column, values) => {
		for (const value of values) {
			const read = () => readRow({ ...ROW, [column]: value });
			expect(read).toThrow(InvalidRow);
			expect(read).toThrow(`"${column}"`);
		}
	});

	it.each(['2026-02-30', '2026-13-01'])(
		'does not hold the date %s, which does not exist',
		(date) => {
			expect(() => readRow({ ...ROW, ends_at: date })).toThrow('"ends_at"');
		},
	);
});

describe('the keys to search the log by', () => {
	it('are all ids, addresses and subscriptions that the events name, each once', () => {
		const events = [
			event('created', '05-01'),
			event('updated', '05-02', {
				customer_email: 'new@example.com',
				previous_email: 'ada@example.com',
				previous_customer_id: '66',
			}),
			event('created', '05-03', { subscription_id: 's2', customer_id: null }),
			override('set', '05-04'),
		];
		expect(keysOf(events)).toEqual([
			{ customer_email: 'ada@example.com' },
			{ customer_email: 'new@example.com' },
			{ customer_id: '66' },
			{ customer_id: '77' },
			{ subscription_id: 's1' },
			{ subscription_id: 's2' },
		]);
		expect(keysOf([...events].reverse())).toEqual(keysOf(events));
	});

	it('are all to be searched for while one of them is missing: a search returns all rows anew', () => {
		const events = [event('created', '05-01')];
		const all = keysOf(events);
		for (const searched of [
			[],
			[{ customer_id: '77', customer_email: '', subscription_id: null }],
			[{ customer_email: 'ada@example.com', subscription_id: 's1' }],
			[{ customer_id: '77', customer_email: 'ada@example.com' }],
		]) {
			expect(searchesFor(events, searched)).toEqual(all);
		}
	});

	it('are done with once each was part of a search, in any case of letters', () => {
		const events = [event('created', '05-01'), override('set', '05-04')];
		expect(searchesFor(events, keysOf(events))).toEqual([]);
		expect(searchesFor(events, searchesFor(events, []))).toEqual([]);
		expect(
			searchesFor(events, [
				{ customer_email: 'ADA@example.com', subscription_id: 's1' },
				{ customer_id: 77 as unknown as string },
			]),
		).toEqual([]);
		expect(searchesFor([], [])).toEqual([]);
	});

	it('do not mix up an id with a subscription of the same number', () => {
		const events = [event('created', '05-01', { subscription_id: '5', customer_id: '5' })];
		const email = { customer_email: 'ada@example.com' };
		expect(searchesFor(events, [{ ...email, subscription_id: '5' }])).toEqual(keysOf(events));
		expect(searchesFor(events, [{ ...email, customer_id: '5' }])).toEqual(keysOf(events));
	});

	it('lead step by step to all events that concern a customer', () => {
		// 77 → s1 → 88, who has it now → bob's other address → s9, bought with that address only.
		const log = [
			event('created', '05-01'),
			event('updated', '05-02', { customer_id: '88', customer_email: 'bob@example.com' }),
			event('updated', '05-03', {
				customer_id: '88',
				customer_email: 'new@example.com',
				previous_email: 'bob@example.com',
				subscription_id: 's5',
			}),
			event('created', '05-04', {
				customer_id: null,
				customer_email: 'new@example.com',
				subscription_id: 's9',
			}),
			event('created', '05-04', {
				customer_id: '99',
				customer_email: 'stranger@example.com',
				subscription_id: 's10',
			}),
		];
		let searched: LogKey[] = [{ customer_id: '77' }];
		const found = () =>
			log.filter((one) =>
				keysOf([one]).some((key) => {
					const [[column, value]] = Object.entries(key) as [[keyof LogKey, string]];
					return searched.some((search) => search[column] === value);
				}),
			);
		let rounds = 0;
		for (let more = searchesFor(found(), searched); more.length > 0; rounds++) {
			searched = more;
			more = searchesFor(found(), searched);
		}
		expect(rounds).toBeLessThan(6);
		expect(found()).toEqual(log.slice(0, 4));
	});
});

describe('An event as a row', () => {
	it('names every column, and is read back as it was', () => {
		const said = readRow({ ...ROW, paid_until: null, ends_at: '2026-05-31', is_overdue: false });
		expect(readRow({ ...rowOf(said) })).toEqual(said);
		const silent = readRow({
			...ROW,
			paid_until: '',
			ends_at: '',
			hold_until: '',
			is_overdue: null,
		});
		expect(rowOf(silent)).toMatchObject({
			paid_until: '',
			is_overdue: null,
			ends_at: '',
			hold_until: '',
		});
		expect(readRow({ ...rowOf(silent) })).toEqual(silent);
	});
});
