/** On which day grace ends: the same, whichever message told of the failure, in whichever order. */
import fc from 'fast-check';

import type { LogEvent } from '../../../../domain/events/event';
import { resolveEntitlements } from '../../../../domain/entitlement/resolve';
import { readRow } from '../../../../domain/events/row';
import { customer, event, moment, OPTIONS, said } from '../../support/billing.cjs';
import { compareAt, inShort, service, told } from '../../support/truth.cjs';

const subscriptionOf = (log: LogEvent[], at: string) => {
	const [one] = resolveEntitlements(log, new Date(moment(at)), OPTIONS).flatMap(
		({ subscriptions: own }) => own,
	);
	if (!one) throw new Error('no subscription');
	return one;
};
const graceEnd = (log: LogEvent[], at = '06-04') => subscriptionOf(log, at).grace_until;

/** Paid until 31 May: to the end of that day and one more, and seven days. */
const END = '2026-06-09T00:00:00.000Z';
const bought = told('created', '05-01');
const suspended = (when: string, more: Partial<LogEvent> = {}) =>
	told('failed', when, { status: 'suspended', is_overdue: true, ...more });

describe('A customer who does not pay', () => {
	it.each<[string, LogEvent[]]>([
		['by a card that fails a week early', [told('failed', '05-24')]],
		['by a card that fails on the last day', [told('failed', '05-31')]],
		['by a card that fails when Paymenter suspends', [told('failed', '06-03')]],
		['by Paymenter’s suspension', [suspended('06-03')]],
		['by a suspension that comes late', [suspended('06-05')]],
		['by both', [told('failed', '05-24'), suspended('06-03')]],
		['by the nightly comparison', compareAt('06-04', [bought], [service({ status: 'suspended' })])],
	])('keeps access to the same day, as n8n learns it %s', (_, news) => {
		expect(graceEnd([bought, ...news])).toBe(END);
		expect(graceEnd([...news, bought].reverse())).toBe(END);
	});

	it('keeps it to that day in whichever order which of these messages arrive', () => {
		const news = [
			told('failed', '05-24'),
			told('failed', '05-27', { event_id: 'again' }),
			suspended('06-03'),
			...compareAt('06-04', [bought], [service({ status: 'suspended' })]),
		];
		fc.assert(
			fc.property(fc.shuffledSubarray(news, { minLength: 1 }), fc.nat(), (some, place) => {
				const log = [...some];
				log.splice(place % (some.length + 1), 0, bought);
				expect(graceEnd(log)).toBe(END);
			}),
		);
	});
});

it('A failure without a date ends on that day too, once a date is read', () => {
	const bare = told('failed', '05-24', { paid_until: undefined });
	for (const later of [suspended('06-03'), told('failed', '05-27', { event_id: 'again' })]) {
		expect(graceEnd([bought, bare, later])).toBe(END);
	}
});

it('A purchase that is delivered only after the suspension keeps access to that day', () => {
	const state = { state_at: '06-03', status: 'suspended', is_overdue: true } as const;
	const late = told('created', '05-01', state);
	expect(graceEnd([late])).toBe(END);
	expect(subscriptionOf([late], '06-04').state).toBe('grace');
	expect(graceEnd([suspended('06-03'), late])).toBe(END);
	const byHand = told('created', '05-01', { ...state, is_overdue: false });
	expect(subscriptionOf([byHand], '06-04').state).toBe('suspended');
});

describe('A date that was typed wrong', () => {
	const typo = { paid_until: '2036-05-31' };
	const wrong = [bought, told('succeeded', '05-20', typo), told('failed', '05-24', typo)];

	it('counts as long as nothing else is known', () => {
		expect(graceEnd(wrong)).toBe('2036-06-09T00:00:00.000Z');
	});

	it.each<[string, LogEvent]>([
		['the correction', told('updated', '05-26')],
		['Paymenter’s suspension', suspended('06-03')],
	])('is replaced by %s, which was read later', (_, later) => {
		expect(graceEnd([...wrong, later])).toBe(END);
		expect(graceEnd([later, ...wrong])).toBe(END);
	});

	it.each([
		['is suspended', '06-04', service({ status: 'suspended' })],
		['is still active', '06-03', service()],
	])('is found by the nightly comparison where the subscription %s', (_, when, truth) => {
		const found = compareAt(when, wrong, [truth]);
		expect(found).toMatchObject([{ event: 'subscription.updated', paid_until: '2026-05-31' }]);
		expect(graceEnd([...wrong, ...found])).toBe(END);
		expect(compareAt('06-05', [...wrong, ...found], [truth])).toEqual([]);
	});

	it('does not throw an operator’s longer grace away', () => {
		const extended = said('grace.extend', '05-25', { override_until: '2026-07-15' });
		const retry = told('failed', '05-27', { ...typo, event_id: 'retry' });
		const log = [bought, told('failed', '05-24'), extended, retry, told('updated', '05-28')];
		expect(graceEnd(log)).toBe('2026-07-17T00:00:00.000Z');
	});

	it('is not brought back by a message that was read before, and arrives after', () => {
		const late = told('failed', '05-25', { ...typo, event_id: 'late', state_at: '05-25' });
		expect(graceEnd([...wrong, told('updated', '05-26'), late])).toBe(END);
	});
});

