import { nameOf, type Person } from '../access/account';
import type { PlanSettings } from '../access/planDocument';
import type { SyncRequest } from '../access/result';
import { PlanError, tiersOf, type Plan } from '../access/tierPlan';
import type { Entitlement } from '../entitlement/entitlement';
import { timeOf } from '../dates';
import type { LogEvent } from '../events/event';
import { parseJson } from '../json';
import type { StoredCustomer } from './customerRow';
import type { Claimed } from './claimedEvents';

/** What a sync needs beside the entitlement. */
export interface OrderContext {
	plan: Plan;
	settings: PlanSettings;
	dryRun: boolean;
	/** All entitlements of the run. */
	all: Entitlement[];
	/** Permissions by server uuid that replace the plan; null: the plan counts. */
	recorded?: Record<string, string[]> | null;
}

export function personOf(entitlement: Entitlement, stored: StoredCustomer): Person {
	const accountId = stored.account_id;
	return {
		customerId: entitlement.customer_id,
		email: entitlement.customer_email,
		name: entitlement.customer_name,
		previousEmails: entitlement.previous_emails,
		takenEmails: entitlement.taken_emails,
		accountId: typeof accountId === 'number' && accountId > 0 ? accountId : null,
	};
}

const isHeld = ({ access }: Entitlement): boolean => access === 'hold';

/**
 * The request to sync one customer. Throws `PlanError` if the plan does not know what they bought: an
 * unknown product is never read as "no access".
 * @param stored their row of `paymenter_customers`; {} if there is none
 */
export function requestOf(
	entitlement: Entitlement,
	stored: StoredCustomer,
	{ plan, settings, dryRun, all, recorded = null }: OrderContext,
): SyncRequest {
	const person = personOf(entitlement, stored);
	const removeAccount = entitlement.access === 'remove';
	return {
		person,
		tiers: recorded ? [] : tiersOf(plan, entitlement.grants),
		grantedBefore: grantedIn(stored, person),
		removeAccount: removeAccount && !recorded,
		liveEmails: liveEmailsOf(entitlement, all),
		dryRun,
		isNew: !dryRun && !recorded && !stored.last_run_at,
		usernameTemplate: settings.usernameTemplate,
		leftAlone: settings.leftAlone,
		recorded,
		heldBecause:
			isHeld(entitlement) && !recorded ? (entitlement.explanation.split('. ')[0] ?? '') : '',
	};
}

function liveEmailsOf(entitlement: Entitlement, all: Entitlement[]): string[] {
	if (entitlement.access !== 'remove') {
		const { address_is_live: isLive, customer_email: email } = entitlement;
		return isLive && email ? [email] : [];
	}
	return all.flatMap(({ grants, customer_email: email }) =>
		grants.length > 0 && email ? [email] : [],
	);
}

function grantedIn(stored: StoredCustomer, person: Person): Record<string, string[]> {
	const granted = permissionsIn(String(stored.granted || '{}'));
	if (granted) return granted;
	throw new PlanError(
		`The column "granted" of ${nameOf(person)} is not valid JSON.`,
		'Correct it in paymenter_customers: {} if you do not know what it was.',
	);
}

/** Permissions by server uuid; null if the text is something else. */
export function permissionsIn(text: string): Record<string, string[]> | null {
	const read = (parseJson(text) ?? null) as Record<string, string[]> | null;
	return read && Object.values(read).every((keys) => Array.isArray(keys)) ? read : null;
}

/** The newest of these events that asks to restore access. */
export const restoreIn = (events: Claimed[]): LogEvent | undefined =>
	events
		.flatMap(({ event }) => (event?.event === 'restore.requested' ? event : []))
		.sort((a, b) => (a.occurred_at < b.occurred_at ? -1 : 1))
		.at(-1);

/** The access that the newest of these events asks to restore. Throws `PlanError` if it is no JSON. */
export function recordedIn(events: Claimed[]): Record<string, string[]> | null {
	const asked = restoreIn(events);
	if (!asked) return null;
	const recorded = permissionsIn(asked.recorded ?? '');
	if (recorded) return recorded;
	throw new PlanError(
		`The column "recorded" of the event ${asked.event_id} is not valid JSON.`,
		'Request the restore again with the form /form/paymenter-undo.',
	);
}

/** What a restore under a hold has left to do: its event has been processed by then. */
export function restoreLeft(
	entitlement: Entitlement,
	stored: StoredCustomer,
): Record<string, string[]> | null {
	const isUnfinished = timeOf(stored.retry_at) !== null || timeOf(stored.recheck_at) !== null;
	const { restored_under_hold: recorded } = entitlement;
	return isHeld(entitlement) && isUnfinished && recorded ? permissionsIn(recorded) : null;
}

/**
 * Whether nobody but the reconcile asked for this. Bulk work that waits for a server has no
 * `waiting_since`: so it is still bulk work when it is tried again.
 */
export function isBulkWork(events: Claimed[], stored: StoredCustomer): boolean {
	if (timeOf(stored.waiting_since) !== null) return false;
	if (events.length > 0) return events.every(({ row }) => row.source === 'reconcile');
	return timeOf(stored.retry_at) !== null && timeOf(stored.failing_since) === null;
}
