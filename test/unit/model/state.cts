/** The state of tables, panel and executions. Times are milliseconds from now; null: none. */

/** Time passes in steps of this length. */
export const TICK_MS = 30_000;
/** A request lands before this time is over, or never. */
export const LANDS_WITHIN_TICKS = 4;
const FAR_AHEAD_MS = 24 * 60 * 60_000;

/** Instead of a writer's place: the lease is free, or the execution that it names has ended. */
export const NOBODY = -1;
export const GONE = -2;

/** The columns of `paymenter_customers` that matter to the writer. */
export interface CustomerColumns {
	term: number;
	due: number | null;
	recheck: number | null;
	retry: number | null;
	failures: number;
	failingSince: number | null;
}

export interface Request {
	kind: 'create' | 'update' | 'delete';
	keys: string[];
}

export interface FlyingRequest extends Request {
	customer: number;
	/** How many ticks ago it was sent. */
	age: number;
	/** The writer that waits for its answer, or nobody. */
	from: number;
}

/** What a round did for one customer. */
export interface CustomerOutcome {
	kind: 'done' | 'failed' | 'unreached';
	isUncertain: boolean;
	changes: number;
}

export interface LeaseColumns {
	term: number;
	expires: number;
	takenOver: number | null;
}

export interface Writer extends LeaseColumns {
	at: WriterStep;
	isAsleep: boolean;
	/** The round: place of the last due event in the log, claimed events, due customers, events read. */
	last: number;
	claimed: number[];
	due: number[];
	read: number;
	stored: Array<[customer: number, row: CustomerColumns]>;
	readAt: number;
	outcomes: CustomerOutcome[];
	/** Of the customer who is being synced: what is still to be sent, and what came of it so far. */
	requests: Request[];
	current: CustomerOutcome | null;
	isPanelDown: boolean;
	/** What is to be written after the round. */
	changes: number;
	added: Array<[customer: number, row: CustomerColumns]>;
	rows: Array<[customer: number, row: CustomerColumns]>;
	released: Array<[event: number, isProcessed: boolean]>;
	goesOn: boolean;
	freeAt: number;
}

export type WriterStep =
	| 'get lease'
	| 'acquire lease'
	| 'get due events'
	| 'claim events'
	| 'get due customers'
	| 'read log'
	| 'get customers'
	| 'read panel'
	| 'send request'
	| 'wait for answer'
	| 'log changes'
	| 'renew lease'
	| 'add customers'
	| 'save customer'
	| 'release events'
	| 'mark processed'
	| 'release lease'
	| 'look once more';

export const NEW_WRITER: Writer = {
	at: 'get lease',
	isAsleep: false,
	term: 0,
	expires: 0,
	takenOver: null,
	last: -1,
	claimed: [],
	due: [],
	read: 0,
	stored: [],
	readAt: 0,
	outcomes: [],
	requests: [],
	current: null,
	isPanelDown: false,
	changes: 0,
	added: [],
	rows: [],
	released: [],
	goesOn: true,
	freeAt: 0,
};

export interface State {
	/** Events that still have to arrive. */
	coming: number[];
	/** Appenders that have stored their event and not yet read the lease. */
	appenders: number;
	/** In the order of `queue`; `round` is the writer whose present round claimed it, or nobody. */
	log: Array<{ event: number; isProcessed: boolean; round: number }>;
	/** The rows of each customer: none or one, if all is well. */
	customers: CustomerColumns[][];
	/** The account's subusers on the one server, by customer. */
	panel: string[][][];
	flying: FlyingRequest[];
	lease: LeaseColumns & { holder: number; isStarting: boolean };
	/** Null: a place that is free again. */
	writers: Array<Writer | null>;
	deaths: number;
	lostAnswers: number;
	naps: number;
	failures: number;
	shortRounds: number;
	/** A writer that did not die has ended without logging what it changed. */
	isUnlogged: boolean;
}

/** A copy in which the outermost two levels can be changed. */
export const copyOf = (state: State): State => ({
	...state,
	coming: [...state.coming],
	log: state.log.map((row) => ({ ...row })),
	customers: [...state.customers],
	panel: [...state.panel],
	flying: [...state.flying],
	lease: { ...state.lease },
	writers: state.writers.map((writer) => writer && { ...writer }),
});

/** The execution in this place is over. */
export function endWriter(state: State, place: number): void {
	state.writers[place] = null;
	while (state.writers.at(-1) === null) state.writers.pop();
	if (state.lease.holder === place) state.lease.holder = GONE;
	for (const row of state.log) if (row.round === place) row.round = NOBODY;
	state.flying = state.flying.map((one) => (one.from === place ? { ...one, from: NOBODY } : one));
}

/** What was longer ago than this makes no difference. */
const [LONG_AGO_MS, LEASES_AGO_MS] = [-TICK_MS, -5 * TICK_MS];

function earlier(time: number, floor: number): number;
function earlier(time: number | null, floor: number): number | null;
function earlier(time: number | null, floor: number): number | null {
	return time === null || time > FAR_AHEAD_MS ? time : Math.max(time - TICK_MS, floor);
}

