import { readRow } from '../../../../domain/events/row';
import { planUndo } from '../../../../domain/operator/undoPlan';
import { TABLES, type ReadRow } from '../../../../domain/tables';

type ChangeRow = ReadRow<'paymenter_provisioning_log'>;
type CustomerRow = ReadRow<'paymenter_customers'>;

const NOW = new Date('2026-05-03T10:00:00.000Z');
const FORM = { minutes: 60, email: '', actor: 'Olivia', reason: 'a wrong plan' };

const change = (server_id: string, before: string, more: Partial<ChangeRow> = {}): ChangeRow => ({
	customer: 'customer:77',
	customer_email: 'ada@example.com',
	server_id,
	before,
	...more,
});

const plan = (changes: ChangeRow[], form = {}, customers: CustomerRow[] = []) =>
	planUndo({ ...FORM, ...form, changes, customers }, 'undo-1', NOW);

function customersOf(...said: Parameters<typeof plan>) {
	const planned = plan(...said);
	if (typeof planned === 'string') throw new Error(planned);
	return planned.map((one) => ({
		...one,
		recorded: JSON.parse(one.events[1]?.recorded ?? '') as unknown,
	}));
}

describe('An undo', () => {
	it('restores what each server had before the first change', () => {
		const [one, ...more] = customersOf([
			change('aaaaaaaa', 'control.start, schedule.read'),
			change('aaaaaaaa', 'control.start'),
			change('bbbbbbbb', ''),
			change('bbbbbbbb', 'schedule.read'),
		]);
		expect(more).toEqual([]);
		expect(one).toMatchObject({
			customer_id: '77',
			recorded: { aaaaaaaa: ['control.start', 'schedule.read'], bbbbbbbb: [] },
		});
	});

	it('ignores changes of the account, alerts and empty items', () => {
		const [one] = customersOf([
			{},
			change('', 'x'),
			{ customer: 'customer:88', customer_email: 'bob@example.com', server_id: null },
			change('aaaaaaaa', ''),
			{ server_id: 'aaaaaaaa', before: '' },
		]);
		expect(one?.recorded).toEqual({ aaaaaaaa: [] });
	});

	it('names a customer by the address that they have now', () => {
		const moved = { customer: 'customer:77', customer_email: 'new@example.com' };
		const [one] = customersOf(
			[
				change('aaaaaaaa', ''),
				change('bbbbbbbb', '', { customer_email: 'old@example.com' }),
				change('cccccccc', '', { customer_email: null }),
				change('dddddddd', ''),
			],
			{},
			[moved],
		);
		expect(one).toMatchObject({ customer_email: 'new@example.com' });
	});

	it('of one customer finds them by their present address', () => {
		const changes = [
			change('aaaaaaaa', ''),
			change('aaaaaaaa', '', { customer: 'customer:88', customer_email: 'bob@example.com' }),
		];
		const rows = [{ customer: 'customer:77', customer_email: 'new@example.com' }];
		const of = (email: string) =>
			customersOf(changes, { email }, rows).map(({ customer_id }) => customer_id);
		expect(of(' New@Example.com ')).toEqual(['77']);
		expect(of('bob@example.com')).toEqual(['88']);
		expect(of('')).toEqual(['77', '88']);
		expect(plan(changes, { email: 'ada@example.com' }, rows)).toContain('nothing to undo');
	});

	it('holds each customer, and asks to restore the recorded access', () => {
		const [one, two] = customersOf([
			change('aaaaaaaa', 'schedule.read'),
			change('aaaaaaaa', '', { customer: 'email:bob@example.com', customer_email: '' }),
		]);
		const said = { actor: 'Olivia', reason: 'undone: a wrong plan', source: 'operator' };
		expect(one?.events).toMatchObject([
			{ event_id: 'undo-1-1-hold', event: 'override.hold', recorded: null, ...said },
			{
				event_id: 'undo-1-1-restore',
				event: 'restore.requested',
				recorded: '{"aaaaaaaa":["schedule.read"]}',
				customer_id: '77',
				customer_email: 'ada@example.com',
				queue: `0 ${NOW.toISOString()} undo-1-1-restore`,
				...said,
			},
		]);
		expect(two?.events).toMatchObject([
			{ event_id: 'undo-1-2-hold', customer_id: null, customer_email: null },
			{ event_id: 'undo-1-2-restore', customer_id: null },
		]);
		for (const row of one?.events ?? []) {
			expect(readRow(row).event).toBe(row.event);
			for (const column of Object.keys(row)) {
				expect(Object.keys(TABLES.paymenter_events)).toContain(column);
			}
		}
	});

	it('names who asked and why without spaces around', () => {
		const [one] = customersOf([change('aaaaaaaa', '')], { actor: ' Olivia ', reason: ' a plan ' });
		expect(one?.events[0]).toMatchObject({ actor: 'Olivia', reason: 'undone: a plan' });
	});

	it.each([
		[{ minutes: 0 }, 'Enter a number of minutes.'],
		[{ minutes: -5 }, 'Enter a number of minutes.'],
		[{ minutes: NaN }, 'Enter a number of minutes.'],
		[{ actor: ' ' }, 'Enter your name.'],
		[{ reason: ' ' }, 'Enter a reason.'],
	])('of %j is refused', (form, problem) => {
		expect(plan([change('aaaaaaaa', '')], form)).toBe(problem);
	});

	it('says that there is nothing to undo', () => {
		expect(plan([{}])).toContain('nothing to undo');
	});
});
