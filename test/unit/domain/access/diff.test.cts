import fc from 'fast-check';

import { diff, type Action } from '../../../../domain/access/diff';
import { IMPLICIT_PERMISSION, sameAccess } from '../../../../domain/access/permissions';
import type { Server } from '../../../../domain/access/panelRecords';

const ME = 7;
const OTHER = 8;
const OURS = ['activity.read', 'backup.read', 'startup.read'];
const FOREIGN = ['file.read', 'control.console'];

const server = (id: number, mine: string[][], fields: Partial<Server> = {}): Server => ({
	id,
	uuid: `0000000${id}-aaaa`,
	name: `Server ${id}`,
	description: '',
	user: 1,
	node: 1,
	nest: 1,
	location: null,
	tags: [],
	status: null,
	rows: new Map([[OTHER, [['file.read']]], ...(mine.length > 0 ? [[ME, mine] as const] : [])]),
	...fields,
});

const ours =
	(alsoOurs: string[] = []) =>
	(_server: Server, key: string) =>
		[...OURS, ...alsoOurs].includes(key);

const actionsFor = (
	rows: string[][],
	wanted: string[] | null,
	{ alsoOurs = [] as string[], fields = {} as Partial<Server> } = {},
): Action[] =>
	diff({
		account: { id: ME },
		target: new Map(wanted ? [[1, wanted]] : []),
		servers: [server(1, rows, fields)],
		isOurs: ours(alsoOurs),
	});

describe('The difference between what an account has and what it is to have', () => {
	it.each<[string, string[][], string[] | null, string[]]>([
		['has nothing and gets nothing', [], null, []],
		['has what it is to have', [['activity.read']], ['activity.read'], []],
		[
			'has it in another order',
			[['b.x', 'activity.read']].map(() => ['backup.read', 'activity.read']),
			['activity.read', 'backup.read'],
			[],
		],
		[
			'has websocket.connect beside, which the panel adds',
			[['activity.read', IMPLICIT_PERMISSION]],
			['activity.read'],
			[],
		],
		['has only what others gave', [['file.read']], null, []],
		['has a bare row that was made by hand', [[IMPLICIT_PERMISSION]], null, []],
	])('is nothing where it %s', (_what, rows, wanted, alsoOurs) => {
		expect(actionsFor(rows, wanted, { alsoOurs })).toEqual([]);
	});

	it.each<[string, string[][], string[] | null, string[], Action['kind'], string[]]>([
		['a new row', [], ['activity.read'], [], 'create', ['activity.read']],
		[
			'more on the row',
			[['activity.read']],
			['activity.read', 'backup.read'],
			[],
			'update',
			['activity.read', 'backup.read'],
		],
		[
			'less on the row',
			[['activity.read', 'backup.read']],
			['activity.read'],
			[],
			'update',
			['activity.read'],
		],
		['no row any more', [['activity.read', IMPLICIT_PERMISSION]], null, [], 'delete', []],
		[
			'no row where only our websocket.connect is left',
			[[IMPLICIT_PERMISSION]],
			null,
			[IMPLICIT_PERMISSION],
			'delete',
			[],
		],
		[
			'what others gave, when ours goes',
			[['activity.read', 'file.read']],
			null,
			[],
			'update',
			['file.read'],
		],
		[
			'what others gave beside ours',
			[['file.read']],
			['activity.read'],
			[],
			'update',
			['file.read', 'activity.read'],
		],
		[
			'what is no longer in the plan back, if it was granted before',
			[['settings.rename', 'activity.read']],
			['activity.read'],
			['settings.rename'],
			'update',
			['activity.read'],
		],
		[
			'two equal rows made one',
			[['activity.read'], ['activity.read']],
			['activity.read'],
			[],
			'rebuild',
			['activity.read'],
		],
		[
			'two rows with what others gave on either made one',
			[['activity.read'], ['file.read']],
			['activity.read'],
			[],
			'rebuild',
			['file.read', 'activity.read'],
		],
		['two rows taken', [['activity.read'], ['backup.read']], null, [], 'rebuild', []],
		[
			'two rows taken but for what others gave',
			[['activity.read'], ['file.read']],
			null,
			[],
			'rebuild',
			['file.read'],
		],
	])('is %s', (_what, rows, wanted, alsoOurs, kind, after) => {
		const [action, ...more] = actionsFor(rows, wanted, { alsoOurs });
		expect(more).toEqual([]);
		expect(action?.kind).toBe(kind);
		expect(action?.after.filter((key) => key !== IMPLICIT_PERMISSION).sort()).toEqual(
			[...after].sort(),
		);
	});

	it('never asks for a key twice, which would spoil the row for ever [319]', () => {
		const [action] = actionsFor([['file.read', 'activity.read']], ['backup.read', 'activity.read']);
		expect(new Set(action?.after).size).toBe(action?.after.length);
	});

	it.each([[[]], [[['activity.read']]], [[['activity.read'], ['activity.read']]]])(
		'is nothing on a server that the account owns (rows %j)',
		(rows: string[][]) => {
			expect(actionsFor(rows, ['backup.read'], { fields: { user: ME } })).toEqual([]);
			expect(actionsFor(rows, null, { fields: { user: ME } })).toEqual([]);
		},
	);

	it('leaves the rows of other accounts out of it', () => {
		const actions = actionsFor([], null);
		expect(actions).toEqual([]);
	});
});