describe('A day before which billing does not suspend', () => {
	const held = { hold_until: '2026-06-20' };
	const HELD = '2026-06-22T00:00:00.000Z';

	it.each<[string, LogEvent[]]>([
		['with the failure', [told('failed', '05-24', held)]],
		['after it', [told('failed', '05-24'), told('updated', '05-26', held)]],
		['after the grace was over', [told('failed', '05-24'), told('updated', '06-12', held)]],
	])('prolongs the grace, told %s', (_, news) => {
		const log = [bought, ...news];
		expect(graceEnd(log)).toBe(HELD);
		expect(subscriptionOf(log, '06-21').state).toBe('grace');
		expect(subscriptionOf(log, '06-22').state).toBe('suspended');
		expect(customer(log, '06-21').explanation).toMatch(/does not suspend before 20 June 2026/);
	});

	it('never shortens it, and is not said where it decides nothing', () => {
		const log = [bought, told('failed', '05-24', { hold_until: '2026-06-01' })];
		expect(graceEnd(log)).toBe(END);
		expect(customer(log, '06-04').explanation).not.toMatch(/does not suspend/);
	});

	it('is cleared by null, and stays where it is not said', () => {
		const failed = told('failed', '05-24', held);
		expect(graceEnd([bought, failed, told('updated', '05-26')])).toBe(HELD);
		expect(graceEnd([bought, failed, told('updated', '05-26', { hold_until: null })])).toBe(END);
	});

	it('is found in Paymenter, if this version has such a date, and then no more', () => {
		const truth = [service(held)];
		const found = compareAt('05-20', [bought], truth);
		expect(found).toMatchObject([{ event: 'subscription.updated', ...held }]);
		expect(compareAt('05-21', [bought, ...found], truth)).toEqual([]);
		expect(compareAt('05-21', [bought, ...found], [service({ hold_until: null })])).toMatchObject([
			{ hold_until: null },
		]);
		expect(compareAt('05-20', [bought], [service()])).toEqual([]);
	});

	it('is carried by the failure that a comparison finds', () => {
		const truth = [service({ ...held, status: 'suspended' })];
		expect(graceEnd([bought, ...compareAt('06-04', [bought], truth)])).toBe(HELD);
	});
});

describe('A shop east of Greenwich', () => {
	// Its 31 May is told as 30 May, 22:00 UTC; so is the date.
	const paid = { paid_until: '2026-05-30' };
	const midnight = '2026-05-31T22:00:00.000Z';
	const created = told('created', '05-01', paid);

	it('suspends by hand on the last paid day: access ends at once', () => {
		const byHand = told('updated', '05-31', { ...paid, status: 'suspended', is_overdue: false });
		expect(subscriptionOf([created, byHand], '05-31').state).toBe('suspended');
	});

	it('suspends the next day because nobody paid: that is grace', () => {
		const byCron = told('updated', '05-31 22:05', {
			...paid,
			status: 'suspended',
			is_overdue: true,
		});
		expect(subscriptionOf([created, byCron], '06-01').state).toBe('grace');
	});

	it('is believed in what it says, and else judged by the date', () => {
		const silent = told('updated', '05-31', { ...paid, status: 'suspended' });
		expect(subscriptionOf([created, silent], '05-31').state).toBe('grace');
	});

	it('is read so by the nightly comparison, too', () => {
		const truth = [service({ ...paid, paid_day_ends_at: midnight, status: 'suspended' })];
		const onTheDay = compareAt('05-31 21:59', [created], truth);
		expect(inShort(onTheDay)).toEqual(['subscription.updated 2026-05-31T21:59Z']);
		expect(subscriptionOf([created, ...onTheDay], '06-01').state).toBe('suspended');
		const after = compareAt('05-31 22:01', [created], truth);
		expect(after.map(({ event: type }) => type)).toEqual(['payment.failed']);
		expect(subscriptionOf([created, ...after], '06-01').state).toBe('grace');
	});
});

describe('Guests whose shop gives them all one id', () => {
	it('are each known by their address', () => {
		const guest = (email: string, id: string) =>
			// As a row of the log that an earlier version, or a person, has written.
			readRow({
				...event('created', '05-01', { event_id: email, customer_email: email }),
				subscription_id: id,
				customer_id: 0,
			});
		const log = [guest('guest.a@example.com', '1'), guest('guest.b@example.com', '2')];
		expect(
			resolveEntitlements(log, new Date(moment('05-02')), OPTIONS).map((one) => one.customer),
		).toEqual(['email:guest.a@example.com', 'email:guest.b@example.com']);
	});
});
