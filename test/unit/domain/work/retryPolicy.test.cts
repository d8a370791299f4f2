import { needsAttention, retryAt } from '../../../../domain/work/retryPolicy';
import { DAY, MINUTE, NOW } from '../../support/work.cjs';

it('Tries follow after 5, 10, 20 … minutes, at most 6 hours', () => {
	const minutes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 2000].map(
		(failures) => (Date.parse(retryAt(failures, NOW)) - NOW) / MINUTE,
	);
	expect(minutes).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360, 360]);
});

it('Whoever has been failing for a day needs a person', () => {
	expect(needsAttention(null, NOW)).toBe(false);
	expect(needsAttention(NOW - DAY + 1, NOW)).toBe(false);
	expect(needsAttention(NOW - DAY, NOW)).toBe(true);
});
