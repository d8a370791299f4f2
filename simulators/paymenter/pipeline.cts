import { readBody } from '../panel/body.cjs';
import type { Input } from '../panel/php.cjs';
import { cleanInput, listOf, parseQuery } from '../panel/php.cjs';
import type { Api, Call } from './call.cjs';
import { leadingNumber, pick } from './call.cjs';
import { invoiceItems, invoices } from './invoices.cjs';
import type { ApiKey } from './keys.cjs';
import { admit } from './keys.cjs';
import type { Answer, Request } from './laravel.cjs';
import {
	crash,
	html,
	inMaintenance,
	noContent,
	noRecord,
	noRoute,
	Refusal,
	render,
	success,
	unauthorized,
	wrongMethod,
} from './laravel.cjs';
import { checkIncludes, filtered, paged, sorted } from './lists.cjs';
import type { Row } from './model.cjs';
import { categories, credits, orders, products } from './others.cjs';
import { many, one } from './present.cjs';
import { services } from './services.cjs';
import type { Shop } from './shop.cjs';
import { ticketMessages, tickets } from './tickets.cjs';
import { users } from './users.cjs';
import type { Features } from './versions.cjs';
import { PaymenterFailure } from './world.cjs';

/** Everything about the panel that is not the shop. */
export interface Surroundings {
	shop: Shop;
	keys: ApiKey[];
	features: Features;
	/** An update is running; `retryAfter` in seconds, null: not said. */
	maintenance: { retryAfter: number | null } | null;
}

/** Forgets what its rows are: a handler only gets rows that its own `table` gave. */
const erased = <T extends Row>(api: Api<T>): Api<Row> => api as unknown as Api<Row>;

const apis: Array<Api<Row>> = [
	erased(users),
	erased(services),
	erased(orders),
	erased(invoices),
	erased(invoiceItems),
	erased(products),
	erased(categories),
	erased(credits),
	erased(tickets),
	erased(ticketMessages),
];

type Action = 'index' | 'show' | 'store' | 'update' | 'destroy';

interface Route {
	api: Api<Row>;
	action: Action;
	/** As it stands in the path; undefined for the list. */
	id: string | undefined;
}

const ofList: Record<string, Action> = { GET: 'index', HEAD: 'index', POST: 'store' };
const ofItem: Record<string, Action> = {
	GET: 'show',
	HEAD: 'show',
	PUT: 'update',
	PATCH: 'update',
	DELETE: 'destroy',
};

/** Unknown routes and wrong methods are refused before any key is looked at. */
function findRoute(method: string, path: string, features: Features): Route | Answer {
	const shown = path.replace(/^\/+|\/+$/g, '');
	const [, name, id, ...rest] = /^api\/v1\/admin\/(.*)$/.test(shown)
		? ['', ...shown.split('/').slice(3)]
		: [];
	const api = apis.find((one) => one.path === name && (one.since?.(features) ?? true));
	if (!api || rest.length > 0) throw noRoute(shown);
	const actions = id === undefined ? ofList : ofItem;
	const action = actions[method];
	if (method === 'OPTIONS') return html(200, '', { allow: Object.keys(actions).join(',') });
	if (!action) throw wrongMethod(method, shown, Object.keys(actions).join(', '));
	return { api, action, id: id === undefined ? undefined : decoded(id) };
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Before the key as well: a record that is not there is 404 for everybody. */
function findRow(call: Call, api: Api<Row>, id: string): Row {
	const row = api.find ? api.find(call, id) : api.table(call).rows.get(leadingNumber(id));
	if (!row) throw api.find ? noRecord(api.model) : noRecord(api.model, id);
	return row;
}

const needed: Record<Action, string> = {
	index: 'view',
	show: 'view',
	store: 'create',
	update: 'update',
	destroy: 'delete',
};

function includesFor(api: Api<Row>, key: ApiKey, features: Features): string[] {
	return Object.entries(api.includes).flatMap(([name, permission]) => {
		const isOpen = permission === null || !features.includePermissions;
		return isOpen || key.permissions.includes(`admin.${permission}.view`) ? [name] : [];
	});
}

function read(call: Call, route: Route, row: Row | undefined, key: ApiKey, address: string) {
	const { api } = route;
	const { query } = call;
	const includes = includesFor(api, key, call.features);
	if (row) {
		checkIncludes(query, includes);
		failAt(api, query);
		return success(200, one(api.resource(call, row), query));
	}
	const rows = [...api.table(call).rows.values()];
	const found = filtered(rows, query, api.filters);
	checkIncludes(query, includes);
	const page = paged(sorted(found, query, api.sorts), address, query);
	failAt(api, query);
	const shown = page.rows.map((one) => api.resource(call, one));
	return success(200, many(shown, { links: page.links, meta: page.meta }, query));
}

function failAt(api: Api<Row>, query: Input): void {
	if (api.broken && listOf(query.include).includes(api.broken)) throw crash();
}

function write(call: Call, { api, action }: Route, row: Row | undefined): Answer {
	if (action === 'destroy' && row) {
		api.destroy?.(call, row);
		return noContent();
	}
	const written = row ? api.update?.(call, row) : api.store?.(call);
	if (!written) throw crash();
	const resource = api.resource(call, written.row);
	const sent = pick(written.sent, Object.keys(resource.attributes));
	const attributes = { ...resource.attributes, ...sent };
	return success(row ? 200 : 201, one({ ...resource, attributes }, call.query));
}

const isWrite = (action: Action): action is 'store' | 'update' | 'destroy' =>
	action !== 'index' && action !== 'show';

function respond(around: Surroundings, request: Request): Answer {
	const { shop, keys, features, maintenance } = around;
	if (maintenance) throw inMaintenance(maintenance.retryAfter);
	const [path = '/', ...rest] = request.url.split('?');
	if (path === '/') return html(200, '<!DOCTYPE html>\n<title>Paymenter</title>');
	const route = findRoute(request.method, path, features);
	if ('status' in route) return route;
	const { api, action, id } = route;
	// The controller lacks the method: it fails before anything else is looked at.
	if (isWrite(action) && !api[action]) throw crash();
	const query = cleanInput(parseQuery(rest.join('?'))) as Input;
	const input = { ...query, ...readBody(request).input };
	const call: Call = { shop, world: shop.world, features, query, input };
	const row = id === undefined ? undefined : findRow(call, api, id);
	const key = admit(keys, request.headers.authorization, request.ip, features);
	if (!key.permissions.includes(`admin.${api.permission}.${needed[action]}`)) throw unauthorized();
	if (isWrite(action)) return write(call, route, row);
	const address = `http://${request.headers.host}${path.replace(/\/+$/, '')}`;
	return read(call, route, row, key, address);
}

/** One call through the whole panel. */
export function answer(around: Surroundings, request: Request): Answer {
	try {
		return respond(around, request);
	} catch (error) {
		if (error instanceof PaymenterFailure) return render(crash(), request);
		if (error instanceof Refusal) return render(error, request);
		throw error;
	}
}
