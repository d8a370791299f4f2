/**
 * Apply Access as the workflow is shipped, cut into the steps between which something else can happen:
 * a model of the event log, the customer's row, the panel, and executions that die. What is decided
 * in a step is decided by the product's own Resolve and diff.
 */
import type { Entitlement, LogEvent } from '../../../domain/entitlement/entitlement';
import { resolveEntitlements } from '../../../domain/entitlement/resolve';
import { versionOf } from '../../../domain/events/row';
import { diff, type Action } from '../../../domain/access/diff';
import type { Server } from '../../../domain/access/panelRecords';
import { readPlan, targetOf, tiersOf } from '../../../domain/access/tierPlan';
import { sameAccess } from '../../../domain/access/permissions';
import type { Moves } from './explore.cjs';

const NOW = new Date('2026-06-01T12:00:00Z');
const ACCOUNT = 7;

/** Rules of the design that a test can switch off, to see that they are needed. */
export interface Rules {
	/** After the row is written, events are read once more. */
	looksAgain: boolean;
	/** Who found another at work leaves the mark, so that the customer is looked at again. */
	leavesMark: boolean;
	/** Each execution has a mark of its own; else there is one for all, which the last one overwrites. */
	ownMarks: boolean;
	/** Who has written already does not leave the rest to another who does the same. */
	goesOn: boolean;
	/** A write whose outcome was not told makes the customer due, also after further rounds. */
	remembersDoubt: boolean;
	/** Doubled rows are deleted until there is none, and made anew. */
	rebuilds: boolean;
}

export const SHIPPED: Rules = {
	looksAgain: true,
	leavesMark: true,
	ownMarks: true,
	goesOn: true,
	remembersDoubt: true,
	rebuilds: true,
};

/** One write on the panel, as it goes out. */
interface Write {
	kind: 'account' | 'check' | 'create' | 'update' | 'delete' | 'delete all';
	keys: string[];
}

interface Execution {
	at: 'read' | 'mark' | 'look' | 'panel' | 'write' | 'record' | 'unmark' | 'ended';
	/** Bit by event: what was read. */
	read: number;
	/** The entitlement that is being applied, and the one that was. */
	version: string;
	applied: string;
	isCrowded: boolean;
	isInDoubt: boolean;
	writes: Write[];
}

export interface State {
	/** Bit by event. */
	log: number;
	/** Which events still have to arrive; each starts an execution. */
	coming: number[];
	row: { read: number; isDue: boolean } | null;
	/** Who is at work, or died at it, in the order in which they were left: one a round. */
	marks: Array<{ who: number; version: string }>;
	account: boolean;
	/** The account's rows on the one server. */
	rows: string[][];
	executions: Execution[];
	/** Writes whose sender was told nothing, and which land when they like. */
	late: Write[];
	/** How many may still die, and how many writes may be late. */
	deaths: number;
	delays: number;
}

export interface Situation {
	events: LogEvent[];
	rows?: string[][];
	deaths?: number;
	delays?: number;
}

const plan = readPlan({
	serverGroups: [{ name: 'all', match: 'all' }],
	tiers: [
		{ tier: 'low', products: 'low', serverGroups: ['all'], permissions: ['activity.read'] },
		{ tier: 'high', products: 'high', serverGroups: ['all'], permissions: ['backup.read'] },
	],
	allowHarmful: false,
});

const serverWith = (rows: string[][]): Server => ({
	id: 1,
	uuid: 'u',
	identifier: 'i',
	name: 'Server',
	description: '',
	user: -1,
	node: 1,
	nest: 1,
	location: null,
	status: null,
	rows: new Map(rows.length > 0 ? [[ACCOUNT, rows]] : []),
});

