import type { ApiKey, PanelState, Resource, Server, Subuser, User } from './state.cjs';
import type { FlavourName } from './flavour.cjs';
import type { Input } from './php.cjs';

/** One call that passed authentication, as the handlers see it. */
export interface Call {
	state: PanelState;
	method: string;
	/** `http://127.0.0.1:8001/api/application/users`, without the query. */
	address: string;
	origin: string;
	query: Input;
	/** Query and body together, cleaned as Laravel does. */
	input: Input;
	params: Record<string, string>;
	user: User;
	key: ApiKey;
	ip: string;
	bound: Bound;
	/** Waits between the check and the write, where another call can slip in. */
	window: () => Promise<void>;
	sleep: (ms: number) => Promise<void>;
}

/** What the path's parameters stand for; the route's `bind` fills it. */
export interface Bound {
	user?: User;
	server?: Server;
	subuser?: Subuser;
}

export interface Reply {
	status: number;
	body?: unknown;
	/** Subuser rows in the answer; its time grows with them. */
	rows?: number;
}

export interface Route {
	api: 'application' | 'client';
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	path: string;
	/** The other panel has no such route. */
	only?: FlavourName;
	/** Finds what the path names, or throws 404: before any question of rights. */
	bind?: (call: Call) => void;
	/** Application API: the right of the key that the route needs. */
	needs?: { resource: Resource; write: boolean };
	/** Client API: the caller's rights on the server. */
	authorize?: (call: Call) => void;
	/** Looking at a server works in every state of it [376]. */
	anyServerState?: boolean;
	/** Counts against the limit on new subusers of one server. */
	createsSubuser?: boolean;
	/** The panel's routes file takes the account page out of the demand for 2FA. */
	withoutTwoFactor?: boolean;
	handle: (call: Call) => Reply | Promise<Reply>;
}

export function bound<K extends keyof Bound>(call: Call, name: K): NonNullable<Bound[K]> {
	const value = call.bound[name];
	if (!value) throw new Error(`The route did not bind "${name}"`);
	return value;
}

export const noContent = (): Reply => ({ status: 204 });
