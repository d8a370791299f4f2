import { nameOf } from '../../../domain/access/account';
import type { SyncRequest } from '../../../domain/access/result';
import type { Plan } from '../../../domain/access/tierPlan';
import { compare } from '../../../domain/text';
import type { Failure } from '../../../domain/work/alertPolicy';
import { ownFailure, type RoundOutcome } from '../../../domain/work/round';
import type { PanelError } from '../transport/errors';
import type { Panel } from '../transport/panelApi';
import { readerOf, type PanelReader } from '../transport/reader';
import { inParallel } from '../../shared/inParallel';
import { SyncError, sync } from './syncCustomer';

/** One customer to sync. */
export interface Order {
	request: SyncRequest;
	/** Bulk work leaves some of each server's new subusers to purchases. */
	isBulk: boolean;
	/** Waits for the limit on new subusers since then; null: does not wait. */
	waitingSince: string | null;
}

export interface ManyResult {
	/** In the order of the orders. */
	outcomes: RoundOutcome[];
	/** Why the run could not go on: no other customer would have fared better. */
	failure: Failure | null;
	calls: number;
}

interface Options {
	plan: Plan;
	/** How many customers at the same time. */
	parallel: number;
	deadline: number;
	/** Opens a connection; all of them share one run. */
	open: (more: { isBulk: boolean }) => Panel;
}

/** Up to so many customers are looked up one by one; for more, the list of all accounts is read. */
const SINGLE_LOOKUPS = 10;

/**
 * Syncs many customers, several at a time. Those who wait for new subusers come first, the longest
 * waiting before the others; then purchases; then bulk work. Customers who share an address are
 * served one after the other, because they may share an account. Never throws for a customer.
 */
export async function syncMany(orders: Order[], options: Options): Promise<ManyResult> {
	const outcomes: RoundOutcome[] = orders.map(() => ({ kind: 'unreached', partial: null }));
	const panels: Panel[] = [];
	let failure: Failure | null = null;
	let reader: PanelReader | undefined;
	const lookups = orders.filter(({ request }) => !request.isNew).length;

	async function serve(index: number): Promise<void> {
		const order = orders[index];
		if (!order || failure || Date.now() > options.deadline) return;
		const panel = options.open({ isBulk: order.isBulk });
		panels.push(panel);
		reader ??= readerOf(panel, options.plan.selectors, lookups > SINGLE_LOOKUPS);
		try {
			const result = await sync(panel, options.plan, reader, order.request);
			outcomes[index] = { kind: 'done', result };
		} catch (error) {
			if (!(error instanceof SyncError)) {
				outcomes[index] = unforeseen(error as Error, order.request);
				return;
			}
			const { cause, partial } = error;
			if (cause.isFatalForRun) failure ??= failureOf(cause, cause);
			outcomes[index] =
				cause.isOutOfTime || cause.isFatalForRun
					? { kind: 'unreached', partial }
					: { kind: 'failed', failure: failureOf(error, cause), partial };
		}
	}

	for (const phase of phasesOf(orders)) {
		await inParallel(phase, options.parallel, async (group) => {
			for (const index of group) await serve(index);
		});
	}
	return { outcomes, failure, calls: panels.reduce((sum, panel) => sum + panel.calls(), 0) };
}

const failureOf = ({ message, advice }: SyncError | PanelError, cause: PanelError): Failure => ({
	message,
	advice,
	cause: cause.shared ?? cause.message,
	isTransient: cause.isTransient,
	concernsEverybody: cause.concernsEverybody,
});

function unforeseen({ message, stack }: Error, { person }: SyncRequest): RoundOutcome {
	const where = stack?.split('\n')[1]?.trim() ?? '';
	const advice = `This is an error in the package. Please report it with: ${where}`;
	return { kind: 'failed', failure: ownFailure({ message, advice }, person), partial: null };
}

/** Groups of orders (by index) that may share an account, in the order of service: two phases. */
function phasesOf(orders: Order[]): number[][][] {
	const rank = ({ waitingSince, isBulk }: Order) => waitingSince ?? (isBulk ? '~~' : '~');
	const sorted = orders
		.map((order, index) => ({ index, keys: keysOf(order), rank: rank(order) }))
		.sort((a, b) => compare(a.rank, b.rank));
	const groups = groupsOf(sorted);
	const isWaiting = (group: number[]) => group.some((index) => orders[index]?.waitingSince);
	return [groups.filter(isWaiting), groups.filter((group) => !isWaiting(group))];
}

function keysOf({ request: { person } }: Order): string[] {
	const emails = [person.email, ...person.previousEmails].filter((email) => email !== null);
	const keys = emails.map((email) => email.normalize('NFC').toLowerCase());
	return keys.length > 0 ? keys : [nameOf(person)];
}

interface Group {
	members: number[];
	keys: string[];
}

/** Puts those who have a key in common into one group; each group stays where its first member was. */
export function groupsOf(entries: Array<{ index: number; keys: string[] }>): number[][] {
	let groups: Group[] = [];
	for (const { index, keys } of entries) {
		const touched = groups.filter((group) => group.keys.some((key) => keys.includes(key)));
		const [first = null, ...others] = touched;
		const joined = {
			members: [...touched.flatMap(({ members }) => members), index],
			keys: [...touched.flatMap((group) => group.keys), ...keys],
		};
		groups = groups
			.filter((group) => !others.includes(group))
			.map((group) => (group === first ? joined : group));
		if (!first) groups.push(joined);
	}
	return groups.map(({ members }) => members);
}
