import { eventRow } from '../../../../domain/events/append';
import { confirm } from '../../../../domain/operator/confirm';

const row = eventRow(
	{ event_id: 'operator-1', event: 'override.set', tier: 'knight', reason: 'why' },
	{ at: '2026-05-03T10:00:00.000Z', source: 'operator' },
);
const NOW = new Date('2026-05-03T10:30:00.000Z');

describe('The answer of an operator', () => {
	it('lets the events happen at the time of the answer', () => {
		const at = NOW.toISOString();
		expect(confirm('Yes, do it', [row], NOW)).toEqual({
			kind: 'confirmed',
			rows: [
				{ ...row, occurred_at: at, state_at: at, received_at: at, queue: `0 ${at} operator-1` },
			],
		});
	});

	it('may be no', () => {
		expect(confirm('No, change nothing', [row], NOW)).toEqual({ kind: 'declined' });
	});

	it.each(['', 'Yes', 'yes, do it', 'Yes, do it '])('counts only if it is exact (%j)', (answer) => {
		expect(confirm(answer, [row], NOW)).toEqual({ kind: 'abandoned' });
	});
});
