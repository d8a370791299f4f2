import { leadingNumber } from '../panel/mariadb.cjs';
import type { Input } from '../panel/php.cjs';
import { cleanInput, parseQuery } from '../panel/php.cjs';
import type { Api } from './apis.cjs';
import { apis } from './apis.cjs';
import type { ApiKey } from './keys.cjs';
import { admit } from './keys.cjs';
import type { Answer, Request } from './laravel.cjs';
import {
	html,
	inMaintenance,
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
import { many, one } from './present.cjs';
import type { Shop } from './shop.cjs';
import type { Features } from './versions.cjs';

/** Everything about the panel that is not the shop. */
export interface Surroundings {
	shop: Shop;
	keys: ApiKey[];
	features: Features;
	/** An update is running; `retryAfter` in seconds, null: not said. */
	maintenance: { retryAfter: number | null } | null;
}

const METHODS = ['GET', 'HEAD'];

/** Unknown routes and wrong methods are refused before any key is looked at. */
function findRoute(method: string, path: string): { api: Api<Row>; id: string | undefined } {
	const shown = path.replace(/^\/+|\/+$/g, '');
	const [, name, id, ...rest] = /^api\/v1\/admin\/(.*)$/.test(shown)
		? ['', ...shown.split('/').slice(3)]
		: [];
	const api = apis.find((one) => one.path === name);
	if (!api || rest.length > 0) throw noRoute(shown);
	if (!METHODS.includes(method)) throw wrongMethod(method, shown, METHODS.join(', '));
	return { api, id: id === undefined ? undefined : decoded(id) };
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

function includesFor(api: Api<Row>, key: ApiKey, features: Features): string[] {
	return Object.entries(api.includes).flatMap(([name, permission]) => {
		const isOpen = permission === null || !features.includePermissions;
		return isOpen || key.permissions.includes(`admin.${permission}.view`) ? [name] : [];
	});
}

function respond(around: Surroundings, request: Request): Answer {
	const { shop, keys, features, maintenance } = around;
	if (maintenance) throw inMaintenance(maintenance.retryAfter);
	const [path = '/', ...rest] = request.url.split('?');
	if (path === '/') return html(200, '<!DOCTYPE html>\n<title>Paymenter</title>');
	const { api, id } = findRoute(request.method, path);
	const query = cleanInput(parseQuery(rest.join('?'))) as Input;
	const view = { world: shop.world, features };
	const table = api.table(view);
	const row = id === undefined ? undefined : table.rows.get(leadingNumber(id));
	// Before the key as well: a record that is not there is 404 for everybody.
	if (id !== undefined && !row) throw noRecord(api.model, id);
	const key = admit(keys, request.headers.authorization, request.ip, features);
	if (!key.permissions.includes(`admin.${api.path}.view`)) throw unauthorized();
	const includes = includesFor(api, key, features);
	if (row) {
		checkIncludes(query, includes);
		return success(one(api.resource(view, row), query));
	}
	const found = filtered([...table.rows.values()], query, api.filters);
	checkIncludes(query, includes);
	const address = `http://${request.headers.host}${path.replace(/\/+$/, '')}`;
	const page = paged(sorted(found, query, api.sorts), address, query);
	const shown = page.rows.map((one) => api.resource(view, one));
	return success(many(shown, { links: page.links, meta: page.meta }, query));
}

/** One call through the whole panel. */
export function answer(around: Surroundings, request: Request): Answer {
	try {
		return respond(around, request);
	} catch (error) {
		if (error instanceof Refusal) return render(error, request);
		throw error;
	}
}
