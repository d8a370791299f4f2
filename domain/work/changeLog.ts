import type { Entitlement } from '../entitlement/entitlement';
import type { LogEvent } from '../events/event';
import { iso } from '../dates';
import type { ReadRow } from '../tables';
import type { Change } from '../access/change';
import type { Failure } from './alertPolicy';

interface Context {
	now: number;
	executionUrl: string;
}

/** What somebody bought, by the names of tiers where they are known. */
export const tierNames = ({ grants }: Entitlement): string =>
	grants.map(({ tier, product_id }) => tier ?? product_id).join(', ');

export type LogRow = ReadRow<'paymenter_provisioning_log'>;

const rowOf = (entitlement: Entitlement, { now, executionUrl }: Context, said: LogRow): LogRow => ({
	customer: entitlement.customer,
	customer_email: entitlement.customer_email,
	server: null,
	server_id: null,
	before: '',
	after: '',
	tiers: tierNames(entitlement),
	what_to_do: '',
	cause: '',
	at: iso(now),
	execution_url: executionUrl,
	...said,
});

/** The changes of one customer; `undone`: the event that asked for them, if they restore access. */
export function changeRows(
	entitlement: Entitlement,
	changes: Change[],
	context: Context,
	undone?: Pick<LogEvent, 'actor' | 'reason'> | null,
): LogRow[] {
	const why = undone
		? `Undone by ${undone.actor ?? 'an operator'}: ${(undone.reason ?? '').replace(/^undone: /, '')}`
		: entitlement.explanation;
	return changes.map(({ before, after, ...change }) => {
		const said = { ...change, before: before.join(', '), after: after.join(', '), why };
		return rowOf(entitlement, context, said);
	});
}

export const failureRow = (
	entitlement: Entitlement,
	{ message: why, advice: what_to_do, cause }: Failure,
	context: Context,
): LogRow => rowOf(entitlement, context, { what: 'failed', why, what_to_do, cause });
