import { factsOf, perkOf, type Facts } from '../../../../domain/perks/perks';
import { warningFor } from '../../../../domain/perks/warnings';
import { DAY, MINUTE, NOON, customer, settings } from './world.cjs';

const at = (time: number) => new Date(time).toISOString();
const END = NOON + 7 * DAY;
const facts = (state: string, more: Partial<Facts> = {}): Facts => ({
	...factsOf(customer(1), settings.ranks),
	state,
	access_until: at(END),
	...more,
});
const after = (warned: string | null, warnAt: number | null = null) => ({
	...perkOf({}),
	warned,
	warnAt,
});

describe('A warning', () => {
	it.each([
		['active', 'grace', 'payment failed'],
		['none', 'grace', 'payment failed'],
		['active', 'suspended', 'suspended'],
		['grace', 'suspended', 'suspended'],
		['grace', 'active', 'back'],
		['suspended', 'active', 'back'],
		['cancelled', 'active', undefined],
		['none', 'active', undefined],
		['grace', 'cancelled', undefined],
		['suspended', 'cancelled', undefined],
		['active', 'none', undefined],
		['active', 'active', undefined],
		['grace', 'grace', undefined],
		['suspended', 'suspended', undefined],
	])('when %s becomes %s: %s', (before, state, kind) => {
		expect(warningFor(facts(state), after(before), NOON).warning?.kind).toBe(kind);
	});

	it('says until when there is access', () => {
		expect(warningFor(facts('grace'), after('active'), NOON).warning).toEqual({
			id: `payment failed ${at(END)}`,
			kind: 'payment failed',
			customer: 'customer:1',
			customer_email: 'c1@example.com',
			customer_name: 'C 1',
			discord_id: '20000000000000001',
			tiers: ['knight'],
			access_until: at(END),
			subject: 'Your payment failed',
			text: 'Hello C 1,\n\nYour payment failed. You keep your access until 2026-05-10. Please pay the invoice in the shop.',
		});
	});

	it('says that the end is near, and that everything is well again', () => {
		const soon = warningFor(facts('grace'), after('grace', END - 2 * DAY), END - 2 * DAY).warning;
		expect(soon).toMatchObject({
			kind: 'suspended soon',
			access_until: at(END),
			subject: 'Your access ends soon',
			text: 'Hello C 1,\n\nYour invoice is still unpaid. Your access ends on 2026-05-10.',
		});
		expect(warningFor(facts('active'), after('suspended'), NOON).warning).toMatchObject({
			access_until: null,
			subject: 'Your access is back',
			text: 'Hello C 1,\n\nThank you for your payment. You have your access again.',
		});
	});

	it('names no end that is over, and nobody whose name is unknown', () => {
		const ended = facts('suspended', { access_until: null, customer_name: null });
		const { warning } = warningFor(ended, after('grace'), NOON);
		expect(warning).toMatchObject({
			id: `suspended ${ended.changed_at}`,
			access_until: null,
			subject: 'Your access is suspended',
			text: 'Hello,\n\nYour access is suspended. It comes back as soon as the invoice is paid.',
		});
		for (const state of ['suspended', 'active']) {
			expect(warningFor(facts(state), after('grace'), NOON).warning?.access_until).toBeNull();
		}
	});

	it('is not for somebody whom an operator holds', () => {
		const held = facts('grace', { on_hold: true });
		expect(warningFor(held, after('active'), NOON).warning).toBeNull();
	});
});

describe('The second warning', () => {
	const soon = END - 2 * DAY;
	const kindAt = (now: number, warnAt: number | null, more: Partial<Facts> = {}) =>
		warningFor(facts('grace', more), after('grace', warnAt), now).warning?.kind;

	it('is due two days before the end, of a grace only', () => {
		expect(warningFor(facts('grace'), after('active'), NOON).warnAt).toBe(soon);
		expect(warningFor(facts('grace'), after('active'), soon).warnAt).toBeNull();
		expect(warningFor(facts('active'), after('active'), NOON).warnAt).toBeNull();
		expect(warningFor(facts('suspended'), after('grace'), NOON).warnAt).toBeNull();
	});

	it('comes when it is due, once', () => {
		expect(kindAt(soon - 1, soon)).toBeUndefined();
		expect(kindAt(soon, soon)).toBe('suspended soon');
		expect(kindAt(soon, null)).toBeUndefined();
	});

	it('waits when the end was put off meanwhile, and comes at once when it was brought forward', () => {
		expect(kindAt(soon + MINUTE, soon, { access_until: at(END + DAY) })).toBeUndefined();
		expect(kindAt(soon - MINUTE, soon, { access_until: at(END - DAY) })).toBe('suspended soon');
	});

	it('does not come to somebody who has paid meanwhile', () => {
		expect(warningFor(facts('active'), after('active', soon), soon).warning).toBeNull();
	});
});
