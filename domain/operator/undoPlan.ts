import { eventRow } from '../events/append';
import type { ReadRow } from '../tables';
import type { EventRow } from './overrideEvent';

/** Those without a server are not changes of access. */
type Change = ReadRow<'paymenter_provisioning_log'>;

type Customer = ReadRow<'paymenter_customers'>;

/** What an operator entered. */
export interface UndoForm {
	minutes: number;
	/** Empty: everybody. */
	email: string;
	actor: string;
	reason: string;
}

/** What to restore for one customer. */
export interface CustomerUndo {
	customer: string;
	customer_id: string | null;
	/** The address that they have now. */
	customer_email: string;
	/** Permissions by server uuid before the first change; an empty list: no access. */
	recorded: Record<string, string[]>;
	/** The hold, so that the next sync keeps what is restored, and the request to restore. */
	events: EventRow[];
}

export type UndoPlan =
	| { kind: 'plan'; customers: CustomerUndo[] }
	/** Why there is nothing to do, as a sentence. */
	| { kind: 'nothing'; problem: string };

/**
 * Plans the undo of all changes of access in a period.
 * @param changes of the period, the oldest first
 * @param eventIds begins the ids of the events
 */
export function planUndo(
	form: UndoForm,
	changes: Change[],
	customers: Customer[],
	eventIds: string,
	now: Date,
): UndoPlan {
	const problem = problemOf(form);
	if (problem) return { kind: 'nothing', problem };
	const undone = firstStates(form.email.trim().toLowerCase(), changes, customers);
	if (undone.length === 0) {
		return {
			kind: 'nothing',
			problem: 'In that time no access was changed, so there is nothing to undo.',
		};
	}
	const said = { actor: form.actor.trim(), reason: `undone: ${form.reason.trim()}` };
	const stamp = { at: now.toISOString(), source: 'operator' } as const;
	return {
		kind: 'plan',
		customers: undone.map((one, index) => {
			const { customer_id, recorded } = one;
			const who = { ...said, customer_id, customer_email: one.customer_email || null };
			const id = `${eventIds}-${index + 1}`;
			const hold = { event_id: `${id}-hold`, event: 'override.hold', ...who } as const;
			const restore = { event_id: `${id}-restore`, event: 'restore.requested', ...who } as const;
			return {
				...one,
				events: [eventRow(hold, stamp), eventRow({ ...restore, recorded }, stamp)],
			};
		}),
	};
}

function problemOf({ minutes, actor, reason }: UndoForm): string {
	if (!(minutes > 0)) return 'Enter a number of minutes.';
	if (!actor.trim()) return 'Enter your name.';
	return reason.trim() ? '' : 'Enter a reason.';
}

function firstStates(
	asked: string,
	changes: Change[],
	customers: Customer[],
): Array<Omit<CustomerUndo, 'events'>> {
	const rows = new Map(customers.map((row) => [row.customer, row]));
	const undone = new Map<string, Omit<CustomerUndo, 'events'>>();
	for (const { customer, customer_email: then, server_id: server, before } of changes) {
		const row = rows.get(customer);
		const email = row?.customer_email || then || '';
		if (!customer || !server || (asked !== '' && email !== asked)) continue;
		const one = undone.get(customer) ?? {
			customer,
			customer_id: /^customer:(.*)/s.exec(customer)?.[1] ?? null,
			customer_email: email,
			recorded: {},
		};
		undone.set(customer, one);
		one.recorded[server] ??= before ? before.split(', ') : [];
	}
	return [...undone.values()];
}