export function modelOf({ events, rows = [], deaths = 0, delays = 0 }: Situation, rules: Rules) {
	const known = new Map<number, { version: string; keys: string[] }>();
	/** What the events of a set entitle to; remembered, since there are few sets. */
	const entitledBy = (log: number) => {
		const found = known.get(log);
		if (found) return found;
		const those = events.filter((_, index) => log & (1 << index));
		const entitlements: Entitlement[] = resolveEntitlements(those, NOW, {
			graceDays: 7,
			deleteAccountAfterDays: null,
		});
		const grants = entitlements.flatMap((one) => one.grants);
		const target = targetOf(plan, tiersOf(plan, grants), [serverWith([])]);
		const entitled = { version: versionOf(entitlements), keys: target.get(1) ?? [] };
		known.set(log, entitled);
		return entitled;
	};

	const start: State = {
		log: 0,
		coming: events.map((_, index) => index),
		row: null,
		marks: [],
		account: rows.length > 0,
		rows,
		executions: [],
		late: [],
		deaths,
		delays,
	};

	const moves: Moves<State> = (state) => [
		...state.coming.map((event): [string, State] => [
			`event ${event} arrives`,
			{
				...state,
				log: state.log | (1 << event),
				coming: state.coming.filter((one) => one !== event),
				executions: [...state.executions, NEW],
			},
		]),
		...state.late.map((write, index): [string, State] => [
			`a late ${write.kind} lands`,
			carryOut({ ...state, late: state.late.filter((_, other) => other !== index) }, write).state,
		]),
		...state.executions.flatMap((one, index) =>
			one.at === 'ended' ? [] : fates(state, one, index),
		),
	];

	/** It goes on; or it dies; or its write is late, and it gives up, or tries again and goes on. */
	function fates(state: State, one: Execution, index: number): Array<[string, State]> {
		const [write] = one.writes;
		const isWrite = one.at === 'write' && write && write.kind !== 'check';
		return [
			[`${index} ${one.at} ${write?.kind ?? ''}`.trim(), step(state, one, index)],
			...(state.deaths > 0
				? [
						[
							`${index} dies before ${one.at}`,
							become({ ...state, deaths: state.deaths - 1 }, index, ENDED),
						] as [string, State],
					]
				: []),
			...(state.delays > 0 && isWrite
				? [
						[
							`${index}'s ${write.kind} is late`,
							become(
								{
									...state,
									delays: state.delays - 1,
									late: [...state.late, write],
									row: { read: one.read, isDue: true },
								},
								index,
								ENDED,
							),
						] as [string, State],
						[
							`${index}'s ${write.kind} is late, and done again`,
							step(
								{ ...state, delays: state.delays - 1, late: [...state.late, write] },
								{ ...one, isInDoubt: true },
								index,
							),
						] as [string, State],
					]
				: []),
		];
	}

	function step(state: State, one: Execution, index: number): State {
		const others = state.marks.filter(({ who }) => who !== index);
		switch (one.at) {
			case 'read': {
				const { version } = entitledBy(state.log);
				if (version === one.applied) return become(state, index, { ...one, at: 'unmark' });
				const isInDoubt = rules.remembersDoubt && one.isInDoubt;
				return become(state, index, { ...one, read: state.log, version, isInDoubt, at: 'mark' });
			}
			case 'mark': {
				const mark = { who: index, version: one.version };
				const marks = rules.ownMarks ? [...state.marks, mark] : [mark];
				return become({ ...state, marks }, index, { ...one, at: 'look' });
			}
			case 'look': {
				// Its execution has begun another round since.
				const isSuperseded = ({ who }: { who: number }, at: number) =>
					state.marks.slice(at + 1).some((later) => later.who === who);
				const mine = state.marks.findLastIndex(({ who }) => who === index);
				const isDone = state.marks.some(
					(mark, at) =>
						at < mine &&
						mark.who !== index &&
						mark.version === one.version &&
						!isSuperseded(mark, at),
				);
				// Another does the same already; should it die, its mark tells. Who has written goes on.
				if (isDone && !(rules.goesOn && one.applied))
					return become({ ...state, marks: others }, index, ENDED);
				const isCrowded = others.length > 0;
				return become(state, index, { ...one, isCrowded, at: 'panel' });
			}
			case 'panel': {
				const writes = writesFor(state, entitledBy(one.read).keys);
				return become(state, index, { ...one, writes, at: writes.length > 0 ? 'write' : 'record' });
			}
			case 'write': {
				const [write, ...rest] = one.writes as [Write, ...Write[]];
				const { state: after, then } = carryOut(state, write);
				const writes = [...then, ...rest];
				return become(after, index, { ...one, writes, at: writes.length > 0 ? 'write' : 'record' });
			}
			case 'record': {
				const after = { ...state, row: { read: one.read, isDue: one.isInDoubt } };
				if (!rules.looksAgain) return become(after, index, { ...one, at: 'unmark' });
				return become(after, index, { ...one, at: 'read', applied: one.version });
			}
			case 'unmark': {
				const isLeft = rules.leavesMark && (one.isCrowded || one.isInDoubt);
				return become({ ...state, marks: isLeft ? state.marks : others }, index, ENDED);
			}
			case 'ended':
				return state;
		}
	}

	function writesFor({ account, rows: present }: State, keys: string[]): Write[] {
		if (!account && keys.length === 0) return [];
		const target = new Map(keys.length > 0 ? [[1, keys]] : []);
		const actions: Action[] = diff({
			account: { id: ACCOUNT },
			target,
			servers: [serverWith(present)],
			isOurs: () => true,
		});
		return [
			...(account ? [] : [{ kind: 'account' as const, keys: [] }]),
			...actions.flatMap(({ kind, after }): Write[] => {
				const isRebuilt = kind === 'rebuild' && rules.rebuilds;
				if (kind === 'create') return [{ kind: 'check', keys: after }];
				if (kind === 'delete') return [{ kind: 'delete', keys: [] }];
				if (!isRebuilt) return [{ kind: 'update', keys: after }];
				const all: Write = { kind: 'delete all', keys: [] };
				return after.length === 0 ? [all] : [all, { kind: 'check', keys: after }];
			}),
		];
	}

	/** The due, when all has come to rest: alone, and undisturbed. */
	function fiveMinuteRun(state: State): State {
		const { row, log, marks } = state;
		if (row && !row.isDue && marks.length === 0 && (log & ~row.read) === 0) return state;
		// Marks older than three minutes are nobody's any more.
		let run: State = { ...state, marks: [], executions: [NEW], delays: 0 };
		for (let steps = 0; run.executions[0]?.at !== 'ended'; steps++) {
			if (steps > 60) throw new Error('The run for the due does not end');
			run = step(run, run.executions[0] as Execution, 0);
		}
		return run;
	}

	const judge = (
		{ rows: present, log }: State,
		isGiven: (rows: string[][], keys: string[]) => boolean,
	): string | null => {
		const { keys } = entitledBy(log);
		const isRight = keys.length === 0 ? present.length === 0 : isGiven(present, keys);
		return isRight ? null : `entitled to ${JSON.stringify(keys)}, has ${JSON.stringify(present)}`;
	};

	return {
		start,
		moves,
		/** Exactly what they are entitled to, in one row. */
		afterTheRun: (end: State) =>
			judge(
				fiveMinuteRun(end),
				(rows, keys) => rows.length === 1 && sameAccess(rows[0] ?? [], keys),
			),
		/** Before that run: all that they are entitled to, and nothing where that is nothing. */
		atOnce: (end: State) =>
			judge(
				end,
				(rows, keys) =>
					rows.length > 0 && rows.every((row) => keys.every((key) => row.includes(key))),
			),
	};
}

