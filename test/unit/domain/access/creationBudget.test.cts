import {
	BULK_CYCLE_MS,
	CreationBudget,
	WINDOW_MS,
	bulkTimeMs,
} from '../../../../domain/access/creationBudget';
import { MINUTE, NOW } from '../../support/work.cjs';

const budget = () => new CreationBudget();
const left = (count: number) => ({ limit: 10, left: count });
const BULK = { who: 'c1@example.com', isBulk: true };
const BUYER = { ...BULK, isBulk: false };
/** Somebody else of bulk work. */
const other = (id: number) => ({ who: `c${id}@example.com`, isBulk: true });
const END = NOW + WINDOW_MS;

describe('New subusers of a server', () => {
	it('may be created while nothing is known', () => {
		expect(budget().waitFor('a', BUYER, NOW)).toBeNull();
		expect(budget().waitFor('a', BULK, NOW)).toBeNull();
	});

	it('wait after a refusal until the time that the panel said, on this server only', () => {
		const known = budget();
		known.noteClosed('a', { limit: 10, ms: MINUTE }, NOW);
		const wait = { until: NOW + MINUTE, ahead: 0 };
		expect(known.waitFor('a', BUYER, NOW)).toEqual(wait);
		expect(known.waitFor('a', BULK, NOW + MINUTE - 1)).toEqual(wait);
		expect(known.waitFor('a', BUYER, NOW + MINUTE)).toBeNull();
		expect(known.waitFor('b', BUYER, NOW)).toBeNull();
	});

	it('are left to purchases by bulk work where no more than three are left', () => {
		const known = budget();
		known.noteLeft('a', left(9), NOW);
		known.noteLeft('a', left(4), NOW + MINUTE);
		expect(known.waitFor('a', BULK, NOW + MINUTE)).toBeNull();
		for (const count of [3, 1, 0]) {
			known.noteLeft('a', left(count), NOW + MINUTE);
			expect(known.waitFor('a', BULK, NOW + MINUTE)?.until).toBe(END);
			expect(known.waitFor('a', BUYER, NOW + MINUTE)).toBeNull();
			expect(known.waitFor('b', BULK, NOW + MINUTE)).toBeNull();
		}
	});

	it('are ten again when the window that the first of them opened has passed', () => {
		const known = budget();
		known.noteLeft('a', left(3), NOW);
		expect(known.waitFor('a', BULK, END - 1)).not.toBeNull();
		expect(known.waitFor('a', BULK, END)).toBeNull();
		known.noteLeft('a', left(9), END + MINUTE);
		expect(known.waitFor('a', BULK, END + MINUTE)).toBeNull();
		known.noteLeft('a', left(3), END + MINUTE);
		expect(known.waitFor('a', BULK, END + MINUTE)?.until).toBe(END + MINUTE + WINDOW_MS);
	});

	it('are ten again as soon as the panel says so, however long its windows last', () => {
		const known = budget();
		known.noteLeft('a', left(0), NOW);
		known.noteLeft('a', left(9), NOW + MINUTE);
		expect(known.waitFor('a', BULK, NOW + MINUTE)).toBeNull();
	});

	it('are what the panel says once it has refused one', () => {
		const known = budget();
		known.noteLeft('a', left(0), NOW);
		known.noteClosed('a', { limit: 10, ms: 5 * MINUTE }, NOW);
		expect(known.waitFor('a', BULK, NOW)?.until).toBe(NOW + 5 * MINUTE);
	});
});

describe('Bulk work that waits', () => {
	const waits = (limit: number, count: number) => {
		const known = budget();
		known.noteLeft('a', { limit, left: 3 }, NOW);
		return Array.from({ length: count }, (_, id) => known.waitFor('a', other(id), NOW));
	};

	it('is called in line, as many with each window as it has room for', () => {
		const line = waits(10, 16);
		expect(line.map((one) => one?.ahead)).toEqual(line.map((_, index) => index));
		const cycles = line.map((one) => ((one?.until ?? 0) - END) / BULK_CYCLE_MS);
		expect(cycles).toEqual([...Array<number>(7).fill(0), ...Array<number>(7).fill(1), 2, 2]);
	});

	it('is called faster where the owner has raised the limit, and one at a time where it is tiny', () => {
		const lastOf = (limit: number) => waits(limit, 20).at(-1)?.until;
		expect(lastOf(103)).toBe(END);
		expect(lastOf(2)).toBe(END + 19 * BULK_CYCLE_MS);
	});

	it('stands in a new line in each window', () => {
		const known = budget();
		known.noteLeft('a', left(3), NOW);
		known.waitFor('a', other(1), NOW);
		known.noteLeft('a', left(2), NOW + 1);
		known.noteClosed('a', { limit: 10, ms: WINDOW_MS - 2 }, NOW + 2);
		expect(known.waitFor('a', other(2), NOW + 2)?.ahead).toBe(1);
		known.noteLeft('a', left(3), END);
		expect(known.waitFor('a', other(2), END)?.ahead).toBe(0);
	});

	it('keeps its place if the reconcile asks for it again', () => {
		const known = budget();
		known.noteLeft('a', left(3), NOW);
		const places = [1, 2, 3, 2, 1, 4].map((id) => known.waitFor('a', other(id), NOW)?.ahead);
		expect(places).toEqual([0, 1, 2, 1, 0, 3]);
	});

	it.each([
		[0, 0],
		[7, 0],
		[8, 1],
		[600, 85],
	])('of %i new subusers takes %i windows after the first', (count, windows) => {
		expect(bulkTimeMs(count)).toBe(windows * 16 * MINUTE);
	});
});
