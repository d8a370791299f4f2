import type { Change } from '../../../../domain/access/change';
import type { Account, Server } from '../../../../domain/access/panelRecords';
import { readPlanDocument } from '../../../../domain/access/planDocument';
import type { SyncRequest } from '../../../../domain/access/result';
import {
	byState,
	elsewhere,
	grantedAfter,
	planActions,
	restoreActions,
} from '../../../../domain/access/wanted';

const ME = 7;

const server = (id: number, name: string, mine: string[] | null, user = 1): Server => ({
	id,
	uuid: `uuid-${name}`,
	name,
	description: '',
	user,
	node: 1,
	nest: 1,
	location: null,
	tags: [],
	status: null,
	rows: new Map(mine ? [[ME, [mine]]] : []),
});

function restore(
	servers: Server[],
	recorded: Record<string, string[]>,
	grantedBefore: Record<string, string[]> = {},
) {
	const wanted = restoreActions(servers, ME, recorded, grantedBefore);
	const actions = wanted.actions.map(({ kind, server: { name }, after }) => [kind, name, after]);
	return { ...wanted, actions };
}

describe('What an undo writes on the panel', () => {
	it('is exactly what was recorded on the named servers, whoever gave it', () => {
		const { actions, had, plan } = restore(
			[
				server(1, 'A', null),
				server(2, 'B', ['file.read', 'backup.read']),
				server(3, 'C', ['backup.read']),
				server(4, 'D', ['backup.read']),
			],
			{ 'uuid-A': ['activity.read'], 'uuid-B': ['backup.read'], 'uuid-C': [] },
		);
		expect(actions).toEqual([
			['create', 'A', ['activity.read']],
			['update', 'B', ['backup.read']],
			['delete', 'C', []],
		]);
		expect(had).toEqual([
			{ server: 'B', server_id: 'uuid-B', permissions: ['file.read', 'backup.read'] },
			{ server: 'C', server_id: 'uuid-C', permissions: ['backup.read'] },
		]);
		expect(plan).toEqual([
			{ server: 'A', server_id: 'uuid-A', permissions: ['activity.read'] },
			{ server: 'B', server_id: 'uuid-B', permissions: ['backup.read'] },
			{ server: 'C', server_id: 'uuid-C', permissions: [] },
		]);
	});

	it('is nothing where the panel has it already, and on the customer’s own server', () => {
		const servers = [server(1, 'A', ['backup.read']), server(2, 'B', null, ME)];
		const recorded = { 'uuid-A': ['backup.read'], 'uuid-B': ['backup.read'] };
		expect(restore(servers, recorded)).toMatchObject({ actions: [], warnings: [], granted: {} });
	});

	it('warns of servers that are gone', () => {
		expect(restore([server(1, 'A', null)], { 'uuid-A': [], 'uuid-Z': ['x.y'] }).warnings).toEqual([
			'The server uuid-Z no longer exists on the panel.',
		]);
	});
});

describe('What we manage after an undo', () => {
	const granted = (
		mine: string[],
		recorded: string[],
		before: Record<string, string[]> = {},
	): Record<string, string[]> =>
		restore([server(1, 'A', mine)], { 'uuid-A': recorded }, before).granted;

	it('is what was restored, and what we managed before', () => {
		expect(granted(['a.b'], ['a.b', 'c.d'], { 'uuid-A': ['a.b'] })).toEqual({
			'uuid-A': ['a.b', 'c.d'],
		});
	});

	it('is nothing that somebody had given by hand and that stays', () => {
		expect(granted(['file.read'], ['file.read', 'c.d'])).toEqual({ 'uuid-A': ['c.d'] });
	});

	it('is no longer what was taken', () => {
		expect(granted(['a.b', 'c.d'], ['a.b'], { 'uuid-A': ['a.b', 'c.d'] })).toEqual({
			'uuid-A': ['a.b'],
		});
	});

	it('is as before on other servers; the record that was given stays as it was', () => {
		const before = { 'uuid-Z': ['x.y'] };
		const servers = [server(1, 'A', null), server(2, 'Z', null)] as const;
		const { granted: after, isOurs } = restore([...servers], { 'uuid-A': ['a.b'] }, before);
		expect(after).toEqual({ 'uuid-Z': ['x.y'], 'uuid-A': ['a.b'] });
		const [a, z] = servers;
		expect([isOurs(a, 'x.y'), isOurs(z, 'x.y'), isOurs(z, 'a.b')]).toEqual([false, true, false]);
	});
});

const { plan: PLAN } = readPlanDocument({
	server_groups: [{ name: 'sold', match: 'name', pattern: 'A, B, C' }],
	tiers: [
		{ tier: 'member', serverGroups: ['sold'], permissions: ['activity.read', 'backup.read'] },
		{ tier: 'nobody', serverGroups: [], permissions: [], includesLower: false },
	],
});
const KNOWN = ['activity.read', 'backup.read', 'file.read'];

/** What the plan wants of a member, or of somebody without a tier. */
async function planned(
	servers: Server[],
	{ tier = 'member', grantedBefore = {}, known = KNOWN as string[] | null } = {},
) {
	const tiers = PLAN.tiers.filter(({ name }) => name === tier);
	const request = { tiers, grantedBefore } as unknown as SyncRequest;
	const knownPermissions = async () => known ?? Promise.reject(new Error('it was asked'));
	return await planActions(PLAN, request, servers, ME, { knownPermissions });
}

