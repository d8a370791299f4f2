import { holdUnreadable } from '../../../../domain/entitlement/unreadable';
import { ADA } from '../../support/work.cjs';

const unreadable = (row: Record<string, unknown>, why = 'Unknown "event": "ping"') => ({
	row: { id: 9, ...row },
	why,
});
const held = (row: Record<string, unknown>) => holdUnreadable(ADA, [unreadable(row)]).access;

describe('A row that cannot be read', () => {
	it.each([
		['their id', { customer_id: '77' }],
		['their id as a number', { customer_id: 77 }],
		['their address in any letter case', { customer_email: 'ADA@example.com' }],
		['their subscription', { subscription_id: 's1' }],
	])('with %s holds the customer as they are', (_, row) => {
		expect(held(row)).toBe('hold');
	});

	it('with an earlier address of theirs holds them too', () => {
		const moved = { ...ADA, previous_emails: ['old@example.com'] };
		const rows = [unreadable({ customer_email: 'old@example.com' })];
		expect(holdUnreadable(moved, rows).access).toBe('hold');
	});

	it('about somebody else changes nothing', () => {
		const other = { customer_id: '88', customer_email: 'b@example.com', subscription_id: 's2' };
		expect(holdUnreadable(ADA, [unreadable(other)])).toBe(ADA);
		expect(holdUnreadable(ADA, [])).toBe(ADA);
	});

	it('about nobody changes nothing: empty is not equal to empty', () => {
		const unknown = { ...ADA, customer_id: null, customer_email: null, subscriptions: [] };
		const untitled = {
			...unknown,
			subscriptions: ADA.subscriptions.map((one) => ({ ...one, subscription_id: '' })),
		};
		for (const row of [{}, { customer_id: '', customer_email: '', subscription_id: '' }]) {
			for (const one of [ADA, unknown, untitled]) {
				expect(holdUnreadable(one, [unreadable(row)]).access).toBe('sync');
			}
		}
	});

	it('is named first, in one sentence', () => {
		const rows = [unreadable({}), unreadable({ customer_id: '77' }, 'It is wrong. Very. ')];
		expect(holdUnreadable(ADA, rows).explanation).toBe(
			`Row 9 of the event log cannot be read (It is wrong, Very, ). ${ADA.explanation}`,
		);
		const nameless = { row: { customer_id: '77' }, why: 'x' };
		expect(holdUnreadable(ADA, [nameless]).explanation).toMatch(/^Row {2}of/);
	});
});