const agedRow = (row: CustomerColumns): CustomerColumns => ({
	...row,
	due: earlier(row.due, LONG_AGO_MS),
	recheck: earlier(row.recheck, LONG_AGO_MS),
	retry: earlier(row.retry, LONG_AGO_MS),
	failingSince: earlier(row.failingSince, LONG_AGO_MS),
});

const agedLease = <L extends LeaseColumns>(lease: L): L => ({
	...lease,
	expires: earlier(lease.expires, LONG_AGO_MS),
	takenOver: earlier(lease.takenOver, LEASES_AGO_MS),
});

/** Time passes. Who waits for an answer since before gets none. */
export function tick(before: State): State {
	const state = copyOf(before);
	state.lease = agedLease(state.lease);
	state.customers = state.customers.map((rows) => rows.map(agedRow));
	state.flying = state.flying
		.map((one) => ({ ...one, age: one.age + 1, from: NOBODY }))
		.filter(({ age }) => age < LANDS_WITHIN_TICKS);
	state.writers = state.writers.map(
		(writer) =>
			writer && {
				...agedLease(writer),
				readAt: earlier(writer.readAt, LEASES_AGO_MS),
				freeAt: earlier(writer.freeAt, LONG_AGO_MS),
				stored: writer.stored.map(([customer, row]) => [customer, agedRow(row)]),
				added: writer.added.map(([customer, row]) => [customer, agedRow(row)]),
				rows: writer.rows.map(([customer, row]) => [customer, agedRow(row)]),
			},
	);
	return state;
}

/** Terms count from 1 again: only their order matters, so that there are finitely many states. */
export function renumberTerms(state: State): State {
	const writers = state.writers.filter((writer) => writer !== null);
	const rows = [
		...state.customers.flat(),
		...writers.flatMap(({ stored, added, rows }) =>
			[...stored, ...added, ...rows].map(([, row]) => row),
		),
	];
	const holders: Array<{ term: number }> = [state.lease, ...writers, ...rows];
	const terms = [...new Set(holders.map(({ term }) => term))].sort((a, b) => a - b);
	if (terms[0] !== 0) terms.unshift(0);
	if (terms.every((term, rank) => term === rank)) return state;
	const ranked = <T extends { term: number }>(one: T): T => ({
		...one,
		term: terms.indexOf(one.term),
	});
	const rankedRows = (those: Writer['rows']) =>
		those.map(([customer, row]): [number, CustomerColumns] => [customer, ranked(row)]);
	return {
		...state,
		lease: ranked(state.lease),
		customers: state.customers.map((rows) => rows.map(ranked)),
		writers: state.writers.map(
			(writer) =>
				writer && {
					...ranked(writer),
					stored: rankedRows(writer.stored),
					added: rankedRows(writer.added),
					rows: rankedRows(writer.rows),
				},
		),
	};
}

const rowText = (row: CustomerColumns): string =>
	`${row.term},${row.due},${row.recheck},${row.retry},${row.failures},${row.failingSince}`;

const rowsText = (rows: Writer['rows']): string =>
	rows.map(([customer, row]) => `${customer}:${rowText(row)}`).join('/');

const leaseText = ({ term, expires, takenOver }: LeaseColumns): string =>
	`${term},${expires},${takenOver}`;

const outcomeText = (one: CustomerOutcome | null): string =>
	one ? `${one.kind}${one.isUncertain ? '?' : ''}${one.changes}` : '-';

const requestText = ({ kind, keys }: Request): string => `${kind} ${keys.join()}`;

const writerText = (one: Writer | null): string =>
	one
		? [
				`${one.isAsleep ? 'z' : ''}${one.at} ${leaseText(one)} ${one.last} ${one.claimed} ${one.due}`,
				`${one.read} ${one.readAt} ${one.changes} ${one.goesOn} ${one.isPanelDown} ${one.freeAt}`,
				rowsText(one.stored),
				rowsText(one.added),
				rowsText(one.rows),
				one.released.join('/'),
				one.outcomes.map(outcomeText).join(),
				one.requests.map(requestText).join('/'),
				outcomeText(one.current),
			].join(';')
		: '-';

/** The state as a short text, the same for the same state. */
export const textOf = (state: State): string =>
	[
		`${state.coming} ${state.appenders} ${state.isUnlogged}`,
		`${state.deaths} ${state.lostAnswers} ${state.naps} ${state.failures} ${state.shortRounds}`,
		state.log.map((row) => `${row.event}${row.isProcessed ? 'p' : row.round}`).join(),
		state.customers.map((rows) => rows.map(rowText).join('+')).join('/'),
		state.panel.map((subusers) => subusers.map((keys) => keys.join()).join('+')).join('/'),
		state.flying
			.map((one) => `${one.customer} ${requestText(one)} ${one.age} ${one.from}`)
			.join('/'),
		`${leaseText(state.lease)} ${state.lease.holder} ${state.lease.isStarting}`,
		state.writers.map(writerText).join('|'),
	].join('#');
