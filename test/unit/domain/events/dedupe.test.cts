import { dedupe, sortEvents } from '../../../../domain/events/dedupe';
import type { LogEvent } from '../../../../domain/events/event';
import {
	at,
	customer,
	customerUpdated,
	event,
	moment,
	subscription,
} from '../../support/billing.cjs';

const newOnes = (minutes: number[], more: Partial<LogEvent> = {}) =>
	minutes.map((minute) =>
		event('failed', `05-03 10:${String(minute).padStart(2, '0')}`, {
			event_id: 'body-0123456789abcdef',
			...more,
		}),
	);

describe('events of the same moment', () => {
	const created = event('created', '05-01');

	it.each([
		// What stands first in the order would undo the second, the other way round.
		['created', 'updated', { status: 'suspended' as const }, 'suspended'],
		['created', 'cancelled', {}, 'cancelled'],
		['failed', 'succeeded', {}, 'active'],
		['succeeded', 'cancelled', {}, 'cancelled'],
		['succeeded', 'refunded', {}, 'suspended'],
		['succeeded', 'disputed', {}, 'suspended'],
		['refunded', 'cancelled', {}, 'cancelled'],
	] as const)('count %s before %s', (first, second, said, state) => {
		const events = [event(second, '05-03', said), event(first, '05-03')];
		for (const order of [events, [...events].reverse()]) {
			expect(subscription([created, ...order], '05-04').state).toBe(state);
		}
	});

	it('count updated before failed', () => {
		const suspended = event('updated', '05-02', { status: 'suspended' });
		const events = [created, suspended, event('failed', '05-03'), event('updated', '05-03')];
		expect(subscription(events, '05-04').state).toBe('grace');
	});

	it('count in the order of the design', () => {
		const all = ['created', 'updated', 'failed', 'succeeded', 'refunded', 'disputed', 'cancelled'];
		const events = all.map((short) => event(short as 'created', '05-03'));
		const sorted = [customerUpdated('05-03'), ...events];
		expect(sortEvents([...sorted].reverse())).toEqual(sorted);
	});

	it('that differ in nothing but content have one order, whichever came first', () => {
		const one = customerUpdated('05-03', { customer_email: 'b@x.y' });
		const older = { ...one, state_at: moment('05-02'), customer_email: 'c@x.y' };
		const other = { ...one, customer_email: 'a@x.y' };
		expect(sortEvents([one, older, other])).toEqual([older, other, one]);
		expect(sortEvents([other, older, one])).toEqual([older, other, one]);
	});

	it('of the same kind count by their id', () => {
		const a = event('updated', '05-03', { event_id: 'a', tier: 'first' });
		const b = event('updated', '05-03', { event_id: 'b', tier: 'second' });
		expect(sortEvents([b, a])).toEqual([a, b]);
		expect(subscription([created, b, a], '05-04').tier).toBe('second');
	});

	it('with one id for two subscriptions, as of one invoice, have one order as well', () => {
		const one = event('failed', '05-03', { event_id: 'invoice 9', subscription_id: 's1' });
		const two = event('failed', '05-03', { event_id: 'invoice 9', subscription_id: 's2' });
		expect(at([two, one], '05-04')).toEqual(at([one, two], '05-04'));
	});
});

describe('a repeated delivery', () => {
	it('counts once', () => {
		const failed = event('failed', '05-03');
		expect(dedupe([failed, failed, { ...failed }])).toEqual([failed]);
	});

	it('counts for each subscription it is about', () => {
		const one = event('failed', '05-03', { event_id: 'e' });
		const two = event('failed', '05-03', { event_id: 'e', subscription_id: 's2' });
		expect(dedupe([one, two, one])).toHaveLength(2);
	});

	it.each([true, false])('counts with the state that was read last (arrived last: %s)', (last) => {
		const stale = event('updated', '05-03', { tier: 'knight' });
		const fresh = event('updated', '05-03', { tier: 'master', state_at: '05-03 10:05' });
		const events = last ? [stale, fresh] : [fresh, stale];
		expect(dedupe(events)).toEqual([fresh]);
		expect(subscription([event('created', '05-01'), ...events], '05-04').tier).toBe('master');
	});

	it('with two states of the same moment counts alike in either order', () => {
		const a = event('updated', '05-03', { event_id: 'e', tier: 'a' });
		const b = event('updated', '05-03', { event_id: 'e', tier: 'b' });
		expect(dedupe([a, b])).toEqual(dedupe([b, a]));
	});

	it('of a sender that tells no moments does not move the event to its latest arrival', () => {
		// Without occurred_at the arrival stands in; the answer to the first one got lost.
		const arrived = (when: string) => event('failed', when, { event_id: 'msg_1' });
		const created = event('created', '05-01');
		const twice = [created, arrived('05-03'), arrived('05-05')];
		expect(subscription(twice, '05-06').grace_until).toBe(moment('05-10'));
		const paid = event('succeeded', '05-04');
		expect(subscription([...twice, paid], '05-06').state).toBe('active');
	});

	it('that names another owner than the first still lets both come out', () => {
		const first = event('created', '05-01');
		const again = event('created', '05-01', { customer_id: '88', state_at: '05-02' });
		const both = at([first, again], '05-03').map((one) => [one.customer, one.grants.length]);
		expect(both).toEqual([
			['customer:88', 1],
			['customer:77', 0],
		]);
	});
});

describe('the same body without an id', () => {
	it('counts once within ten minutes', () => {
		expect(dedupe(newOnes([0, 3, 10]))).toEqual(newOnes([0]));
	});

	it('counts again after ten minutes', () => {
		expect(dedupe(newOnes([0, 11]))).toEqual(newOnes([0, 11]));
	});

	it('counts alike in whatever order it arrives', () => {
		const expected = newOnes([0, 12, 24]);
		expect(dedupe(newOnes([24, 6, 0, 18, 12]))).toEqual(expected);
		expect(dedupe(newOnes([12, 18, 24, 0, 6]))).toEqual(expected);
	});

	it('begins one grace from the first of them', () => {
		const events = [event('created', '05-01'), ...newOnes([9, 0, 4])];
		expect(subscription(events, '05-04').failed_at).toBe(moment('05-03 10:00'));
	});
});

it('an empty log entitles nobody', () => {
	expect(at([], '05-03')).toEqual([]);
});

it('the events handed in are left as they are', () => {
	const events = [event('failed', '05-03'), event('created', '05-01'), event('failed', '05-03')];
	const before = structuredClone(events);
	customer(events, '05-04');
	expect(events).toEqual(before);
});

it('Updates of two customers are two, also where their sender gives both one id', () => {
	const said = { event_id: 'same' };
	const ada = customerUpdated('05-03', said);
	const bob = customerUpdated('05-03', { ...said, customer_id: '88', customer_email: 'b@x.y' });
	expect(dedupe([ada, bob, ada])).toHaveLength(2);
});
