import { endOfAccess, isDate } from '../dates';
import { withValues } from '../events/customerProperties';
import { compare } from '../text';
import { isOneOf } from '../events/event';
import type { Override } from './entitlement';
import type { LogEvent } from '../events/event';

/** The current override: the latest one that an operator set, unless it was cleared or has expired. */
export function overrideNow(operators: LogEvent[], now: Date): Override | null {
	const last = operators.filter(isOverride).at(-1);
	if (!last || last.event === 'override.clear') return null;
	const until = untilOf(last);
	if (until !== null && until <= now.toISOString()) return null;
	const { tier, reason = null, actor = null } = last;
	const what = whatOf(last);
	return { what, tier: what === 'grant' ? tier : null, until, reason, actor };
}

const OVERRIDES = ['override.set', 'override.hold', 'override.clear'] as const;

const isOverride = ({ event }: LogEvent): boolean => isOneOf(OVERRIDES, event);

/** The properties that an operator set, in place of billing's; {}: none. */
export function propertiesByOperator(operators: LogEvent[]): Record<string, string> {
	const last = operators.filter(({ event }) => event === 'override.player').at(-1);
	return withValues(last?.customer_properties ?? {});
}

/** What the loss guard last said that it holds back; empty once that was confirmed. */
export function heldChanges(operators: LogEvent[]): string {
	const last = operators.filter(({ event }) => event.startsWith('changes.')).at(-1);
	return last?.event === 'changes.held' ? (last.reason ?? '') : '';
}

/** The access that an operator asked to restore together with the present hold, as JSON. */
export function restoreUnderHold(operators: LogEvent[]): string | undefined {
	const override = operators.filter(isOverride).at(-1);
	const restore = operators.filter(({ event }) => event === 'restore.requested').at(-1);
	const isHold = override?.event === 'override.hold';
	return isHold && restore && restore.occurred_at >= override.occurred_at
		? restore.recorded
		: undefined;
}

function whatOf({ event, tier, status }: LogEvent): Override['what'] {
	if (event === 'override.hold') return 'hold';
	if (tier) return 'grant';
	return status === 'cancelled' ? 'remove' : 'suspend';
}

/** The longest grace period that an operator has granted since the payment failed, if it exceeds the rule's. */
export function extensionOf(
	operators: LogEvent[],
	failedAt: string | null,
	graceByRule: string | null,
): Omit<Override, 'what' | 'tier'> | null {
	if (failedAt === null || graceByRule === null) return null;
	const longer = operators
		.filter(({ event, occurred_at }) => event === 'grace.extend' && occurred_at >= failedAt)
		.map((event) => ({ ...event, until: untilOf(event) }))
		.filter(({ until }) => until !== null && until > graceByRule)
		.sort((a, b) => compare(a.until ?? '', b.until ?? ''))
		.at(-1);
	if (!longer) return null;
	const { until, actor = null, reason = null } = longer;
	return { until, actor, reason };
}

/** ISO 8601 in UTC. A date includes that day and the next, like all dates here (see `endOfAccess`). */
function untilOf({ override_until: said }: LogEvent): string | null {
	if (!said) return null;
	return isDate(said) ? endOfAccess(said) : new Date(said).toISOString();
}
