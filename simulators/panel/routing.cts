import type { Route } from './call.cjs';
import { clientRoutes } from './client.cjs';
import type { Flavour } from './flavour.cjs';
import { noRoute, wrongMethod } from './errors.cjs';
import { infrastructureRoutes } from './infrastructure.cjs';
import { serverRoutes } from './servers.cjs';
import { subuserRoutes } from './subusers.cjs';
import { userRoutes } from './users.cjs';

const routes: Route[] = [
	...userRoutes,
	...serverRoutes,
	...infrastructureRoutes,
	...clientRoutes,
	...subuserRoutes,
];

/** Part by part: an empty part is one, so `//api/client` and `/api//client` are other paths. */
function matchPath(pattern: string, path: string): Record<string, string> | undefined {
	const [wanted, given] = [pattern.split('/'), path.split('/')];
	if (wanted.length !== given.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, part] of wanted.entries()) {
		const value = given[index] ?? '';
		if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
		else if (part !== value) return undefined;
	}
	return params;
}

/** Slashes at the end do not count, and `%2F` is a slash. */
function pathOf(rawPath: string): string {
	const path = rawPath.replace(/\/+$/, '') || '/';
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

export interface Known {
	/** The path in error messages. */
	shown: string;
	/** Methods. */
	allowed: string[];
	/** `page` or `admin`: no part of the API. */
	found: 'page' | 'admin' | Array<{ route: Route; params: Record<string, string> }>;
}

/** What the path stands for, before any key is looked at: unknown routes are 404 for everybody. */
export function findRoutes(rawPath: string, flavour: Flavour): Known {
	const path = pathOf(rawPath);
	const shown = rawPath.replace(/^\/+|\/+$/g, '') || '/';
	const isPage = flavour.page.test(path);
	const website = path === '/admin' ? 'admin' : isPage ? 'page' : undefined;
	if (website) return { shown, allowed: ['GET', 'HEAD'], found: website };
	const found = routes.flatMap((route) => {
		if (route.only && route.only !== flavour.name) return [];
		const params = matchPath(route.path, path);
		return params ? [{ route, params }] : [];
	});
	if (found.length === 0) throw noRoute(shown);
	const methods = new Set<string>(found.map(({ route }) => route.method));
	if (methods.has('GET')) methods.add('HEAD');
	return { shown, allowed: verbs.filter((verb) => methods.has(verb)), found };
}

/** The route for the method, or what the web interface has there; wrong methods are 405. */
export function pickRoute(method: string, { shown, allowed, found }: Known) {
	if (!allowed.includes(method)) throw wrongMethod(method, shown, allowed);
	if (!Array.isArray(found)) return found;
	const wanted = method === 'HEAD' ? 'GET' : method;
	const hit = found.find(({ route }) => route.method === wanted);
	if (!hit) throw wrongMethod(method, shown, allowed);
	return hit;
}
