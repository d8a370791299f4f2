import type { Call, Reply, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { bindServer, requires } from './client.cjs';
import { permissionsOn, subuserShape } from './clientShapes.cjs';
import { crash, denied, grantsTooMuch, notFound, refused } from './errors.cjs';
import { phpArray } from './php.cjs';
import { many, one } from './present.cjs';
import { randomText } from './seed.cjs';
import type { PanelState, Permissions, Subuser, User } from './state.cjs';
import { addSubuser, now, permissionList, removeSubuser, subusersOf, userById } from './state.cjs';
import { createUser } from './users.cjs';
import { validate } from './validation.cjs';
import { tellWings } from './wings.cjs';

const connect = 'websocket.connect';

/**
 * What the panel stores for a wish: unknown keys go, `websocket.connect` comes last unless it was
 * asked for, and of a key given twice the first stays and leaves a gap, which turns the list into
 * an object [304, 318, 319, 398].
 */
function granted({ flavour }: PanelState, wish: unknown): Permissions {
	const entries = Object.entries(wish ?? {}) as Array<[string, unknown]>;
	const known = entries.filter(([, name]) => flavour.permissions.includes(String(name)));
	const isNumbered = (key: string) => /^\d+$/.test(key);
	let next = 0;
	const renumbered = [...known, ['0', connect] as [string, unknown]].map(
		([key, name]): [string, string] => [isNumbered(key) ? String(next++) : key, String(name)],
	);
	const names = renumbered.map(([, name]) => name);
	const once = renumbered.filter(([, name], index) => names.indexOf(name) === index);
	return flavour.tidyPermissions(phpArray(once));
}

const same = (left: Permissions, right: Permissions): boolean => {
	const text = (permissions: Permissions) => permissionList(permissions).sort().join();
	return text(left) === text(right);
};

/** `{user}` is the user's uuid; with several rows for him it means the first [323-325]. */
function bindSubuser(call: Call): void {
	bindServer(call);
	const rows = subusersOf(call.state, bound(call, 'server'));
	const found = rows.find((row) =>
		call.state.flavour.database.same(userById(call.state, row.userId).uuid, call.params.user),
	);
	if (!found) throw notFound();
	call.bound.subuser = found;
}

/** Nobody edits himself [413], and nobody but an admin or owner gives what he lacks [411]. */
function authorize(permission: string) {
	return (call: Call): void => {
		requires(permission)(call);
		const server = bound(call, 'server');
		if (call.bound.subuser?.userId === call.user.id) throw denied();
		const { permissions } = call.input;
		if (call.method !== 'POST' || permissions === undefined) return;
		if (permissions !== null && typeof permissions !== 'object') throw crash('TypeError');
		if (call.user.rootAdmin || call.user.id === server.ownerId) return;
		const held = permissionList(permissionsOn(call.state, server, call.user));
		const wished = Object.values(permissions ?? {}).map((name) => String(name ?? ''));
		if (wished.some((name) => !held.includes(name))) throw grantsTooMuch();
	};
}

const permissionRules = [
	{ field: 'permissions', rules: 'required|array' },
	{ field: 'permissions.*', rules: 'string' },
];

const show = (call: Call, row: Subuser): Reply => ({
	status: 200,
	body: one(call, subuserShape, row),
});

async function strangerFor(call: Call, email: string): Promise<User> {
	const username = call.state.flavour.inventedName(email) + randomText(3);
	return createUser(call, { email, username, firstName: 'Server', lastName: 'Subuser' });
}

/** No unique index: two equal calls at once both pass the check [390-394]. */
async function store(call: Call): Promise<Reply> {
	const { state } = call;
	const { flavour } = state;
	validate(call.input, [
		{ field: 'email', rules: `required|email|between:1,${flavour.longest}` },
		...permissionRules,
	]);
	const server = bound(call, 'server');
	const email = String(call.input.email);
	const known = state.users.find((user) => flavour.database.same(user.email, email));
	if (known?.id === server.ownerId) {
		throw refused(
			'You cannot add the server owner as a subuser for this server.',
			'UserIsServerOwnerException',
		);
	}
	if (known && subusersOf(state, server).some((row) => row.userId === known.id)) {
		throw refused(
			'A user with that email address is already assigned as a subuser for this server.',
			'ServerSubuserExistsException',
		);
	}
	const user = known ?? (await strangerFor(call, email));
	await call.window();
	const row = {
		userId: user.id,
		serverId: server.id,
		permissions: granted(call.state, call.input.permissions),
	};
	return show(call, addSubuser(state, row));
}

/** The same set again changes nothing and does not ask Wings [327]. */
async function update(call: Call): Promise<Reply> {
	validate(call.input, permissionRules);
	const row = bound(call, 'subuser');
	const wanted = granted(call.state, call.input.permissions);
	if (!same(wanted, row.permissions)) {
		await call.window();
		if (!call.state.subusers.includes(row)) throw notFound();
		row.permissions = wanted;
		row.updatedAt = now(call.state);
		await tellWings(call);
	}
	return show(call, row);
}

async function destroy(call: Call): Promise<Reply> {
	removeSubuser(call.state, bound(call, 'subuser'));
	await tellWings(call);
	return noContent();
}

function index(call: Call): Reply {
	const rows = subusersOf(call.state, bound(call, 'server'));
	return { status: 200, body: many(call, subuserShape, rows), rows: rows.length };
}

const api = 'client' as const;
const list = '/api/client/servers/:server/users';
const item = `${list}/:user`;
const onServer = { api, path: list, bind: bindServer };
const onSubuser = { api, path: item, bind: bindSubuser };

export const subuserRoutes: Route[] = [
	{ ...onServer, method: 'GET', authorize: authorize('user.read'), handle: index },
	{
		...onServer,
		method: 'POST',
		createsSubuser: true,
		authorize: authorize('user.create'),
		handle: store,
	},
	{
		...onSubuser,
		method: 'GET',
		authorize: authorize('user.read'),
		handle: (call) => show(call, bound(call, 'subuser')),
	},
	{ ...onSubuser, method: 'POST', authorize: authorize('user.update'), handle: update },
	{ ...onSubuser, method: 'DELETE', authorize: authorize('user.delete'), handle: destroy },
];
