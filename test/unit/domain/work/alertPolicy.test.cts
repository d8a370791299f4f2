import {
	alertOf,
	runAlert,
	type FailingBefore,
	type Failure,
} from '../../../../domain/work/alertPolicy';
import { DAY, MINUTE, NOW, failure } from '../../support/work.cjs';

const FIRST: FailingBefore = {
	failures: 0,
	failingSince: null,
	lastError: '',
	needsAttention: false,
};
const failing = (failures: number, minutes: number, more: Partial<FailingBefore> = {}) => ({
	...FIRST,
	failures,
	failingSince: NOW - minutes * MINUTE,
	lastError: failure().message,
	...more,
});
const lasting = failure({ isTransient: false });
const WHO = { customer: 'customer:77', customer_email: 'ada@example.com' };
const now = { now: NOW, executionUrl: 'https://n8n/42' };
const isWorthAlert = (what: Failure, before: FailingBefore) =>
	alertOf(what, WHO, before, now) !== null;

describe('An alert is sent', () => {
	it('at once for an error that a person must fix, and not again while it stays the same', () => {
		expect(isWorthAlert(lasting, FIRST)).toBe(true);
		for (const failures of [1, 2, 3, 10]) {
			expect(isWorthAlert(lasting, failing(failures, 5))).toBe(false);
		}
		expect(isWorthAlert(lasting, failing(4, 5, { lastError: 'another one' }))).toBe(true);
	});

	it('after the third try for one that may pass, whatever it says', () => {
		const said = [0, 1, 2, 3, 4].map((failures) =>
			isWorthAlert(failure(), failures === 0 ? FIRST : failing(failures, 5)),
		);
		expect(said).toEqual([false, false, true, false, false]);
		expect(isWorthAlert(failure(), failing(1, 5, { lastError: 'another one' }))).toBe(false);
	});

	it('not for somebody who has waited, and whose first failure may pass', () => {
		expect(isWorthAlert(failure(), { ...FIRST, failures: 2 })).toBe(false);
	});

	it.each([
		['one that may pass', failure()],
		['one that a person must fix', lasting],
	])('once more after a day, for %s', (_, what) => {
		const day = DAY / MINUTE;
		expect(isWorthAlert(what, failing(9, day - 1))).toBe(false);
		expect(isWorthAlert(what, failing(9, day))).toBe(true);
		expect(isWorthAlert(what, failing(10, day + 360, { needsAttention: true }))).toBe(false);
	});
});

describe('The alert', () => {
	it('says who is concerned, what happened, and what to do', () => {
		expect(alertOf(failure(), WHO, failing(2, 15), now)).toEqual({
			...WHO,
			cause: 'Panel said 500: Server Error',
			what_happened: 'customer 77, ada@example.com: Panel said 500: Server Error',
			what_to_do: 'See the panel’s log.',
			execution_url: 'https://n8n/42',
		});
		expect(alertOf(lasting, { ...WHO, customer_email: null }, FIRST, now)?.customer_email).toBe('');
	});

	it('after a day says so, also in the cause: it is not the same alert again', () => {
		const alert = alertOf(failure(), WHO, failing(9, DAY / MINUTE), now);
		expect(alert?.cause).toBe('a day: Panel said 500: Server Error');
		expect(alert?.what_happened).toMatch(/Server Error \(failing for a day, a person is needed\)$/);
	});

	it('about a whole run names nobody, so that it is one for all', () => {
		expect(runAlert(failure(), 'https://n8n/42')).toEqual({
			customer: '',
			customer_email: '',
			cause: 'Panel said 500: Server Error',
			what_happened: 'Panel said 500: Server Error',
			what_to_do: 'See the panel’s log.',
			execution_url: 'https://n8n/42',
		});
	});
});
