import { timeOf } from '../work/lease';
import type { Facts, Perk } from './perks';

export type WarningKind = 'payment failed' | 'suspended soon' | 'suspended' | 'back';

/** All that a mail or a direct message to the customer needs. */
export interface Warning {
	/** The same whenever it is repeated. */
	id: string;
	kind: WarningKind;
	customer: string;
	customer_email: string | null;
	customer_name: string | null;
	discord_id: string | null;
	tiers: string[];
	/** The last day of access; null: access is not about to end. */
	access_until: string | null;
	subject: string;
	text: string;
}

const SOON_MS = 2 * 24 * 60 * 60_000;

/** What to tell the customer now, and when there will be something to tell next. */
export function warningFor(
	facts: Facts,
	perk: Perk,
	now: number,
): { warning: Warning | null; warnAt: number | null } {
	const ends = timeOf(facts.access_until);
	const soonAt = facts.state === 'grace' && ends !== null ? ends - SOON_MS : null;
	const isSoon = perk.warnAt !== null && soonAt !== null && soonAt <= now;
	// Nobody is warned of what was so before Access Changed ran for the first time.
	const kind = perk.warned === null ? null : kindOf(perk.warned, facts.state, isSoon);
	return {
		warning: kind && !facts.on_hold ? warningOf(kind, facts) : null,
		warnAt: soonAt !== null && soonAt > now ? soonAt : null,
	};
}

/** A grace that began with less than two days left has no second warning. */
function kindOf(before: string, state: string, isSoon: boolean): WarningKind | null {
	if (before === state) return isSoon ? 'suspended soon' : null;
	if (state === 'grace') return 'payment failed';
	if (state === 'suspended') return 'suspended';
	const wasOut = before === 'grace' || before === 'suspended';
	return state === 'active' && wasOut ? 'back' : null;
}

function warningOf(kind: WarningKind, facts: Facts): Warning {
	const { customer, customer_email, customer_name, discord_id, tiers, access_until } = facts;
	const day = access_until?.slice(0, 10) ?? '';
	const [subject, text] = {
		'payment failed': [
			'Your payment failed',
			`Your payment failed. You keep your access until ${day}. Please pay the invoice in the shop.`,
		],
		'suspended soon': [
			'Your access ends soon',
			`Your invoice is still unpaid. Your access ends on ${day}.`,
		],
		suspended: [
			'Your access is suspended',
			'Your access is suspended. It comes back as soon as the invoice is paid.',
		],
		back: ['Your access is back', 'Thank you for your payment. You have your access again.'],
	}[kind] as [string, string];
	return {
		// One of a kind for each time that access would end, or did.
		id: `${kind} ${access_until ?? facts.changed_at}`,
		kind,
		customer,
		customer_email,
		customer_name,
		discord_id,
		tiers,
		access_until: kind === 'suspended' || kind === 'back' ? null : access_until,
		subject,
		text: `Hello${customer_name === null ? '' : ` ${customer_name}`},\n\n${text}`,
	};
}
