import { eventRow } from '../events/append';
import type { Proposal, Said } from './nextStep';

type Undo = Omit<Said, 'page' | 'answer'>;

/**
 * Plans the undo of all changes of access in a period; `eventIds` begins the ids of the events.
 * @returns why there is nothing to do, as a sentence
 */
export function planUndo(said: Undo, eventIds: string, now: Date): Proposal[] | string {
	const [actor, reason] = [said.actor.trim(), said.reason.trim()];
	if (!(Number(said.minutes) > 0)) return 'Enter a number of minutes.';
	if (!actor) return 'Enter your name.';
	if (!reason) return 'Enter a reason.';
	const undone = [...firstStates(said)];
	if (undone.length === 0) {
		return 'In that time no access was changed, so there is nothing to undo.';
	}
	const stamp = { at: now.toISOString(), source: 'operator' } as const;
	return undone.map(([customer, { email, recorded }], index) => {
		const customer_id = /^customer:(.*)/s.exec(customer)?.[1] ?? null;
		const who = { customer_id, customer_email: email || null };
		const asked = { ...who, actor, reason: `undone: ${reason}` };
		const id = `${eventIds}-${index + 1}`;
		// The hold, so that the next sync keeps what is restored, and the request to restore.
		const hold = { event_id: `${id}-hold`, event: 'override.hold', ...asked } as const;
		const restore = { event_id: `${id}-restore`, event: 'restore.requested', ...asked } as const;
		return {
			customer_id,
			customer_email: email,
			events: [eventRow(hold, stamp), eventRow({ ...restore, recorded }, stamp)],
		};
	});
}

/** The present address of each customer, and their permissions by server uuid before the first change. */
function firstStates({ email: only, changes, customers }: Undo) {
	const asked = only.trim().toLowerCase();
	const rows = new Map(customers.map((row) => [row.customer, row]));
	const undone = new Map<string, { email: string; recorded: Record<string, string[]> }>();
	for (const { customer, customer_email: then, server_id: server, before } of changes) {
		if (!customer || !server) continue;
		const email = rows.get(customer)?.customer_email || then || '';
		if (asked !== '' && email !== asked) continue;
		const one = undone.get(customer) ?? { email, recorded: {} };
		undone.set(customer, one);
		one.recorded[server] ??= before ? before.split(', ') : [];
	}
	return undone;
}
