import { InvalidRow, readRow, rowOf } from '../../../../domain/events/row';

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
