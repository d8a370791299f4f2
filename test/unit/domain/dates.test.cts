import { earliest, timeOf } from '../../../domain/dates';
import { NOW, after } from '../support/work.cjs';

it.each([
	[null, null],
	[undefined, null],
	['', null],
	['someday', null],
	[after(0), NOW],
	[new Date(NOW), NOW],
	[new Date(NaN), null],
])('The time in a date column: %p is %p', (value, time) => {
	expect(timeOf(value)).toBe(time);
});

describe('The earliest of some times', () => {
	it('is the first of those that are known', () => {
		expect(earliest([after(9), null, after(3), after(5)])).toBe(after(3));
	});

	it('is none without any', () => {
		expect(earliest([])).toBeNull();
		expect(earliest([null, null])).toBeNull();
	});
});
