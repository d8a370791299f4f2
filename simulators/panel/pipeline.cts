import type { Sent } from './body.cjs';
import { readBody } from './body.cjs';
import type { Call, Reply, Route } from './call.cjs';
import { bound } from './call.cjs';
import { checkAccess } from './client.cjs';
import type { Answer } from './errors.cjs';
import {
	PanelError,
	crash,
	csrfMismatch,
	denied,
	inMaintenance,
	malformedJson,
	needsTwoFactor,
	options,
	renderError,
	unauthenticated,
} from './errors.cjs';
import type { Flavour } from './flavour.cjs';
import { findKey, isAllowedFrom, may, sendsKey } from './keys.cjs';
import type { Latency } from './latency.cjs';
import { readTime, writeTime } from './latency.cjs';
import type { Input } from './php.cjs';
import { cleanInput, parseQuery } from './php.cjs';
import { findRoutes, pickRoute } from './routing.cjs';
import type { PanelState, User } from './state.cjs';
import { userById } from './state.cjs';
import type { Counted, RateLimits } from './throttle.cjs';
import { countCall, countCreation, countedHeaders } from './throttle.cjs';

export interface PanelRequest extends Sent {
	method: string;
	/** Path and query as sent. */
	url: string;
	ip: string;
}

export interface Surroundings {
	state: PanelState;
	limits: RateLimits;
	latency: Latency;
	sleep: (ms: number) => Promise<void>;
}

