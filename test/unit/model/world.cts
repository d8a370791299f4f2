/** Everything that can happen around the writer, in any order. */
import { CLOCK_SKEW_MS } from '../../../domain/work/lease';
import { sameAccess } from '../../../domain/access/permissions';
import { explore, type Exploration } from './explore.cjs';
import { truthOf, type Situation } from './situation.cjs';
import {
	copyOf,
	endWriter,
	NEW_WRITER,
	NOBODY,
	renumberTerms,
	textOf,
	tick,
	type State,
	type Writer,
} from './state.cjs';
import { ALL_RULES, writerOf, type Rules, type Way } from './writer.cjs';

/** More executions than these at once make no difference: one works, one wakes late, one is new. */
const MOST_WRITERS = 3;

export function worldOf(situation: Situation, rules: Rules) {
	const {
		events,
		applied = 0,
		inOrder = false,
		inNaps = false,
		hasSchedule = true,
		napsBefore,
	} = situation;
	const truth = truthOf(events);
	const writer = writerOf(situation, truth, rules);

	function moves(state: State): Way[] {
		const ways = [
			...arrivals(state),
			...appends(state),
			...landings(state),
			...state.writers.flatMap((one, place) => (one ? fates(state, one, place) : [])),
			...(hasSchedule ? schedule(state) : []),
		];
		return [...ways, ...timePasses(state, ways.length === 0)].map(([what, after]) => [
			what,
			renumberTerms(after),
		]);
	}

	const changed = (before: State, what: string, change: (state: State) => void): Way => {
		const state = copyOf(before);
		change(state);
		return [what, state];
	};

	function arrivals(before: State): Way[] {
		const isFirst = before.log.length <= applied;
		if (inNaps && !isFirst && !before.writers.some((one) => one?.isAsleep)) return [];
		return before.coming.slice(0, inOrder ? 1 : undefined).map((event) =>
			changed(before, `event ${event} is stored`, (state) => {
				state.coming = state.coming.filter((one) => one !== event);
				state.log.push({ event, isProcessed: false, round: NOBODY });
				state.appenders++;
			}),
		);
	}

	/** Who has appended starts the writer if the lease is free; or dies before that. */
	function appends(before: State): Way[] {
		if (before.appenders === 0) return [];
		return [
			changed(before, 'its sender looks at the lease', (state) => {
				state.appenders--;
				if (isStartFree(state)) claimStart(state);
			}),
			...(before.deaths > 0
				? [
						changed(before, 'its sender dies', (state) => {
							state.appenders--;
							state.deaths--;
							if (isStartFree(state)) state.lease.isStarting = true;
						}),
					]
				: []),
		];
	}

	const landings = (state: State): Way[] =>
		state.flying.map(({ kind, from }, at): Way => [
			from === NOBODY ? `a late ${kind} lands` : `${from}'s ${kind} lands`,
			writer.land(state, at),
		]);

	/** The writer goes on, dies, is suspended or wakes; a sync fails, or an answer is lost. */
	function fates(before: State, one: Writer, place: number): Way[] {
		const { at, isAsleep } = one;
		const mine = (what: string, change: (state: State, writer: Writer) => void): Way =>
			changed(before, `${place}: ${what}`, (state) => {
				change(state, state.writers[place] as Writer);
			});
		const dies = before.deaths > 0 && [
			mine(`dies before "${at}"`, (state) => {
				state.deaths--;
				endWriter(state, place);
			}),
		];
		if (isAsleep) return [mine('wakes', (_, me) => (me.isAsleep = false)), ...(dies || [])];
		const isSyncing = at === 'read panel' || at === 'send request';
		const waits = before.flying.some(({ from }) => from === place);
		const unanswered = (state: State) => {
			state.lostAnswers--;
			state.flying = state.flying.map((two) =>
				two.from === place ? { ...two, from: NOBODY } : two,
			);
		};
		return [
			...writer.waysOf(before, place),
			...(dies || []),
			...(before.naps > 0 && (napsBefore?.includes(at) ?? true)
				? [
						mine('is suspended', (state, me) => {
							state.naps--;
							me.isAsleep = true;
						}),
					]
				: []),
			...(waits && before.lostAnswers > 0
				? [
						mine('the answer is lost', unanswered),
						...[mine('times out', unanswered)].map(([what, state]): Way => [what, tick(state)]),
					]
				: []),
			...(isSyncing && before.failures > 0
				? [
						mine('the sync of this customer fails', (state, me) => {
							state.failures--;
							const { isUncertain = false, changes = 0 } = me.current ?? {};
							writer.endCustomer(me, { kind: 'failed', isUncertain, changes });
							writer.goOn(me);
						}),
					]
				: []),
			...(at === 'read panel' && before.shortRounds > 0
				? [
						mine('the time is over', (state, me) => {
							state.shortRounds--;
							writer.endSync(me, false);
							writer.goOn(me);
						}),
					]
				: []),
		];
	}

	const isBusy = ({ writers, appenders }: State) =>
		appenders > 0 || writers.some((one) => one && !one.isAsleep);

	const schedule = (before: State): Way[] =>
		!isBusy(before) && writer.isWorkWaiting(before)
			? [changed(before, 'the schedule starts a writer', start)]
			: [];

	/** Nobody is in the middle of something. Time alone changes nothing at last. */
	function timePasses(before: State, isOnly: boolean): Way[] {
		const isOpen = before.lease.expires < -CLOCK_SKEW_MS;
		if (isBusy(before) || (hasSchedule && isOpen && writer.isWorkWaiting(before))) return [];
		const after = tick(before);
		if (isOnly && textOf(renumberTerms(after)) === textOf(before)) return [];
		return [['30 s pass', after]];
	}

	/** The access of everybody is what all events entitle to, and nothing is left to do. */
	function atRest({ panel, log, isUnlogged }: State): string | null {
		if (isUnlogged) return 'a change was not logged';
		const all = log.reduce((set, { event }) => set | (1 << event), 0);
		for (const [index, { customer }] of truth.customers.entries()) {
			const keys = truth.keysBy(all, customer);
			const has = panel[index] ?? [];
			const isRight =
				keys.length === 0 ? has.length === 0 : has.length === 1 && sameAccess(has[0] ?? [], keys);
			if (!isRight) {
				return `${customer} is entitled to ${JSON.stringify(keys)}, has ${JSON.stringify(has)}`;
			}
		}
		const open = log.find(({ isProcessed }) => !isProcessed);
		return open ? `event ${open.event} is not processed` : null;
	}

	const noDoubles = ({ panel }: State): string | null =>
		panel.some((subusers) => subusers.length > 1) ? 'there are two subusers' : null;

	return { moves, atRest, noDoubles, begin };

	function begin(): State {
		const empty: State = {
			coming: events.map((_, index) => index).slice(0, applied),
			appenders: 0,
			log: [],
			customers: truth.customers.map(() => []),
			panel: truth.customers.map(() => []),
			flying: [],
			lease: { holder: NOBODY, term: 0, expires: -30_000, takenOver: null, isStarting: false },
			writers: [],
			deaths: 0,
			lostAnswers: 0,
			naps: 0,
			failures: 0,
			shortRounds: 0,
			isUnlogged: false,
		};
		let state = empty;
		for (let [next] = moves(state); next; [next] = moves(state)) state = next[1];
		const { deaths = 0, lostAnswers = 0, naps = 0, failures = 0, shortRounds = 0 } = situation;
		const coming = events.map((_, index) => index).slice(applied);
		return { ...state, coming, deaths, lostAnswers, naps, failures, shortRounds };
	}
}

/** Of all who append, one at a time starts the writer. */
const isStartFree = ({ lease }: State): boolean => lease.holder === NOBODY && !lease.isStarting;

function claimStart(state: State): void {
	state.lease.isStarting = true;
	start(state);
}

/** A new execution takes the first place that is free. */
function start(state: State): void {
	const place = state.writers.indexOf(null);
	if (place >= 0) state.writers[place] = NEW_WRITER;
	else if (state.writers.length < MOST_WRITERS) state.writers.push(NEW_WRITER);
}

/** Explores a situation with all rules, or with some of them switched off. */
export function tried(
	situation: Situation,
	rules: Partial<Rules> = {},
	{ neverDoubles = false } = {},
): Exploration {
	const world = worldOf(situation, { ...ALL_RULES, ...rules });
	return explore(world.begin(), world.moves, {
		keyOf: textOf,
		atRest: world.atRest,
		...(neverDoubles ? { always: world.noDoubles } : {}),
	});
}
