import {
	CLOCK_SKEW_MS,
	ROUND_MS,
	deadlineOf,
	freeAt,
	isFree,
	isLongRun,
	readLease,
} from '../../../../domain/work/lease';
import { LEASE, MINUTE, NOW, after } from '../../support/work.cjs';

describe('A row of the lease table', () => {
	it('is a lease', () => {
		const row = { name: 'apply', holder: '42', term: 7, expires_at: after(2), taken_over_at: null };
		expect(readLease(row)).toEqual({ ...LEASE, expiresAt: NOW + 2 * MINUTE });
		expect(readLease({ ...row, taken_over_at: after(-1) })?.takenOverAt).toBe(NOW - MINUTE);
	});

	it('may have dates as the Data Table node returns them, nobody as holder, and no end yet', () => {
		const row = { holder: null, term: 0, expires_at: new Date(NOW) };
		expect(readLease(row)).toEqual({ holder: '', term: 0, expiresAt: NOW, takenOverAt: null });
		expect(readLease({ term: 0 })?.expiresAt).toBe(0);
	});

	it('is none without a term', () => {
		for (const row of [undefined, {}, { term: null }, { term: '7' }]) {
			expect(readLease(row)).toBeNull();
		}
	});
});

it('A lease is free from the millisecond at which it ends', () => {
	const lease = { ...LEASE, expiresAt: NOW };
	expect([NOW - 1, NOW, NOW + 1].map((now) => isFree(lease, now))).toEqual([false, true, true]);
});

it('A released lease can be acquired at once by any clock that differs no more than allowed', () => {
	const expiresAt = Date.parse(freeAt(NOW));
	const slowest = NOW - CLOCK_SKEW_MS;
	// What Acquire Lease asks for: expires_at < now − 15 s.
	expect(expiresAt).toBeLessThan(slowest - CLOCK_SKEW_MS);
});

describe('The deadline of a round', () => {
	it('comes half a minute after its start, so that a purchase waits no longer', () => {
		expect(deadlineOf(LEASE, NOW, 30_000)).toBe(NOW + ROUND_MS);
		expect(ROUND_MS).toBe(30_000);
	});

	it('leaves time for the last call and for saving before the lease ends', () => {
		const lease = { ...LEASE, expiresAt: NOW + 70_000 };
		expect(deadlineOf(lease, NOW, 30_000)).toBe(NOW + 20_000);
		expect(deadlineOf(lease, NOW, 40_000)).toBe(NOW + 10_000);
	});

	it('has passed already where the lease is nearly over', () => {
		expect(deadlineOf({ ...LEASE, expiresAt: NOW + 40_000 }, NOW, 30_000)).toBeLessThan(NOW);
	});
});

it('A run ends after ten minutes or twenty rounds, because n8n keeps the items of every node', () => {
	expect(isLongRun(NOW, 19, NOW + 10 * MINUTE)).toBe(false);
	expect(isLongRun(NOW, 20, NOW)).toBe(true);
	expect(isLongRun(NOW, 0, NOW + 10 * MINUTE + 1)).toBe(true);
});
