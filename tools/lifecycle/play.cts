/** Plays the lives of the six customers on a real n8n, and holds the panel against what was promised. */
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

import type { Paymenter } from '../../simulators/paymenter/server.cjs';
import type { GameServer } from '../../simulators/game/server.cjs';
import type { Shop } from '../../simulators/paymenter/shop.cjs';
import type { Editor } from '../n8n/editor.cjs';
import type { Instance } from '../n8n/instance.cjs';
import { join, perksOf, promisedPerks, type Perks } from './game.cjs';
import { promised, sameAccessMap, type AccessMap, type PanelView } from './panelView.cjs';
import {
	aMonthLater,
	aWeekLater,
	eighthDay,
	firstDay,
	type Customer,
	type Step,
	type TierName,
} from './story.cjs';

export interface Outcome {
	customer: string;
	what: string;
	/** The highest tier promised; null: no access. */
	then: TierName | null;
	expected: AccessMap;
	found: AccessMap;
	/** From what happened at the shop until access was given and written down. */
	seconds: number;
	/** What they have in the game and in Discord, where that is played as well. */
	perks: Perks | null;
	matches: boolean;
	error?: string;
}

export interface Stage {
	n8n: Instance;
	/** Opened anew after each start of n8n. */
	editor: () => Promise<Editor>;
	panel: PanelView;
	paymenter: Paymenter;
	game: GameServer | null;
	customers: Map<string, Customer>;
	tell: (outcome: Outcome) => void;
	say: (line: string) => void;
}

const DAY_MS = 86_400_000;
/** The promise is 30 seconds; how long it took is told. Where much else goes on, it may be more. */
const PATIENCE_MS = 120_000;
/** A Wait that falls due while n8n starts can be lost, so it falls due this long after the start … */
const DUE_AFTER_START_MS = 35_000;
/** … and longer on a slow machine: this many times what the last start took. */
const DUE_AFTER_STARTS = 4;
/** n8n looks for due Waits about once a minute; then 20 s, then Apply. */
const WAIT_PATIENCE_MS = 300_000;

export async function play(stage: Stage): Promise<Outcome[]> {
	const { say, customers, game } = stage;
	if (game) for (const customer of customers.values()) join(game, customer);
	const outcomes: Outcome[] = [];
	const tell = (outcome: Outcome) => {
		outcomes.push(outcome);
		stage.tell(outcome);
	};
	say('Day 1');
	for (const step of firstDay(stage.customers)) tell(await playStep(stage, step));

	say('Seven days pass ...');
	await passDays(stage, 'Eve', 7);
	for (const step of aWeekLater()) tell(await playStep(stage, step, WAIT_PATIENCE_MS));
	// Paymenter suspends who has not paid, which n8n knows by now.
	stage.paymenter.shop.runCron();
	await stage.paymenter.control.settled();
	for (const step of eighthDay(customers)) tell(await playStep(stage, step));

	say('Thirty days pass ...');
	await passDays(stage, 'Eve', 30);
	for (const step of aMonthLater()) tell(await playStep(stage, step, WAIT_PATIENCE_MS));
	return outcomes;
}

/**
 * Does at the shop what the step says, waits until n8n has written the customer's row after it, and
 * then holds the panel against what was promised. Where only time passes, it looks until the promise
 * is kept.
 */
export async function playStep(
	stage: Stage,
	step: Step,
	patienceMs = PATIENCE_MS,
): Promise<Outcome> {
	const { panel, paymenter, customers, game } = stage;
	const customer = customers.get(step.customer) as Customer;
	const expected = promised(step.then, await panel.servers());
	const editor = await stage.editor();
	const runBefore = await lastRun(editor, customer);
	const started = Date.now();
	let seconds: number | null = null;
	const outcome = async (error?: string): Promise<Outcome> => {
		const found = await panel.accessOf(customer.email);
		const isThere = (await panel.userOf(customer.email)) !== undefined;
		const isRight = sameAccessMap(expected, found) && isThere !== (step.isDeleted ?? false);
		if (isRight) seconds ??= (Date.now() - started) / 1000;
		const perks = game && perksOf(game, customer);
		const arePerksRight = isDeepStrictEqual(perks, game && promisedPerks(step.then));
		return {
			...step,
			expected,
			found,
			perks,
			seconds: seconds ?? (Date.now() - started) / 1000,
			matches: error === undefined && isRight && arePerksRight,
			...(error ? { error } : {}),
		};
	};
	if (step.act) {
		const refusal = await act(paymenter, step.act);
		if (refusal) return await outcome(refusal);
	}
	while (Date.now() - started < patienceMs) {
		const hasRun = (await lastRun(editor, customer)) !== runBefore;
		if (hasRun || !step.act) {
			const latest = await outcome();
			if (latest.matches) return latest;
		}
		await pause(step.act ? 100 : 2000);
	}
	return await outcome();
}

/** @returns why an event of it did not reach n8n */
async function act(
	{ shop, control }: Paymenter,
	what: (shop: Shop) => void,
): Promise<string | undefined> {
	const before = control.events().length;
	what(shop);
	await control.settled();
	const sent = control.events().slice(before);
	if (sent.length === 0) return 'the shop sent no event';
	return sent.find(({ outcome }) => outcome !== 'delivered')?.problem;
}

/** When the customer's row was written last. */
async function lastRun(editor: Editor, customer: Customer): Promise<string> {
	const rows = await editor.rows('paymenter_customers');
	const row = rows.find(({ customer_email }) => customer_email === customer.email);
	return String(row?.last_run_at ?? '');
}

/** Starts n8n anew with its clock so far ahead that a customer's Wait falls due soon after. */
async function passDays({ n8n, editor, customers }: Stage, name: string, days: number) {
	const { email } = customers.get(name) as Customer;
	const rows = await (await editor()).rows('paymenter_customers');
	const row = rows.find(({ customer_email }) => customer_email === email);
	const changesAt = Date.parse(String(row?.next_change_at));
	const ahead = changesAt - Date.now() - n8n.offsetMs();
	if (!(Math.abs(ahead - days * DAY_MS) < DAY_MS)) {
		throw new Error(
			`${name}'s row should change in ${days} days, but it says: ${JSON.stringify(row)}`,
		);
	}
	await n8n.stop();
	const dueAfter = Math.max(DUE_AFTER_START_MS, DUE_AFTER_STARTS * n8n.startMs());
	// The Wait is for a minute later.
	await n8n.start({ offsetMs: changesAt + 60_000 - Date.now() - dueAfter });
}
