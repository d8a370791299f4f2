import type { Entitlement, LogEvent } from '../entitlement/entitlement';
import type { Change } from '../access/change';
import type { Failure } from './alertPolicy';

interface Context {
	at: string;
	executionUrl: string;
}

/** What somebody bought, by the names of tiers where they are known. */
export const tierNames = ({ grants }: Entitlement): string =>
	grants.map(({ tier, product_id }) => tier ?? product_id).join(', ');

const rowOf = (entitlement: Entitlement, { at, executionUrl }: Context) => ({
	customer: entitlement.customer,
	customer_email: entitlement.customer_email,
	server: null as string | null,
	server_id: null as string | null,
	before: '',
	after: '',
	tiers: tierNames(entitlement),
	what_to_do: '',
	cause: '',
	at,
	execution_url: executionUrl,
});

/**
 * The changes of one customer as rows of `paymenter_provisioning_log`.
 * @param undone the event that asked for them, if they restore earlier access
 */
export function changeRows(
	entitlement: Entitlement,
	changes: Change[],
	context: Context,
	undone?: Pick<LogEvent, 'actor' | 'reason'> | null,
) {
	const why = undone ? sayUndone(undone) : entitlement.explanation;
	return changes.map(({ what, server, server_id, before, after }) => ({
		...rowOf(entitlement, context),
		what: what as string,
		server,
		server_id,
		before: before.join(', '),
		after: after.join(', '),
		why,
	}));
}

const sayUndone = ({ actor, reason }: Pick<LogEvent, 'actor' | 'reason'>): string =>
	`Undone by ${actor ?? 'an operator'}: ${(reason ?? '').replace(/^undone: /, '')}`;

/** A failure as a row of the same table. */
export const failureRow = (
	entitlement: Entitlement,
	{ message, advice, cause }: Failure,
	context: Context,
) => ({
	...rowOf(entitlement, context),
	what: 'failed',
	why: message,
	what_to_do: advice,
	cause,
});

export type LogRow = ReturnType<typeof failureRow>;
