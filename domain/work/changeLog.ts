import type { Entitlement, LogEvent } from '../entitlement/entitlement';
import type { Change } from '../access/change';
import type { Failure } from './alertPolicy';

interface Context {
	at: string;
	executionUrl: string;
}

const tiersOf = ({ grants }: Entitlement): string =>
	grants.map(({ tier, product_id }) => tier ?? product_id).join(', ');

const common = (entitlement: Entitlement, { at, executionUrl }: Context) => ({
	customer: entitlement.customer,
	customer_email: entitlement.customer_email,
	tiers: tiersOf(entitlement),
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
		...common(entitlement, context),
		what: what as string,
		server,
		server_id,
		before: before.join(', '),
		after: after.join(', '),
		why,
		what_to_do: '',
		cause: '',
	}));
}

const sayUndone = ({ actor, reason }: Pick<LogEvent, 'actor' | 'reason'>): string =>
	`Undone by ${actor ?? 'an operator'}: ${(reason ?? '').replace(/^undone: /, '')}`;

/** A failure as a row of the same table. */
export function failureRow(entitlement: Entitlement, failure: Failure, context: Context) {
	return {
		...common(entitlement, context),
		what: 'failed',
		server: null,
		server_id: null,
		before: '',
		after: '',
		why: failure.message,
		what_to_do: failure.advice,
		cause: failure.cause,
	};
}

export type LogRow = ReturnType<typeof changeRows>[number] | ReturnType<typeof failureRow>;
