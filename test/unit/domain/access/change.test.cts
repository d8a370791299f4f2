import { changeOf, dropWarning, gives } from '../../../../domain/access/change';
import type { Action } from '../../../../domain/access/diff';
import type { Server } from '../../../../domain/access/panelRecords';

const server = { id: 1, uuid: 'aaaaaaaa', name: 'Aurora' } as Server;
const action = (kind: Action['kind'], before: string[] = [], after: string[] = []): Action => ({
	kind,
	server,
	before,
	after,
});

describe('A write on the panel', () => {
	it.each([
		['create', 'access given'],
		['update', 'access changed'],
		['delete', 'access taken'],
		['rebuild', 'double access repaired'],
	] as const)('of the kind %s is logged as "%s"', (kind, what) => {
		expect(changeOf(action(kind, ['backup.read'], ['activity.read']))).toEqual({
			what,
			server: 'Aurora',
			server_id: 'aaaaaaaa',
			before: ['backup.read'],
			after: ['activity.read'],
		});
	});

	it('gives something if it adds a permission, whatever it takes', () => {
		expect(gives(action('update', ['a.b', 'c.d'], ['a.b', 'e.f']))).toBe(true);
		expect(gives(action('update', ['a.b', 'c.d'], ['a.b']))).toBe(false);
		expect(gives(action('delete', ['a.b']))).toBe(false);
	});
});

it('Permissions that the panel dropped are named, with the server if there is one', () => {
	expect(dropWarning(server, ['a.b', 'c.d'])).toBe(
		'The panel does not know a.b, c.d and left it out on Aurora. Take it out of the tier plan, or update the panel.',
	);
	expect(dropWarning(null, ['a.b'])).toContain('left it out. Take');
});