/** A call that looks like the panel's own front end must bring a CSRF token [532, 533]. */
function isFrontEnd(request: PanelRequest, host: string, { name }: Flavour): boolean {
	const from = request.headers.referer ?? request.headers.origin ?? '';
	const site = from.replace(/^https?:\/\//, '').split('/')[0] ?? '';
	const own = [host, 'localhost', 'localhost:3000', '127.0.0.1', '127.0.0.1:8000', '::1'];
	const session = new RegExp(`(^|;\\s*)${name}_session=`);
	return own.includes(site) || session.test(request.headers.cookie ?? '');
}

function asksFor2fa(state: PanelState, user: User): boolean {
	const { twoFactor } = state.settings;
	return (
		state.flavour.asksApiFor2fa &&
		!user.twoFactor &&
		(twoFactor === 'everybody' || (twoFactor === 'admins' && user.rootAdmin))
	);
}

/** Laravel's `expectsJson`: the first type of Accept decides. */
function wantsJson(request: PanelRequest): boolean {
	const quality = (type: string) => Number(/;\s*q=([0-9.]+)/.exec(type)?.[1] ?? 1);
	const accepted = (request.headers.accept ?? '')
		.split(',')
		.filter((type) => type.trim() !== '')
		.sort((left, right) => quality(right) - quality(left));
	const first = accepted[0]?.toLowerCase().trim();
	if (first?.includes('/json') || first?.includes('+json')) return true;
	const any = first === undefined || first.startsWith('*');
	return any && request.headers['x-requested-with'] === 'XMLHttpRequest';
}

/** Everything before the rate limits. */
function authenticate(
	around: Surroundings,
	request: PanelRequest,
	route: Route,
	problem: string | undefined,
) {
	const { state } = around;
	const { authorization } = request.headers;
	if (state.settings.database === 'down') {
		throw sendsKey(authorization) ? crash('QueryException') : unauthenticated();
	}
	const key = findKey(state, authorization);
	if (!key) throw unauthenticated();
	const user = userById(state, key.userId);
	if (problem !== undefined) throw malformedJson(problem);
	if (asksFor2fa(state, user) && !route.withoutTwoFactor) throw needsTwoFactor();
	if (!isAllowedFrom(key, request.ip)) {
		throw denied(
			`This IP address (${request.ip}) does not have permission to access the API using these credentials.`,
		);
	}
	if (state.settings.redis === 'down') throw crash('StreamInitException');
	return { key, user };
}

/**
 * Bindings first, then who may call at all: the order of the panel's middleware. (Since 1.12 the
 * API's own limit comes after them, and an unknown server is not counted; here Pterodactyl's comes
 * before them, as recorded.)
 */
function admit(route: Route, call: Call): void {
	route.bind?.(call);
	if (route.api === 'application') {
		if (call.user.rootAdmin) return;
		throw denied('This account does not have permission to access the API.');
	}
	if (call.key.kind === 'application') {
		throw denied(
			'You are attempting to use an application API key on an endpoint that requires a client API key.',
		);
	}
}

/** What the key may do, and its owner on the server. */
function checkRights(route: Route, call: Call): void {
	const { needs } = route;
	if (needs && !may(call, needs.resource, needs.write)) throw denied();
	const isClient = route.api === 'client';
	if (isClient && call.bound.server) checkAccess(call, route.anyServerState ?? false);
}

async function handle(around: Surroundings, route: Route, call: Call): Promise<Reply> {
	if (around.latency === 'none') return route.handle(call);
	const started = Date.now();
	const isRead = route.method === 'GET';
	const expected = isRead ? 0 : writeTime(route, call);
	await around.sleep(expected * 0.4);
	const reply = await route.handle({ ...call, window: () => around.sleep(expected * 0.2) });
	const total = isRead ? readTime(route, call, reply) : expected;
	await around.sleep(total - (Date.now() - started));
	return reply;
}

function answerOf(reply: Reply, headers: Record<string, string>): Answer {
	if (reply.status === 204) return { status: 204, headers, body: '' };
	return {
		status: reply.status,
		headers: { 'content-type': 'application/json', ...headers },
		body: JSON.stringify(reply.body),
	};
}

/** Whoever asks for JSON, and whatever the key: no redirect either, the page itself asks for the login. */
const webPage = (title: string): Answer => ({
	status: 200,
	headers: { 'content-type': 'text/html; charset=utf-8' },
	body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body></body></html>`,
});

/** One call through the whole panel. */
export async function answer(around: Surroundings, request: PanelRequest): Promise<Answer> {
	const { state } = around;
	const host = request.headers.host ?? '127.0.0.1';
	const { referer } = request.headers;
	const counted: Counted[] = [];
	try {
		if (state.settings.maintenance) throw inMaintenance();
		const [path, query] = splitOnce(request.url, '?');
		const known = findRoutes(path, state.flavour);
		if (request.method === 'OPTIONS') return options(known.allowed);
		const picked = pickRoute(request.method, known);
		if (picked === 'page') return webPage(state.flavour.name);
		if (picked === 'admin') throw denied('');
		const { route, params } = picked;
		const changes = !['GET', 'HEAD'].includes(request.method);
		if (changes && isFrontEnd(request, host, state.flavour)) throw csrfMismatch();
		const body = readBody(request);
		const { key, user } = authenticate(around, request, route, body.problem);
		const count = () => counted.push(...countCall(state, around.limits, route.api, user));
		if (!state.flavour.countsKnownCallersOnly) count();
		const cleanQuery = cleanInput(parseQuery(query)) as Input;
		const call: Call = {
			state,
			method: request.method,
			address: `http://${host}${path.replace(/\/+$/, '')}`,
			origin: `http://${host}`,
			query: cleanQuery,
			input: { ...cleanQuery, ...body.input },
			params,
			user,
			key,
			ip: request.ip,
			bound: {},
			window: () => around.sleep(state.settings.windowMs),
			sleep: around.sleep,
		};
		admit(route, call);
		if (state.flavour.countsKnownCallersOnly) count();
		checkRights(route, call);
		if (route.createsSubuser) {
			counted.push(...countCreation(state, around.limits, bound(call, 'server')));
		}
		route.authorize?.(call);
		const reply = await handle(around, route, call);
		return answerOf(reply, countedHeaders(counted));
	} catch (error) {
		if (!(error instanceof PanelError)) throw error;
		const { loginPath } = state.flavour;
		const asked = { wantsJson: wantsJson(request), host, referer, loginPath };
		const rendered = renderError(error, asked);
		return { ...rendered, headers: { ...countedHeaders(counted), ...rendered.headers } };
	}
}

function splitOnce(text: string, mark: string): [string, string] {
	const at = text.indexOf(mark);
	return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
