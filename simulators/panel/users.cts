import { createHash } from 'node:crypto';

import { userShape } from './applicationShapes.cjs';
import type { Call, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { crash, notFound, refused } from './errors.cjs';
import { filtered, paged, sorted } from './lists.cjs';
import { isArray, textOf } from './php.cjs';
import { many, one } from './present.cjs';
import type { UserField } from './flavour.cjs';
import type { PanelState, User } from './state.cjs';
import { newUuid, now, removeUser } from './state.cjs';
import type { FieldRules } from './validation.cjs';
import { isUsername, validate } from './validation.cjs';

type Unique = NonNullable<UserField['unique']>;

const taken = (state: PanelState, field: Unique, value: unknown, except?: User): boolean =>
	state.users.some((user) => user !== except && state.flavour.database.same(user[field], value));

const userRules = (state: PanelState, self?: User): FieldRules[] =>
	state.flavour.userFields.map(({ unique, known, ...rules }) => {
		if (known) return { ...rules, lookup: { name: 'in', passes: known } };
		if (!unique) return rules;
		const passes = (value: unknown) => !taken(state, unique, value, self);
		return { ...rules, lookup: { name: 'unique', passes } };
	});

const labels = {
	external_id: 'Third Party Identifier',
	root_admin: 'Root Administrator Status',
	is_managed_externally: 'Is managed by Third Party?',
};

const hash = (password: string): string => createHash('sha256').update(password).digest('hex');

export type NewUser = Pick<User, 'email' | 'username' | 'firstName' | 'lastName'> &
	Partial<Pick<User, 'externalId' | 'language' | 'rootAdmin' | 'password' | 'managedExternally'>>;

/** From this many rows in `password_resets` on, MariaDB no longer locks users against each other. */
const roomyTable = 50;

/**
 * Creates the user as the panel's service does, in a transaction that others can run beside:
 * the same e-mail or name loses against the unique index [174], a user without a password can
 * deadlock with another one [180], and external ids have no index, so they can come twice.
 */
export async function createUser(call: Call, asked: NewUser): Promise<User> {
	const { state } = call;
	const { flavour } = state;
	const fields = flavour.storedAccount(asked);
	const mustBeUsername = flavour.userFields.some(({ then }) => then === 'p_username');
	if (mustBeUsername && !isUsername(fields.username)) throw crash('DataValidationException');
	const isTaken = () =>
		taken(state, 'email', fields.email) || taken(state, 'username', fields.username);
	const withoutPassword = !fields.password;
	const mayLock = flavour.database.deadlocks && state.settings.deadlocks;
	if (withoutPassword && state.creating > 0 && mayLock && state.passwordResets < roomyTable) {
		await call.window();
		throw crash(isTaken() ? 'UniqueConstraintViolationException' : 'QueryException');
	}
	if (withoutPassword) state.creating++;
	try {
		await call.window();
	} finally {
		if (withoutPassword) state.creating--;
	}
	if (isTaken()) throw crash('UniqueConstraintViolationException');
	const time = now(state);
	const user: User = {
		externalId: null,
		language: 'en',
		rootAdmin: false,
		managedExternally: false,
		...fields,
		id: state.nextId.user++,
		uuid: newUuid(),
		twoFactor: false,
		password: fields.password ? hash(fields.password) : null,
		createdAt: time,
		updatedAt: time,
	};
	state.users.push(user);
	if (withoutPassword) state.passwordResets++;
	state.mails.push({ to: user.email, subject: 'Account Created' });
	return user;
}

const columns: Record<string, (value: unknown) => Partial<User>> = {
	email: (value) => ({ email: textOf(value) }),
	external_id: (value) => ({ externalId: value as string | null }),
	is_managed_externally: (value) => ({ managedExternally: Number(value) === 1 }),
	username: (value) => {
		if (isArray(value)) throw crash('TypeError');
		return { username: textOf(value) };
	},
	password: (value) => (value ? { password: textOf(value) } : {}),
	root_admin: (value) => ({ rootAdmin: Number(value) === 1 }),
	language: (value) => ({ language: textOf(value) }),
	first_name: (value) => ({ firstName: textOf(value) }),
	last_name: (value) => ({ lastName: textOf(value) }),
};

/** The fields that a request carries and the panel takes; what it leaves out stays out. */
const fieldsOf = ({ state, input }: Call): Partial<User> =>
	Object.assign(
		{},
		...state.flavour.userFields
			.filter(({ field }) => input[field] !== undefined)
			.map(({ field }) => columns[field]?.(input[field])),
	) as Partial<User>;

async function store(call: Call) {
	validate(call.input, userRules(call.state), labels);
	const nobody = { firstName: '', lastName: '' };
	const user = await createUser(call, { ...nobody, ...(fieldsOf(call) as NewUser) });
	const resource = `${call.origin}/api/application/users/${user.id}`;
	return { status: 201, body: { ...one(call, userShape, user), meta: { resource } } };
}

function update(call: Call) {
	const { state } = call;
	const user = bound(call, 'user');
	validate(call.input, userRules(state, user), labels);
	const { password, ...fields } = state.flavour.storedAccount(fieldsOf(call));
	const changed = { ...fields, ...(password ? { password: hash(password) } : {}) };
	// What the rules let through can still be taken as it is stored [pelican 108].
	for (const field of ['email', 'username'] as const) {
		if (changed[field] !== undefined && taken(state, field, changed[field], user)) {
			throw crash('UniqueConstraintViolationException');
		}
	}
	const differs = (Object.keys(changed) as Array<keyof typeof changed>).some(
		(name) => changed[name] !== user[name],
	);
	Object.assign(user, changed, differs ? { updatedAt: now(state) } : {});
	return { status: 200, body: one(call, userShape, user) };
}

function destroy(call: Call) {
	const { state } = call;
	const user = bound(call, 'user');
	if (state.flavour.keepsAdmins && user.rootAdmin) return { status: 403, body: [] };
	if (state.servers.some((server) => server.ownerId === user.id)) {
		throw refused(
			'Cannot delete a user with active servers attached to their account. ' +
				'Please delete their servers before continuing.',
		);
	}
	removeUser(state, user);
	return noContent();
}

function index(call: Call) {
	const { state, query } = call;
	const found = filtered(state.users, call, {
		email: (user) => user.email,
		uuid: (user) => user.uuid,
		username: (user) => user.username,
		external_id: (user) => user.externalId,
	});
	const ordered = sorted(found, query, { id: (user) => user.id, uuid: (user) => user.uuid });
	const page = paged(ordered, call, query.per_page ?? 50);
	return { status: 200, body: { ...many(call, userShape, page.items), meta: page.meta } };
}

/**
 * By number [159, 159b]. MariaDB takes the number at the beginning, so an unknown uuid that begins
 * with a used number is somebody else (measured).
 */
export const byId = <T extends { id: number }>(
	{ state }: Pick<Call, 'state'>,
	items: T[],
	id: unknown,
): T => {
	const wanted = state.flavour.database.number(id);
	const found = items.find((item) => item.id === wanted);
	if (!found) throw notFound();
	return found;
};

const bind = (call: Call) => {
	call.bound.user = byId(call, call.state.users, call.params.id);
};

const bindExternal = (call: Call) => {
	const { same } = call.state.flavour.database;
	const found = call.state.users.find((user) => same(user.externalId, call.params.id));
	if (!found) throw notFound();
	call.bound.user = found;
};

const view = (call: Call) => ({
	status: 200,
	body: one(call, userShape, bound(call, 'user')),
});

const read = { resource: 'users', write: false } as const;
const write = { resource: 'users', write: true } as const;
const api = 'application' as const;
const path = '/api/application/users';

export const userRoutes: Route[] = [
	{ api, method: 'GET', path, needs: read, handle: index },
	{ api, method: 'POST', path, needs: write, handle: store },
	{ api, method: 'GET', path: `${path}/:id`, bind, needs: read, handle: view },
	{
		api,
		method: 'GET',
		path: `${path}/external/:id`,
		needs: read,
		handle: (call) => {
			bindExternal(call);
			return view(call);
		},
	},
	{ api, method: 'PATCH', path: `${path}/:id`, bind, needs: write, handle: update },
	{ api, method: 'DELETE', path: `${path}/:id`, bind, needs: write, handle: destroy },
];