describe('Two sets of permissions', () => {
	it('are the same in any order and with or without websocket.connect', () => {
		expect(sameAccess(['a.x', 'b.y', IMPLICIT_PERMISSION], ['b.y', 'a.x'])).toBe(true);
	});
	it('are not the same where one has more', () => {
		expect(sameAccess(['a.x'], ['a.x', 'b.y'])).toBe(false);
	});
});

describe('For every panel and every plan', () => {
	// The panel puts websocket.connect on every row.
	const keys = fc
		.uniqueArray(fc.constantFrom(...OURS, ...FOREIGN))
		.map((drawn) => [...drawn, IMPLICIT_PERMISSION]);
	const rows = fc.array(keys, { maxLength: 3 });
	const situation = fc.record({
		servers: fc.array(rows, { minLength: 1, maxLength: 4 }),
		target: fc.array(fc.uniqueArray(fc.constantFrom(...OURS, IMPLICIT_PERMISSION)), {
			minLength: 4,
			maxLength: 4,
		}),
		alsoOurs: fc.subarray([IMPLICIT_PERMISSION, 'control.console']),
	});

	/** What the panel does with an action: `websocket.connect` comes with every row. */
	const applied = (servers: Server[], actions: Action[]): Server[] =>
		servers.map((one) => {
			const action = actions.find(({ server: { id } }) => id === one.id);
			if (!action) return one;
			const rows = new Map(one.rows);
			if (action.after.length > 0)
				rows.set(ME, [[...new Set([...action.after, IMPLICIT_PERMISSION])]]);
			else rows.delete(ME);
			return { ...one, rows };
		});

	const mineOn = (one: Server) => (one.rows.get(ME) ?? []).flat();

	it('one round of writes leaves nothing to write, exactly what is wanted, and all that others gave', () => {
		fc.assert(
			fc.property(situation, ({ servers: drawn, target: wanted, alsoOurs }) => {
				const before = drawn.map((mine, index) => server(index + 1, mine));
				const isOurs = ours(alsoOurs);
				const target = new Map<number, string[]>();
				for (const [index, one] of before.entries()) {
					const keysOfPlan = (wanted[index] ?? []).filter((key) => isOurs(one, key));
					if (keysOfPlan.length > 0) target.set(one.id, keysOfPlan);
				}
				const input = { account: { id: ME }, target, isOurs };
				const after = applied(before, diff({ ...input, servers: before }));
				expect(diff({ ...input, servers: after })).toEqual([]);
				for (const [index, one] of after.entries()) {
					const had = mineOn(before[index] as Server);
					const has = mineOn(one);
					const isForeign = (key: string) => key !== IMPLICIT_PERMISSION && !isOurs(one, key);
					expect(has.filter(isForeign).sort()).toEqual([...new Set(had.filter(isForeign))].sort());
					const oursNow = has.filter((key) => key !== IMPLICIT_PERMISSION && isOurs(one, key));
					const oursWanted = (target.get(one.id) ?? []).filter(
						(key) => key !== IMPLICIT_PERMISSION,
					);
					expect([...new Set(oursNow)].sort()).toEqual(
						oursWanted.filter((key) => isOurs(one, key)).sort(),
					);
					if (target.has(one.id)) expect(has.length).toBeGreaterThan(0);
					expect((one.rows.get(ME) ?? []).length).toBeLessThan(2);
				}
			}),
			{ numRuns: 500 },
		);
	});
});
