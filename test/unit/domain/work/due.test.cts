import { ROUND_SIZE, checkQueue, chooseWork, takenOf } from '../../../../domain/work/due';
import { NOW, after } from '../../support/work.cjs';

describe('The work of a round', () => {
	const event = (id: number) => ({
		customer_id: String(id),
		customer_email: `C${id}@example.com`,
		subscription_id: `s${id}`,
	});
	const customer = (id: number) => ({
		customer: `customer:${id}`,
		customer_id: String(id),
		customer_email: `c${id}@example.com`,
	});
	const many = <T,>(count: number, make: (id: number) => T) =>
		Array.from({ length: count }, (_, index) => make(index + 1));

	it('is searched for by all that its events and customers name', () => {
		expect(chooseWork([event(1)], [customer(2)])).toEqual([
			{ customer_id: '1', customer_email: 'c1@example.com', subscription_id: 's1' },
			{ customer_id: '2', customer_email: 'c2@example.com', subscription_id: null },
		]);
	});

	it('searches once for several events of one customer', () => {
		expect(chooseWork([event(1), { ...event(1), event_id: 'other' }], [])).toHaveLength(1);
	});

	it('does not search for what is empty, or stands for nobody', () => {
		expect(
			chooseWork([{ customer_id: 0, customer_email: '', subscription_id: undefined }], []),
		).toEqual([{ customer_id: null, customer_email: null, subscription_id: null }]);
		expect(chooseWork([{ ...event(1), customer_id: 12 }], [])[0]?.customer_id).toBe('12');
	});

	it('does not search by a column that a customer’s row does not have', () => {
		expect(chooseWork([], [{ ...customer(1), subscription_id: 's9' }])).toMatchObject([
			{ subscription_id: null },
		]);
	});

	it('takes at most fifty in all; events, which people wait for, come first', () => {
		expect(ROUND_SIZE).toBe(50);
		expect(takenOf(many(20, event), many(50, customer))).toEqual(many(30, customer));
		expect(takenOf(many(50, event), many(50, customer))).toEqual([]);
		expect(takenOf(many(70, event), many(50, customer))).toEqual([]);
		expect(
			chooseWork(
				many(49, event),
				many(9, (id) => customer(id + 100)),
			),
		).toHaveLength(50);
	});

	it('leaves their place to customers who are due, however much the reconcile has asked for', () => {
		const bulk = many(50, event).map((one) => ({ ...one, source: 'reconcile' }));
		expect(takenOf(bulk, many(50, customer))).toHaveLength(50);
		expect(takenOf([...bulk, event(51)], many(50, customer))).toHaveLength(49);
	});

	it('is nothing if nothing is due', () => {
		expect(chooseWork([], [])).toEqual([]);
	});
});

describe('The queue', () => {
	const updatedAt = after(-2);
	const free = { term: 3, holder: '', expires_at: after(-1), updatedAt };
	/** After a run that failed: nobody starts before this time. */
	const paused = { ...free, expires_at: after(1) };
	const held = { ...paused, holder: '7' };
	const check = (
		lease: Record<string, unknown> | undefined,
		event?: Record<string, unknown>,
		customer?: Record<string, unknown>,
	) => checkQueue({ lease, event, customer }, NOW);
	const NOTHING = { start: false, alert: null };
	const event = { event_id: 'evt_1', received_at: after(-1) };
	const customer = { customer: 'customer:1', due_at: after(-1) };

	it('needs nobody while nothing is due', () => {
		expect(check(free)).toEqual(NOTHING);
		expect(check(free, undefined, { due_at: after(1) })).toEqual(NOTHING);
		expect(check(free, {}, { due_at: null })).toEqual(NOTHING);
	});

	it.each([
		['an event waits', event, {}],
		[
			'an event waits that a clock ahead of ours has received',
			{ ...event, received_at: after(1) },
			{},
		],
		['an event waits without a time', { ...event, received_at: null }, {}],
		['an event cannot be read', { event_id: null }, {}],
		['a customer is due', {}, customer],
		['a customer is due right now', {}, { due_at: after(0) }],
	])('needs the writer if %s', (_, first, second) => {
		expect(check(free, first, second)).toEqual({ start: true, alert: null });
		expect(check(held, first, second)).toEqual(NOTHING);
	});

	it('may be worked on again in the moment in which the lease ends', () => {
		expect(check({ ...free, expires_at: after(0) }, event).start).toBe(true);
	});

	it.each([
		['event', { ...event, received_at: after(-12.5) }, {}],
		['customer', {}, { due_at: after(-12.5) }],
		['older of the two', { ...event, received_at: after(-12.5) }, customer],
	])('that has kept an %s waiting for more than ten minutes has stalled', (_, first, second) => {
		for (const lease of [free, paused, { ...free, holder: '7' }]) {
			expect(check(lease, first, second).alert).toEqual({
				cause: 'The queue does not move',
				what_happened: 'Something has been waiting for 12 minutes to be applied.',
				what_to_do: expect.stringContaining('Apply Access') as string,
			});
		}
	});

	it('has not stalled while bulk work takes its time, but people are not kept waiting for it', () => {
		const bulk = { ...event, source: 'reconcile' };
		const at = (minutes: number) => ({ ...bulk, received_at: after(-minutes) });
		expect(check(free, at(60)).alert).toBeNull();
		expect(check(free, at(61)).alert?.what_happened).toMatch(/for 61 minutes/);
		expect(check(free, at(30), { ...customer, due_at: after(-11) }).alert).not.toBeNull();
	});

	it('has not stalled while somebody works, nor before the writer has seen it after an outage', () => {
		const old = { ...event, received_at: after(-60) };
		expect(check(held, old).alert).toBeNull();
		expect(check({ ...free, updatedAt: after(-60) }, old)).toEqual({ start: true, alert: null });
		expect(check({ ...free, updatedAt: after(-10) }, old).alert).toBeNull();
		expect(check({ ...free, updatedAt: null }, old).alert).toBeNull();
	});

	it('goes by when a row was written, if it does not say when it was received', () => {
		const byHand = { event_id: 'x', received_at: null, createdAt: after(-12.5) };
		expect(check(free, byHand).alert?.what_happened).toMatch(/for 12 minutes/);
		expect(check(free, { ...byHand, received_at: after(-1) }).alert).toBeNull();
	});

	it('has not stalled after ten minutes exactly', () => {
		expect(check(free, { ...event, received_at: after(-10) }).alert).toBeNull();
		expect(check(free, {}, { due_at: after(-10) }).alert).toBeNull();
	});

	it.each([
		['no row', undefined],
		['an empty row', {}],
		['a row without a term', { expires_at: after(-1) }],
		['a row without an end', { term: 3, expires_at: null }],
	])('cannot be worked on with %s for the lease, and says what to do', (_, lease) => {
		const { start, alert } = check(lease, event);
		expect(start).toBe(false);
		expect(alert).toMatchObject({
			cause: 'There is no lease row',
			what_happened: expect.stringContaining('paymenter_lease') as string,
			what_to_do: expect.stringContaining('Setup') as string,
		});
	});
});
