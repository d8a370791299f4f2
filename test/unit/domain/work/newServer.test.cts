import { bulkTimeMs } from '../../../../domain/access/creationBudget';
import { gaining, guarded, range, seen } from '../../support/guarded.cjs';
import { startDay } from '../../support/newServer.cjs';
import { DAY, MINUTE, NOW } from '../../support/work.cjs';

const HOUR = 60 * MINUTE;
const EVERYBODY = range(600);

describe('A server that is new for 600 customers', () => {
	const day = startDay(NOW);
	const boughtAt = new Map<string, number>();
	let noon: ReturnType<typeof guarded> | undefined;
	/** What Preview would say, and the rows, at this time. */
	const reconcile = (hurries = false) =>
		guarded({
			preview: EVERYBODY.map((id) => {
				if (day.doneAt.has(`customer:${id}`)) return seen(id);
				const { changes = [], ...one } = gaining(id);
				return { ...one, changes: changes.map((change) => ({ ...change, server_id: 'a' })) };
			}),
			rows: [...day.rows.values()].map((row) => ({
				...row,
				customer: String(row.customer),
				granted: '{"a":["websocket.connect"]}',
			})),
			at: day.iso(),
			hurries,
		});

	beforeAll(() => {
		day.ask(EVERYBODY);
		day.until(NOW + 12 * HOUR, (minute) => {
			// Two buy every two hours, at minutes when bulk work has used its share.
			if (minute % 120 !== 65) return;
			for (const id of [1000 + minute, 1001 + minute]) {
				boughtAt.set(`customer:${id}`, day.now());
				day.buy(id);
			}
		});
		noon = reconcile();
		day.until(NOW + DAY);
	});

	it('has all of them by the next night', () => {
		const last = Math.max(...EVERYBODY.map((id) => day.doneAt.get(`customer:${id}`) ?? Infinity));
		expect((last - NOW) / HOUR).toBeLessThan(23);
		expect(Math.abs(last - NOW - bulkTimeMs(600))).toBeLessThan(16 * MINUTE);
	});

	it('takes seven new subusers in each window of the panel’s limit, the first at once', () => {
		const full = day.panel.windows.slice(0, -1);
		expect(full.map(({ bulk }) => bulk)).toEqual(full.map(() => 7));
		expect(day.panel.windows.length).toBe(Math.ceil(600 / 7));
		const gaps = full.slice(1).map(({ openedAt }, at) => openedAt - (full[at]?.openedAt ?? 0));
		expect(Math.max(...gaps)).toBeLessThan(17 * MINUTE);
		expect(day.panel.refused()).toBe(0);
	});

	it('keeps no purchase waiting', () => {
		for (const [customer, at] of boughtAt) {
			expect((day.doneAt.get(customer) ?? Infinity) - at).toBeLessThan(MINUTE);
		}
		expect(boughtAt.size).toBe(12);
	});

	it('alerts nobody, and nobody counts as failing', () => {
		expect(day.alerts).toEqual([]);
		for (const row of day.rows.values()) {
			expect(row).toMatchObject({ failures: 0, failing_since: null, needs_attention: false });
			expect(row).toMatchObject({ retry_at: null, waiting_since: null });
		}
	});

	it('is looked at by the writer no more than once a window', () => {
		expect(day.rounds()).toBeLessThan(12 + 86 + 12 + 5);
	});

	it('shows in the reconcile how many wait and until when, and asks for them once', () => {
		expect(noon?.said).toEqual([]);
		expect(noon?.summary.waiting).toBeGreaterThan(250);
		const until = Date.parse(noon?.summary.waiting_until ?? '');
		expect(until - NOW).toBeLessThan(23 * HOUR);
		expect(noon?.summary.summary).toMatch(
			/^600 customers looked at, 0 corrections appended, 0 to apply again, \d+ wait for the panel’s limit on new subusers until 2026-05-05 0\d:\d\d UTC at the latest$/,
		);
	});

	it('is nothing new for the next night', () => {
		expect(reconcile()).toMatchObject({ said: [], alert: null });
	});
});

it('A server that is new for 600 customers alerts nobody on a slow n8n either', () => {
	const day = startDay(NOW, 55_000);
	day.ask(EVERYBODY);
	day.until(NOW + DAY);
	expect(day.alerts).toEqual([]);
	expect(day.doneAt.size).toBe(600);
});

it.each([60, 7])('Nor does it take longer if n8n forgets the limit every %i minutes', (minutes) => {
	const day = startDay(NOW);
	day.ask(EVERYBODY);
	day.until(NOW + DAY, (minute) => {
		if (minute % minutes === 0) day.forget();
	});
	expect(day.alerts).toEqual([]);
	expect(day.doneAt.size).toBe(600);
});

it('Twenty who buy at once meanwhile have what they bought within two windows', () => {
	const day = startDay(NOW);
	day.ask(EVERYBODY);
	day.until(NOW + DAY, (minute) => {
		if (minute === 185) for (const id of range(20, 1000)) day.buy(id);
	});
	const waits = range(20, 1000).map((id) => (day.doneAt.get(`customer:${id}`) ?? Infinity) - NOW);
	expect(Math.max(...waits)).toBeLessThan((185 + 32) * MINUTE);
	expect(day.alerts).toEqual([]);
	expect(day.doneAt.size).toBe(620);
});
