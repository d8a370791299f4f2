import type { LogEvent } from '../../../../domain/events/event';
import { customer, event, moment, override, said } from '../../support/billing.cjs';

const PAID = { paid_until: '2026-05-31' };
const until = (events: LogEvent[], when = '05-20') => customer(events, when).access_until;
const created = (more: Partial<LogEvent> = {}) => event('created', '05-01', { ...PAID, ...more });
/** The end of 31 May everywhere, and seven days. */
const END = moment('06-09 00:00');

describe('Access lasts, if nothing more is paid,', () => {
	it('to the end of the grace after the paid period', () => {
		expect(until([created()])).toBe(END);
		expect(until([created({ hold_until: '2026-06-05' })])).toBe(END);
		expect(until([created({ hold_until: '2026-06-20' })])).toBe(moment('06-22 00:00'));
	});

	it('for ever where nothing expires, or no date is known', () => {
		expect(until([created({ paid_until: null })])).toBeNull();
		expect(until([created({ paid_until: undefined })])).toBeNull();
	});

	it('to the planned end, if that comes first', () => {
		expect(until([created({ ends_at: '2026-05-31' })])).toBe(moment('06-02 00:00'));
		expect(until([created({ ends_at: '2026-06-30' })])).toBe(END);
		expect(until([created({ paid_until: null, ends_at: '2026-07-01' })])).toBe(
			moment('07-03 00:00'),
		);
	});

	it('to the end of the grace that runs, extended or not', () => {
		const late = event('failed', '05-25', { paid_until: '2026-05-22' });
		const start = created({ paid_until: '2026-05-22' });
		expect(until([start, late], '05-26')).toBe(moment('05-31 00:00'));
		const longer = said('grace.extend', '05-27', { override_until: '2026-06-10' });
		expect(until([start, late, longer], '05-28')).toBe(moment('06-12 00:00'));
	});

	it('to the latest of several', () => {
		const other = created({ subscription_id: 's2', paid_until: '2026-06-30' });
		const third = created({ subscription_id: 's3', paid_until: '2026-06-10' });
		expect(until([created(), other, third])).toBe(moment('07-09 00:00'));
		const forever = created({ subscription_id: 's2', paid_until: null });
		expect(until([created(), forever])).toBeNull();
		expect(until([forever, created()])).toBeNull();
		expect(until([created(), forever, third])).toBeNull();
		const gone = event('cancelled', '05-02', { subscription_id: 's2', paid_until: '2026-12-31' });
		expect(until([created(), gone])).toBe(END);
	});

	it('until billing says that a payment failed, though the date has passed', () => {
		expect(until([created()], '07-20')).toBe(END);
	});

	it('to the end of the override in its place', () => {
		const given = (override_until: string | null) =>
			until([created(), override('set', '05-02', { tier: 'elder', override_until })]);
		expect(given('2026-05-25')).toBe(moment('05-27 00:00'));
		expect(given(null)).toBeNull();
		const suspended = override('set', '05-02', { override_until: '2026-05-25' });
		expect(until([created(), suspended])).toBeNull();
	});

	it('at least as long as somebody is held', () => {
		const held = (override_until: string | null) =>
			until([created(), said('override.hold', '05-02', { override_until })]);
		expect(held(null)).toBeNull();
		expect(held('2026-05-25')).toBe(END);
		expect(held('2026-06-25')).toBe(moment('06-27 00:00'));
		const nothing = event('cancelled', '05-01');
		expect(until([nothing, said('override.hold', '05-02', {})], '05-03')).toBeNull();
	});

	it('not at all where there is none', () => {
		expect(until([event('cancelled', '05-02')])).toBeNull();
		expect(until([created({ status: 'suspended', is_overdue: false })])).toBeNull();
		expect(until([created(), event('failed', '05-02', { paid_until: '2026-05-01' })])).toBeNull();
	});
});
