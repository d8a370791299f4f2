import { timings } from './files.cjs';
import type { Call, Reply, Route } from './call.cjs';
import { askedIncludes } from './present.cjs';

/** The medians of TIMINGS.json (milliseconds), by the way a call grows. */

export type Latency = 'none' | 'measured';

function median(call: string): number {
	const row = timings.rows.find((candidate) => candidate.call.startsWith(call));
	if (!row) throw new Error(`TIMINGS.json has no row "${call}"`);
	return row.median_ms;
}

/** Measured at 0, 100 and 1,000 subusers on each of eight servers. */
const growth = (call: string, perRow: 1 | 8): Array<[number, number]> =>
	[0, 100, 1000].map((subusers) => [
		subusers * perRow,
		median(`${call} [8 servers x ${subusers} subusers]`),
	]);

const clientList = growth('GET client?type=admin-all&include=subusers', 8);
const clientUsers = growth('GET client/servers/x/users', 1);
const clientServer = growth('GET client/servers/x?include=subusers', 1);
const serversWithRows = growth('GET application/servers?include=subusers', 8);
const serversWithUsers = growth('GET application/servers?include=subusers.user', 8);

function between(points: Array<[number, number]>, rows: number): number {
	const last = points.length - 1;
	const above = points.findIndex(([at]) => at >= rows);
	const upper = above === -1 ? last : Math.max(1, above);
	const [fromRows, fromMs] = points[upper - 1] ?? [0, 0];
	const [toRows, toMs] = points[upper] ?? [1, 0];
	return fromMs + ((toMs - fromMs) * (rows - fromRows)) / (toRows - fromRows);
}

const userList = median('GET users?filter[email]= (25 users)');
const thousandUsers = median('GET users?per_page=1000');

function ofRead(path: string, call: Call, reply: Reply): number {
	const rows = reply.rows ?? 0;
	if (path === '/api/client') return between(clientList, rows);
	if (path === '/api/client/servers/:server/users') return between(clientUsers, rows);
	if (path === '/api/client/servers/:server') return between(clientServer, rows);
	if (path === '/api/application/servers') {
		const withUsers = askedIncludes(call).has('subusers.user');
		return between(withUsers ? serversWithUsers : serversWithRows, rows);
	}
	if (path === '/api/application/users') {
		const shown = Number(call.query.per_page ?? 0) > 50 ? call.state.users.length : 0;
		return userList + ((thousandUsers - userList) * shown) / 1000;
	}
	return median('GET users/{id}');
}

function ofWrite(path: string, call: Call): number {
	if (path === '/api/application/users' && call.method === 'POST') {
		return median(
			call.input.password
				? 'POST users (with password; QUEUE redis)'
				: 'POST users (no password; QUEUE redis',
		);
	}
	if (path.endsWith('/users')) {
		const { same } = call.state.flavour.database;
		const known = call.state.users.some((user) => same(user.email, call.input.email));
		return median(known ? 'POST subuser, existing user (QUEUE redis)' : 'POST subuser, unknown');
	}
	if (path.endsWith('/users/:user')) {
		return median(call.method === 'DELETE' ? 'DELETE subuser' : 'POST subuser update');
	}
	return median(path.endsWith('/command') ? 'POST command' : 'POST suspend');
}

/** For writes known before the call is handled, for reads when their rows are counted. */
export const writeTime = (route: Route, call: Call): number => ofWrite(route.path, call);

export const readTime = (route: Route, call: Call, reply: Reply): number =>
	ofRead(route.path, call, reply);
