/** Faults of the panel × moments of a run, and what a customer has in the meantime. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Fault } from '../../simulators/faults.cjs';
import type { TierName } from '../../tools/lifecycle/story.cjs';
import { count, isLong } from '../long.cjs';
import { person, type Deed, type Person, type Seen } from './support.cjs';

const SECONDS = 1000;

/** How long the nodes wait for an answer in these tests, in seconds, and how often they try again. */
export const TIMEOUT = count(3, 2);
export const RETRIES = count(2, 1);

const CONNECTION = 'dist/nodes/PterodactylProvision/transport/connection.js';

/** Changes the installed package, so that it gives up soon: the writer's node has no option for it. */
export function givesUpSoon(folder: string): void {
	const nodes = join(folder, '.n8n', 'nodes', 'node_modules');
	const file = join(nodes, 'n8n-nodes-paymenter-pterodactyl', CONNECTION);
	const shipped = readFileSync(file, 'utf8');
	const hasty = shipped
		.replace(/retries: \d+/, `retries: ${RETRIES}`)
		.replace(/timeoutMs: [\d_]+/, `timeoutMs: ${TIMEOUT * SECONDS}`);
	if (hasty === shipped) throw new Error(`${CONNECTION} has no defaults to change`);
	writeFileSync(file, hasty);
}

/**
 * What stands while the fault lasts: access as promised, or else a row that says what is wrong and
 * when it is tried again. Where no other customer would have fared better, the run fails: the event
 * waits, and the customer's row is not touched.
 */
export type Meanwhile = 'right' | 'told' | 'either' | 'waits';

export interface Case {
	title: string;
	who: Person;
	/** What they had before. */
	before: TierName | null;
	deed: Deed;
	faults: Fault[];
	meanwhile: Meanwhile;
	/** Its calls do not say whom they are about, so it has n8n for itself. */
	isAlone: boolean;
	arrange?: () => void;
	/** Ends what the fault was about. */
	mend?: () => void;
	/** What the row, or the alert about the run, must say while it lasts. */
	words?: RegExp;
	during?: Seen;
	after?: Seen;
}

interface Moment {
	before: TierName | null;
	deed: Deed;
	method: string;
	path: RegExp;
	/** All customers need the answer: without it, the run fails. */
	isRunWide?: boolean;
	/** What leads to the moment. */
	first?: Fault;
	/** Whether a call that was carried out is found to be so. */
	isLookedAt?: boolean;
}

const BUYS = { before: null, deed: { buys: 'knight' } } as const;
const UPGRADES = { before: 'elemental', deed: { upgrades: 'knight' } } as const;
const CANCELS = { before: 'knight', deed: { cancels: true } } as const;
const NEW_ROW = { method: 'POST', path: /client\/servers\/[\w-]+\/users$/ };

