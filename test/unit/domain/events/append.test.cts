import { eventRow, queueKey } from '../../../../domain/events/append';
import { readRow } from '../../../../domain/events/row';
import { TABLES } from '../../../../domain/tables';
import { after } from '../../support/work.cjs';

const AT = after(0);
const hold = {
	event_id: 'op_1',
	event: 'override.hold' as const,
	customer_id: '77',
	reason: 'a dispute',
	actor: 'Kim',
};

describe('An event of our own', () => {
	it('is a complete row of the log that can be read back', () => {
		const row = eventRow(hold, { at: AT, source: 'operator' });
		expect(row).toMatchObject({
			...hold,
			occurred_at: AT,
			state_at: AT,
			received_at: AT,
			subscription_id: '',
			customer_email: null,
			paid_until: '',
			is_overdue: null,
			ends_at: '',
			hold_until: '',
			recorded: null,
			source: 'operator',
			queue: `0 ${AT} ${hold.event_id}`,
		});
		expect(readRow(row)).toMatchObject({ ...hold, occurred_at: AT, tier: null });
		expect(readRow(row).paid_until).toBeUndefined();
	});

	it('has every column but those that the writer fills in', () => {
		const row = eventRow(hold, { at: AT, source: 'operator' });
		const writers = ['round', 'processed_at', 'rejected'];
		const columns = Object.keys(TABLES.paymenter_events).filter((name) => !writers.includes(name));
		expect(Object.keys(row).sort()).toEqual(columns.sort());
	});

	it('may have happened at another time than it is appended', () => {
		const occurred_at = after(-60);
		const row = eventRow(
			{ ...hold, occurred_at, paid_until: null },
			{ at: AT, source: 'reconcile' },
		);
		expect(row).toMatchObject({
			occurred_at,
			received_at: AT,
			paid_until: null,
			queue: `1 ${AT} ${hold.event_id}`,
		});
	});

	it('may record the access to restore', () => {
		const recorded = { abcd1234: ['websocket.connect'] };
		const row = eventRow({ ...hold, recorded }, { at: AT, source: 'operator' });
		expect(row.recorded).toBe('{"abcd1234":["websocket.connect"]}');
	});
});

it('The queue: whoever waits for access comes before bulk work, and the oldest first', () => {
	const keys = [
		queueKey('reconcile', after(-60), 'evt'),
		queueKey('webhook', after(2), 'evt'),
		queueKey('operator', after(1), 'evt'),
		queueKey('reconcile', after(-90), 'evt'),
	];
	expect([...keys].sort()).toEqual([
		`0 ${after(1)} evt`,
		`0 ${after(2)} evt`,
		`1 ${after(-90)} evt`,
		`1 ${after(-60)} evt`,
	]);
});
