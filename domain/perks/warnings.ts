import { timeOf } from '../dates';
import type { Facts, Perk } from './perks';

const SOON_MS = 2 * 24 * 60 * 60_000;

/** What to tell the customer now, and when there will be something to tell next; null: nothing. */
export function warningFor(facts: Facts, perk: Perk, now: number) {
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
function kindOf(before: string, state: string, isSoon: boolean) {
	if (before === state) return isSoon ? 'suspended soon' : null;
	if (state === 'grace') return 'payment failed';
	if (state === 'suspended') return 'suspended';
	const wasOut = before === 'grace' || before === 'suspended';
	return state === 'active' && wasOut ? 'back' : null;
}

/** All that a mail or a direct message to the customer needs. */
function warningOf(kind: NonNullable<ReturnType<typeof kindOf>>, facts: Facts) {
	const { customer, customer_email, customer_name, discord_id, tiers, access_until } = facts;
	const day = access_until?.slice(0, 10) ?? '';
	const { subject, text } = {
		'payment failed': {
			subject: 'Your payment failed',
			text: `Your payment failed. You keep your access until ${day}. Please pay the invoice in the shop.`,
		},
		'suspended soon': {
			subject: 'Your access ends soon',
			text: `Your invoice is still unpaid. Your access ends on ${day}.`,
		},
		suspended: {
			subject: 'Your access is suspended',
			text: 'Your access is suspended. It comes back as soon as the invoice is paid.',
		},
		back: {
			subject: 'Your access is back',
			text: 'Thank you for your payment. You have your access again.',
		},
	}[kind];
	return {
		/** One of a kind for each time that access would end, or did. */
		id: `${kind} ${access_until ?? facts.changed_at}`,
		kind,
		...{ customer, customer_email, customer_name, discord_id, tiers },
		/** Null: access is not about to end. */
		access_until: kind === 'suspended' || kind === 'back' ? null : access_until,
		subject,
		text: `Hello${customer_name === null ? '' : ` ${customer_name}`},\n\n${text}`,
	};
}
