import { concerns, isNote, readClaimed, settleEvents } from '../../../../domain/work/claimedEvents';
import { at, customer, customerUpdated, event, said } from '../../support/billing.cjs';
import { ADA, after, asked, claimed, claimedRow, eventOf, somebody } from '../../support/work.cjs';

const BOB = somebody(88);

describe('A claimed row', () => {
	it('is an event', () => {
		const row = claimedRow(eventOf(88));
		expect(readClaimed([row])).toEqual([
			{ row, event: expect.objectContaining({ event_id: 'evt_88' }) as object, wrong: '' },
		]);
	});

	it('that cannot be read says why', () => {
		const row = claimedRow(eventOf(88), { event: 'ping' });
		expect(readClaimed([row])).toEqual([{ row, event: null, wrong: 'Unknown "event": "ping"' }]);
		expect(readClaimed([{ id: 1, event_id: null }])).toMatchObject([{ event: null }]);
		expect(readClaimed([{ id: 1, event: null }])).toHaveLength(1);
	});

	it('is none where "Always Output Data" made an empty item', () => {
		expect(readClaimed([{}])).toEqual([]);
	});

	it('that fails in another way is an error of the package', () => {
		const row = Object.defineProperty({ event: 'x' }, 'event', {
			get: () => {
				throw new TypeError('odd');
			},
		});
		expect(() => readClaimed([row])).toThrow('odd');
	});
});

describe('An event concerns', () => {
	const nobody = { customer_id: null, customer_email: null, subscription_id: '' };

	it('the customer whom it names, by id', () => {
		expect(concerns(eventOf(88, { subscription_id: '' }), BOB)).toBe(true);
		expect(concerns(eventOf(88), ADA)).toBe(false);
	});

	it('the customer who had the subscription before', () => {
		const handedOver = eventOf(88, { previous_customer_id: '77', subscription_id: 's88' });
		expect(concerns(handedOver, ADA)).toBe(true);
		expect(concerns(handedOver, BOB)).toBe(true);
		expect(concerns({ ...handedOver, previous_customer_id: '99' }, ADA)).toBe(false);
	});

	it('whoever has its subscription now', () => {
		const log = [
			event('created', '05-01'),
			event('updated', '05-02', { customer_id: '88', customer_email: 'bob@example.com' }),
		];
		const [bob, ada] = at(log, '05-04');
		const first = log[0] as (typeof log)[0];
		expect([bob, ada].map((one) => one && concerns(first, one))).toEqual([true, true]);
	});

	it('by address only if it names no id', () => {
		const email = 'ada@example.com';
		expect(concerns(eventOf(1, { ...nobody, customer_email: email }), ADA)).toBe(true);
		expect(concerns(eventOf(99, { customer_email: email }), ADA)).toBe(false);
		const moved = customer(
			[event('created', '05-01'), event('updated', '05-02', { customer_email: 'new@example.com' })],
			'05-04',
		);
		expect(concerns(eventOf(1, { ...nobody, customer_email: email }), moved)).toBe(true);
	});

	it('nobody, if it names nobody: empty is not equal to empty', () => {
		const empty = eventOf(1, nobody);
		const unknown = { ...ADA, customer_id: null, customer_email: null, subscriptions: [] };
		expect(concerns(empty, unknown)).toBe(false);
		expect(concerns(empty, ADA)).toBe(false);
		const untitled = {
			...ADA.subscriptions[0],
			subscription_id: '',
		} as (typeof ADA.subscriptions)[0];
		expect(concerns(empty, { ...unknown, subscriptions: [untitled] })).toBe(false);
	});

	it('whom an operator names', () => {
		expect(concerns(said('apply.requested', '05-02'), ADA)).toBe(true);
		expect(concerns(said('apply.requested', '05-02'), BOB)).toBe(false);
	});
});

it('A note is an event about what the loss guard holds back, and no other', () => {
	const notes = (...events: string[]) =>
		claimed(...events.map((type) => ({ ...claimedRow(eventOf(88)), event: type }))).map(isNote);
	expect(notes('changes.held', 'changes.confirmed')).toEqual([true, true]);
	expect(notes('apply.requested', 'override.hold', 'changes.odd')).toEqual([false, false, false]);
});

describe('After a round an event', () => {
	const settle = (rows: Array<Record<string, unknown>>, saved: string[]) => {
		const events = claimed(...rows);
		const { rejected, ...said } = settleEvents(events, [ADA, BOB], new Set(saved), after(0));
		expect(rejected.map(({ why }) => why)).toEqual(
			said.released.flatMap((one) => one.rejected ?? []),
		);
		return said;
	};
	const adas = claimedRow(event('failed', '05-03'), { id: 1 });
	const bobs = claimedRow(eventOf(88), { id: 2 });

	it('is processed once its customer was saved; the others are released for the next round', () => {
		expect(settle([adas, bobs], ['customer:77'])).toEqual({
			processed: 1,
			released: [{ id: 2, processed_at: null, rejected: null }],
		});
	});

	it('that concerns two is processed when both were saved', () => {
		const both = claimedRow(eventOf(88, { previous_customer_id: '77' }), { id: 3 });
		const released = [{ id: 3, processed_at: null, rejected: null }];
		expect(settle([both], ['customer:77'])).toEqual({ processed: 0, released });
		expect(settle([both], ['customer:88'])).toEqual({ processed: 0, released });
		expect(settle([both], ['customer:77', 'customer:88'])).toEqual({ processed: 1, released: [] });
	});

	it('that cannot be read is rejected, with the reason: nobody can ever apply it', () => {
		const row = { ...adas, paid_until: 'soon' };
		expect(settle([row], ['customer:77'])).toEqual({
			processed: 0,
			released: [
				{
					id: 1,
					processed_at: after(0),
					rejected: expect.stringContaining('"paid_until"') as string,
				},
			],
		});
	});

	it('about somebody who has bought nothing is processed', () => {
		const who = { customer_id: '9', customer_email: 'x@y.z' };
		const strangers = [who, { ...who, customer_id: null }, { ...who, customer_email: null }];
		for (const more of strangers) {
			const row = claimedRow(customerUpdated('05-03', more));
			expect(settle([row], [])).toEqual({ processed: 1, released: [] });
			const failed = claimedRow(event('failed', '05-03', { ...more, subscription_id: 's9' }));
			expect(settle([failed], []).released).toMatchObject([
				{ rejected: 'It belongs to no customer' },
			]);
		}
		const nobody = customerUpdated('05-03', { customer_id: null, customer_email: null });
		expect(settle([claimedRow(nobody)], []).processed).toBe(0);
	});

	it('about somebody who has bought something waits until they are saved', () => {
		const row = claimedRow(customerUpdated('05-03'));
		expect(settle([row], []).released).toMatchObject([{ processed_at: null, rejected: null }]);
		expect(settle([row], ['customer:77']).processed).toBe(1);
	});

	it('that belongs to nobody is rejected', () => {
		const row = { ...asked({ event_id: 'op', event: 'apply.requested' }, 'operator'), id: 4 };
		expect(settle([row], ['customer:77']).released).toEqual([
			{ id: 4, processed_at: after(0), rejected: 'It belongs to no customer' },
		]);
	});
});