const kinds = ({ actions }: Awaited<ReturnType<typeof planned>>) =>
	actions.map(({ kind, server: { name }, after }) => [kind, name, after]);

describe('What the plan wants on the panel', () => {
	const BOTH = ['activity.read', 'backup.read'];

	it('is written where it differs; what others gave stays, and so do other servers', async () => {
		const wanted = await planned([
			server(1, 'A', null),
			server(2, 'B', ['backup.read', 'file.read']),
			server(3, 'C', BOTH),
			server(4, 'D', ['backup.read']),
		]);
		expect(kinds(wanted)).toEqual([
			['create', 'A', BOTH],
			['update', 'B', ['file.read', ...BOTH]],
		]);
		expect(wanted.had.map(({ server: name }) => name)).toEqual(['B', 'C']);
		expect(wanted.plan).toEqual(
			['A', 'B', 'C'].map((name) => ({
				server: name,
				server_id: `uuid-${name}`,
				permissions: BOTH,
			})),
		);
		expect(wanted.granted).toEqual({ 'uuid-A': BOTH, 'uuid-B': BOTH, 'uuid-C': BOTH });
		expect(wanted.warnings).toEqual([]);
	});

	it('is nothing without a tier, also where only we have given something before', async () => {
		const servers = [server(1, 'A', BOTH), server(4, 'D', ['file.read', 'x.y'])];
		const wanted = await planned(servers, {
			tier: 'none',
			grantedBefore: { 'uuid-D': ['file.read'] },
		});
		expect(kinds(wanted)).toEqual([
			['delete', 'A', []],
			['update', 'D', ['x.y']],
		]);
		expect([wanted.plan, wanted.granted]).toEqual([[], {}]);
	});

	it('is nothing on the customer’s own server', async () => {
		const wanted = await planned([server(1, 'A', null, ME), server(2, 'B', null)]);
		expect(kinds(wanted)).toEqual([['create', 'B', BOTH]]);
		expect(wanted.granted).toEqual({ 'uuid-B': BOTH });
	});

	it('leaves out what the panel does not know, and asks only before it changes something', async () => {
		const bought = await planned([server(1, 'A', null)], { known: null });
		expect(kinds(bought)).toEqual([['create', 'A', BOTH]]);
		const known = ['backup.read'];
		const same = await planned([server(1, 'A', known)], { known });
		expect(kinds(same)).toEqual([]);
		expect(same.granted).toEqual({ 'uuid-A': known });
		expect(same.warnings).toEqual([expect.stringContaining('does not know activity.read')]);
		const changed = await planned([server(1, 'A', ['file.read'])], { known });
		expect(kinds(changed)).toEqual([['update', 'A', ['file.read', 'backup.read']]]);
	});

	it('asks before it repairs a double', async () => {
		const double = server(1, 'A', null);
		double.rows.set(ME, [['activity.read'], ['backup.read']]);
		await expect(planned([double], { known: null })).rejects.toThrow('it was asked');
		expect(kinds(await planned([double]))).toEqual([['rebuild', 'A', BOTH]]);
	});

	it('is ours if the plan gives it there, or if we gave it before', async () => {
		const [a, d] = [server(1, 'A', null), server(4, 'D', null)];
		const { isOurs } = await planned([a, d], { grantedBefore: { 'uuid-D': ['x.y'] } });
		const asked = ['backup.read', 'x.y', 'file.read'];
		expect(asked.map((key) => isOurs(a, key))).toEqual([true, false, false]);
		expect(asked.map((key) => isOurs(d, key))).toEqual([false, true, false]);
	});
});

describe('What we manage afterwards', () => {
	it('is the old and the new where a change was not made', async () => {
		const servers = [server(1, 'A', ['backup.read', 'x.y']), server(2, 'B', null)];
		const wanted = await planned(servers, { tier: 'none' });
		expect(grantedAfter(wanted, [])).toEqual({ 'uuid-A': ['backup.read'] });
		expect(grantedAfter(wanted, [{ server_id: 'uuid-A' } as Change])).toEqual({});
		const bought = await planned(servers);
		expect(grantedAfter(bought, [])).toEqual({
			'uuid-A': ['activity.read', 'backup.read'],
			'uuid-B': ['activity.read', 'backup.read'],
		});
	});
});

it('An account is used elsewhere if it owns a server or keeps access to one', async () => {
	const servers = [
		server(1, 'A', ['backup.read']),
		server(2, 'B', ['backup.read', 'x.y']),
		server(3, 'C', null, ME),
		server(4, 'D', ['backup.read']),
		server(5, 'E', null),
	];
	const wanted = await planned(servers, { tier: 'none' });
	const used = elsewhere({ id: ME } as Account, servers, wanted);
	expect(used.map(({ name }) => name)).toEqual(['B', 'C', 'D']);
});

it('A suspended server and one that is being installed are left for later', async () => {
	const servers = ['A', 'B', 'C'].map((name, index) => server(index + 1, name, null));
	const states = ['suspended', 'installing', 'transferring'];
	servers.forEach((one, index) => (one.status = states[index] ?? null));
	const { open, blocked } = byState((await planned(servers)).actions);
	expect(open.map(({ server: { name } }) => name)).toEqual(['C']);
	expect(blocked).toEqual(
		['A', 'B'].map((name, index) => ({
			server: name,
			server_id: `uuid-${name}`,
			why: `the server is ${states[index]}; its access can only be changed afterwards`,
		})),
	);
});
