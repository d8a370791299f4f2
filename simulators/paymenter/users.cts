import { sameText } from '../panel/mariadb.cjs';
import type { Input } from '../panel/php.cjs';
import type { Api, Call } from './call.cjs';
import { hasId, stamps } from './call.cjs';
import { storedDate } from './dates.cjs';
import { addUser, deleteUser, saveUser } from './edits.cjs';
import type { Table, User } from './model.cjs';
import { where } from './model.cjs';
import { userResource } from './resources.cjs';
import type { Field } from './validation.cjs';
import {
	date,
	email,
	exists,
	field,
	longest,
	shortest,
	text,
	unique,
	validated,
} from './validation.cjs';

const noRoles: Table<User> = { rows: new Map(), nextId: 1 };

function rules({ world }: Call, self?: User): Field[] {
	const some = self ? 'sometimes|' : '';
	const isTaken = (value: string) =>
		where(world.tables.users, (user) => user !== self).some((user) => sameText(user.email, value));
	return [
		field('first_name', `${some}nullable`, text, longest(255)),
		field('last_name', `${some}nullable`, text, longest(255)),
		field('email', `${some}required`, email, longest(255), unique(isTaken)),
		field('password', self ? 'sometimes' : 'required', text, shortest(8)),
		field('email_verified_at', `${some}nullable`, date),
		field('role_id', `${some}nullable`, exists(hasId(noRoles))),
	];
}

/** Columns of what was sent; the password is not kept. */
function columns(sent: Input): Partial<User> {
	const { password: _password, role_id: _role, email_verified_at, ...names } = sent;
	return {
		...(names as Partial<User>),
		...('email_verified_at' in sent ? { email_verified_at: storedDate(email_verified_at) } : {}),
	};
}

export const users: Api<User> = {
	path: 'users',
	permission: 'users',
	model: 'User',
	table: ({ world }) => world.tables.users,
	filters: {
		first_name: (user) => user.first_name,
		last_name: (user) => user.last_name,
		email: (user) => user.email,
	},
	sorts: {
		id: (user) => user.id,
		first_name: (user) => user.first_name,
		last_name: (user) => user.last_name,
		email: (user) => user.email,
		created_at: stamps.created_at,
	},
	includes: {
		properties: 'properties',
		orders: 'orders',
		services: 'services',
		invoices: 'invoices',
		tickets: 'tickets',
		credits: 'credits',
		role: 'roles',
	},
	resource: userResource,
	store(call) {
		const sent = validated(call.input, rules(call));
		const row = addUser(call.world, { ...columns(sent), email: String(sent.email) });
		return { row, sent: {} };
	},
	update(call, row) {
		saveUser(call.world, row, columns(validated(call.input, rules(call, row))));
		return { row, sent: {} };
	},
	destroy: ({ world }, row) => deleteUser(world, row.id),
};