export const moments = {
	'the account is looked up': { ...UPGRADES, method: 'GET', path: /users\/external\// },
	'the account is read again': { ...UPGRADES, method: 'GET', path: /application\/users\/\d+$/ },
	'the account is made': {
		...BUYS,
		method: 'POST',
		path: /application\/users$/,
		isLookedAt: true,
	},
	'the servers are read': {
		...BUYS,
		method: 'GET',
		path: /application\/servers\?/,
		isRunWide: true,
	},
	'a row is looked for': {
		...BUYS,
		method: 'GET',
		path: /client\/servers\/[\w-]+\/users\/.+/,
		first: { ...NEW_ROW, kind: 'refuse', times: 1 },
	},
	'a row is made': { ...BUYS, ...NEW_ROW, isLookedAt: true },
	'a row is changed': {
		...UPGRADES,
		method: 'POST',
		path: /client\/servers\/[\w-]+\/users\/.+/,
		isLookedAt: true,
	},
	'a row is deleted': { ...CANCELS, method: 'DELETE', path: /client\/servers\/[\w-]+\/users\/.+/ },
} satisfies Record<string, Moment>;

export type MomentName = keyof typeof moments;

/** What it is, the fault, and what stands where it happens once, and where it goes on and on. */
type Row = [Fault, once: Meanwhile, lasting: Meanwhile];

export const kinds = {
	'cut connections': [{ kind: 'refuse' }, 'right', 'told'],
	'answers cut after the work was done': [{ kind: 'reset-after' }, 'right', 'told'],
	'answers cut in the middle': [{ kind: 'reset-after', mid: true }, 'right', 'told'],
	silence: [{ kind: 'hang' }, 'right', 'told'],
	'silence though the work was done': [{ kind: 'hang', executed: true }, 'right', 'told'],
	'slow answers': [{ kind: 'slow', ms: 1 * SECONDS }, 'right', 'right'],
	'work done after we gave up': [{ kind: 'slow', ms: 2 * TIMEOUT * SECONDS }, 'right', 'either'],
	'answers in drops': [{ kind: 'drip', ms: 4 * SECONDS }, 'right', 'right'],
	'a 429 that says when': [{ kind: '429', retryAfter: 1 }, 'right', 'waits'],
	'a 429 that does not': [{ kind: '429' }, 'right', 'waits'],
	'a 429 for an hour': [{ kind: '429', retryAfter: 3600 }, 'waits', 'waits'],
	'a 500': [{ kind: 'status', status: 500 }, 'right', 'told'],
	'a 500 though the work was done': [
		{ kind: 'status', status: 500, executed: true },
		'right',
		'told',
	],
	'a 502': [{ kind: 'status', status: 502 }, 'right', 'told'],
	'a 503': [{ kind: 'status', status: 503 }, 'right', 'waits'],
	'a 504': [{ kind: 'status', status: 504 }, 'right', 'told'],
	'a 403': [{ kind: 'status', status: 403 }, 'told', 'told'],
	'a 409': [{ kind: 'status', status: 409 }, 'told', 'told'],
	'a page of HTML': [{ kind: 'html' }, 'told', 'told'],
	'a redirect to the login': [{ kind: 'redirect' }, 'told', 'told'],
	'half a JSON': [{ kind: 'truncated' }, 'right', 'told'],
	'no JSON': [{ kind: 'not-json' }, 'told', 'told'],
} satisfies Record<string, Row>;

export type KindName = keyof typeof kinds;

export function caseOf(how: 'once' | 'lasting', kind: KindName, moment: MomentName): Case {
	const [fault, once, lasting] = kinds[kind] as Row;
	const { before, deed, method, path, first, isLookedAt, isRunWide } = moments[moment] as Moment;
	const isDone = fault.executed ?? ['reset-after', 'truncated'].includes(fault.kind);
	const found = (): Meanwhile => {
		const told = how === 'once' ? once : lasting;
		if (isRunWide) return told === 'told' ? 'waits' : told;
		if (how === 'once') return once;
		if (isDone && method === 'DELETE') return 'either';
		return isDone && isLookedAt ? 'right' : lasting;
	};
	const meanwhile = found();
	return {
		title: `${how === 'once' ? 'One time' : 'On and on'} ${kind} as ${moment}`,
		who: person(`${how} ${kind} ${method}`),
		before,
		deed,
		faults: [
			...(first ? [first] : []),
			{ ...fault, method, path, ...(how === 'once' ? { times: 1 } : {}) },
		],
		meanwhile,
		isAlone: isRunWide || meanwhile === 'waits',
	};
}

/** Everything; each of the lists is one batch. */
const whole = (): Array<[string, Case[]]> =>
	(Object.keys(moments) as MomentName[]).map((moment) => [
		`as ${moment}`,
		(Object.keys(kinds) as KindName[]).flatMap((kind) =>
			(['once', 'lasting'] as const).map((how) => caseOf(how, kind, moment)),
		),
	]);

/** The most telling. */
const telling = (): Array<[string, Case[]]> => [
	[
		'of many kinds',
		[
			caseOf('lasting', 'a page of HTML', 'the account is looked up'),
			caseOf('once', 'a 429 that does not', 'the account is read again'),
			caseOf('once', 'a 500 though the work was done', 'the account is made'),
			caseOf('lasting', 'silence', 'the account is made'),
			caseOf('lasting', 'a 500', 'the account is made'),
			caseOf('lasting', 'a 503', 'the account is made'),
			caseOf('lasting', 'a 502', 'a row is looked for'),
			caseOf('once', 'answers cut in the middle', 'a row is made'),
			caseOf('once', 'work done after we gave up', 'a row is made'),
			caseOf('lasting', 'a 409', 'a row is made'),
			caseOf('once', 'half a JSON', 'a row is changed'),
			caseOf('lasting', 'a 504', 'a row is changed'),
			caseOf('once', 'silence though the work was done', 'a row is deleted'),
			caseOf('lasting', 'a redirect to the login', 'a row is deleted'),
		],
	],
];

export const batches = isLong ? whole() : telling();
