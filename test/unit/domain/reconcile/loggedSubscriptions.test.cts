import type { LogEvent } from '../../../../domain/events/event';
import {
	couldFailAt,
	hasEnded,
	isLive,
	isSuspendedByHand,
	lastOf,
	loggedSubscriptionsOf,
} from '../../../../domain/reconcile/loggedSubscriptions';
import { moment } from '../../support/billing.cjs';
import { told } from '../../support/truth.cjs';

const created = told('created', '05-01');

function logged(when: string, ...log: LogEvent[]) {
	const one = loggedSubscriptionsOf(log, new Date(moment(when))).get('1');
	if (!one) throw new Error('no subscription');
	return one;
}

describe('A subscription in the log', () => {
	it('has its owner and all of its events, and no others', () => {
		const renewed = told('succeeded', '05-03');
		const other = told('created', '05-02', { subscription_id: '2', event_id: 'other' });
		expect(logged('05-04', created, other, renewed)).toMatchObject({
			customer_id: '77',
			customer_email: 'ada@example.com',
			events: [created, renewed],
		});
	});

	it('is live until it was cancelled or before it was paid', () => {
		expect(isLive(logged('05-04', created))).toBe(true);
		expect(isLive(logged('06-20', created, told('failed', '06-01')))).toBe(true);
		expect(isLive(logged('05-04', created, told('cancelled', '05-02')))).toBe(false);
		expect(isLive(logged('05-04', told('created', '05-01', { status: 'pending' })))).toBe(false);
	});

	it('is suspended by hand if no payment has failed', () => {
		const byHand = told('updated', '05-10', { status: 'suspended' });
		expect(isSuspendedByHand(logged('05-11', created, byHand))).toBe(true);
		expect(isSuspendedByHand(logged('05-11', created))).toBe(false);
		const unpaid = logged('06-20', created, told('failed', '06-01'));
		expect(unpaid.state).toBe('suspended');
		expect(isSuspendedByHand(unpaid)).toBe(false);
	});

	it('has ended at its planned end: when that day and one more are over', () => {
		const ending = (when: string) =>
			logged(when, created, told('updated', '05-05', { ends_at: '2026-05-31' }));
		expect(hasEnded(ending('06-02 00:00'), moment('06-02 00:00'))).toBe(true);
		expect(hasEnded(ending('06-01 23:59'), moment('06-01 23:59'))).toBe(false);
		const cancelled = logged('05-07', created, told('cancelled', '05-06'));
		expect(hasEnded(cancelled, moment('05-07'))).toBe(false);
	});

	it('has not ended if it goes on after its planned end', () => {
		const one = logged('05-07', created, told('updated', '05-05', { ends_at: '2026-05-31' }));
		expect(hasEnded(one, moment('06-10'))).toBe(false);
	});
});

describe('A payment could fail', () => {
	const could = (when: string, ...log: LogEvent[]) =>
		couldFailAt(logged('05-20', ...log), moment(when));

	it('from the moment of the purchase, and not before', () => {
		expect(could('05-01', created)).toBe(true);
		expect(could('04-30', created)).toBe(false);
	});

	it('not while it was suspended by hand or cancelled', () => {
		const log = [created, told('updated', '05-10', { status: 'suspended' })];
		expect(could('05-09', ...log)).toBe(true);
		expect(could('05-11', ...log)).toBe(false);
		expect(could('05-11', created, told('cancelled', '05-10'))).toBe(false);
	});
});

describe('The last event', () => {
	it('is the one with the newest state, whatever its place and id', () => {
		const events = ['05-02', '05-09', '05-03'].map((when) => told('updated', when));
		expect(lastOf(events)).toBe('updated at 05-09');
	});

	it('is none without events', () => {
		expect(lastOf([])).toBe('');
	});
});
