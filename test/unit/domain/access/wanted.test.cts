import type { Server } from '../../../../domain/access/panelRecords';
import { restoreActions } from '../../../../domain/access/wanted';

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