const NEW: Execution = {
	at: 'read',
	read: 0,
	version: '',
	applied: '',
	isCrowded: false,
	isInDoubt: false,
	writes: [],
};

/** All that have ended are alike. */
const ENDED: Execution = { ...NEW, at: 'ended' };

function become(state: State, index: number, execution: Execution): State {
	const executions = state.executions.with(index, execution);
	return { ...state, executions };
}

/**
 * What the panel does, with what its sender has to do next. Between its look whether a row is there
 * and the row lies a moment in which another can make one too.
 */
function carryOut(state: State, { kind, keys }: Write): { state: State; then: Write[] } {
	const { rows } = state;
	const [first, ...others] = rows;
	const done = (change: Partial<State>, then: Write[] = []) => ({
		state: { ...state, ...change },
		then,
	});
	switch (kind) {
		case 'account':
			return done({ account: true });
		case 'check': {
			if (!first) return done({}, [{ kind: 'create', keys }]);
			const together = [...new Set([...first, ...keys])];
			return sameAccess(first, together)
				? done({})
				: done({}, [{ kind: 'update', keys: together }]);
		}
		case 'create':
			return done({ rows: [...rows, keys] });
		case 'update':
			return first ? done({ rows: [keys, ...others] }) : done({}, [{ kind: 'check', keys }]);
		case 'delete':
			return done({ rows: others });
		case 'delete all':
			// One after the other, until the panel knows of none.
			return first ? done({ rows: others }, [{ kind: 'delete all', keys: [] }]) : done({});
	}
}
