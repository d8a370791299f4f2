import { CreationBudget } from '../../../../domain/access/creationBudget';
import { MINUTE, NOW } from '../../support/work.cjs';

const budget = () => new CreationBudget();

describe('New subusers of a server', () => {
	it('may be created while nothing is known', () => {
		expect(budget().closedUntil('a', false, NOW)).toBeNull();
		expect(budget().closedUntil('a', true, NOW)).toBeNull();
	});

	it('wait after a refusal until the time that the panel said, on this server only', () => {
		const known = budget();
		known.noteClosed('a', NOW + MINUTE);
		expect(known.closedUntil('a', false, NOW)).toBe(NOW + MINUTE);
		expect(known.closedUntil('a', true, NOW + MINUTE - 1)).toBe(NOW + MINUTE);
		expect(known.closedUntil('a', false, NOW + MINUTE)).toBeNull();
		expect(known.closedUntil('b', false, NOW)).toBeNull();
	});

	it('are left to purchases by bulk work where no more than three are left', () => {
		const known = budget();
		known.noteLeft('a', 4);
		expect(known.closedUntil('a', true, NOW)).toBeNull();
		for (const left of [3, 1, 0]) {
			known.noteLeft('a', left);
			expect(known.closedUntil('a', true, NOW)).toBe(NOW + 5 * MINUTE);
			expect(known.closedUntil('a', false, NOW)).toBeNull();
			expect(known.closedUntil('b', true, NOW)).toBeNull();
		}
	});

	it('may be created by bulk work too once the window has passed', () => {
		const known = budget();
		known.noteLeft('a', 0);
		known.noteClosed('a', NOW + MINUTE);
		expect(known.closedUntil('a', true, NOW)).toBe(NOW + MINUTE);
		expect(known.closedUntil('a', true, NOW + MINUTE)).toBeNull();
	});
});
