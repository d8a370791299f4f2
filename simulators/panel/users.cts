import { createHash } from 'node:crypto';

import { userShape } from './applicationShapes.cjs';
import type { Call, Route } from './call.cjs';
import { bound, noContent } from './call.cjs';
import { crash, notFound, refused } from './errors.cjs';
import { filtered, paged, sorted } from './lists.cjs';
import { leadingNumber, sameText } from './mariadb.cjs';
import type { Input } from './php.cjs';
import { textOf } from './php.cjs';
import { many, one } from './present.cjs';
import type { PanelState, User } from './state.cjs';
import { newUuid, now, removeUser } from './state.cjs';
import type { FieldRules } from './validation.cjs';
import { isUsername, validate } from './validation.cjs';

type Unique = 'email' | 'username' | 'externalId';

const taken = (state: PanelState, field: Unique, value: unknown, except?: User): boolean =>
	state.users.some((user) => user !== except && sameText(user[field], value));

/** The panel's rules for users, in its order: it is the order of the errors [116]. */
function userRules(state: PanelState, self?: User): FieldRules[] {
	const unique = (field: Unique) => ({
		name: 'unique' as const,
		passes: (value: unknown) => !taken(state, field, value, self),
	});
	return [
		{ field: 'email', rules: 'required|email|between:1,191', lookup: unique('email') },
		{
			field: 'external_id',
			rules: 'sometimes|nullable|string|max:191',
			lookup: unique('externalId'),
		},
		{
			field: 'username',
			rules: 'required|between:1,191',
			lookup: unique('username'),
			then: 'p_username',
		},
		{ field: 'password', rules: 'sometimes|nullable|string' },
		{ field: 'root_admin', rules: 'boolean' },
		{ field: 'language', rules: 'string|in:en' },
		{ field: 'first_name', rules: 'required|string|between:1,191' },
		{ field: 'last_name', rules: 'required|string|between:1,191' },
	];
}

const labels = {
	external_id: 'Third Party Identifier',
	root_admin: 'Root Administrator Status',
};

const hash = (password: string): string => createHash('sha256').update(password).digest('hex');

export type NewUser = Pick<User, 'email' | 'username' | 'firstName' | 'lastName'> &
	Partial<Pick<User, 'externalId' | 'language' | 'rootAdmin' | 'password'>>;

/** From this many rows in `password_resets` on, MariaDB no longer locks users against each other. */
const roomyTable = 50;

/**
 * Creates the user as the panel's service does, in a transaction that others can run beside:
 * the same e-mail or name loses against the unique index [174], a user without a password can
 * deadlock with another one [180], and external ids have no index, so they can come twice.
 */
export async function createUser(call: Call, fields: NewUser): Promise<User> {
	const { state } = call;
	if (!isUsername(fields.username)) throw crash('DataValidationException');
	const withoutPassword = !fields.password;
	const nearlyEmpty = state.passwordResets < roomyTable;
	if (withoutPassword && state.creating > 0 && state.settings.deadlocks && nearlyEmpty) {
		await call.window();
		const same = taken(state, 'email', fields.email) || taken(state, 'username', fields.username);
		throw crash(same ? 'UniqueConstraintViolationException' : 'QueryException');
	}
	if (withoutPassword) state.creating++;
	try {
		await call.window();
	} finally {
		if (withoutPassword) state.creating--;
	}
	if (taken(state, 'email', fields.email) || taken(state, 'username', fields.username)) {
		throw crash('UniqueConstraintViolationException');
	}
	const time = now(state);
	const user: User = {
		externalId: null,
		language: 'en',
		rootAdmin: false,
		...fields,
		id: state.nextId.user++,
		uuid: newUuid(),
		username: fields.username.toLowerCase(),
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

/** The fields that a request carries; what it leaves out stays out. */
function fieldsOf(input: Input): Partial<User> {
	const { external_id, root_admin, language, password } = input;
	return {
		email: textOf(input.email),
		username: textOf(input.username),
		firstName: textOf(input.first_name),
		lastName: textOf(input.last_name),
		...(external_id === undefined ? {} : { externalId: external_id as string | null }),
		...(root_admin === undefined ? {} : { rootAdmin: Number(root_admin) === 1 }),
		...(language === undefined ? {} : { language: String(language) }),
		...(password ? { password: String(password) } : {}),
	};
}

async function store(call: Call) {
	validate(call.input, userRules(call.state), labels);
	const user = await createUser(call, fieldsOf(call.input) as NewUser);
	const resource = `${call.origin}/api/application/users/${user.id}`;
	return { status: 201, body: { ...one(call, userShape, user), meta: { resource } } };
}

function update(call: Call) {
	const user = bound(call, 'user');
	validate(call.input, userRules(call.state, user), labels);
	const { password, username = user.username, ...fields } = fieldsOf(call.input);
	const changed: Partial<User> = {
		...fields,
		username: username.toLowerCase(),
		...(password ? { password: hash(password) } : {}),
	};
	const differs = (Object.keys(changed) as Array<keyof User>).some(
		(name) => changed[name] !== user[name],
	);
	Object.assign(user, changed, differs ? { updatedAt: now(call.state) } : {});
	return { status: 200, body: one(call, userShape, user) };
}

function destroy(call: Call) {
	const user = bound(call, 'user');
	if (call.state.servers.some((server) => server.ownerId === user.id)) {
		throw refused(
			'Cannot delete a user with active servers attached to their account. ' +
				'Please delete their servers before continuing.',
		);
	}
	removeUser(call.state, user);
	return noContent();
}

function index(call: Call) {
	const { state, query } = call;
	const found = filtered(state.users, query, {
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
 * By number [159, 159b]. The database takes the number at the beginning, so an unknown uuid that
 * begins with a used number is somebody else (measured).
 */
export const byId = <T extends { id: number }>(items: T[], id: unknown): T => {
	const found = items.find((item) => item.id === leadingNumber(id));
	if (!found) throw notFound();
	return found;
};

const bind = (call: Call) => {
	call.bound.user = byId(call.state.users, call.params.id);
};

const bindExternal = (call: Call) => {
	const found = call.state.users.find((user) => sameText(user.externalId, call.params.id));
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
