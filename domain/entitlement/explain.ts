import { endOfAccess, sayDay, sayLastDay } from '../dates';
import type { Entitlement, Override, State, Subscription } from './entitlement';
import type { Stop } from './subscriptionState';

/** The entitlement in plain sentences, for support staff. */
export function explain(
	state: State,
	subscriptions: Subscription[],
	override: Override | null,
	access: Entitlement['access'],
): string {
	const sentences = subscriptions.map(explainSubscription);
	if (override) {
		const what = {
			grant: `has the tier ${override.tier ?? ''}`,
			suspend: 'has no access',
			remove: 'is to be removed',
			hold: 'is held as it is on the panel',
		}[override.what];
		const until = override.until ? ` until ${sayLastDay(override.until)}` : '';
		sentences.unshift(`Overridden${sayWho(override)}, ${what}${until}${sayWhy(override)}.`);
	} else if (subscriptions.length === 0) {
		sentences.push('No subscription belongs to this customer.');
	} else if (state === 'cancelled' && access === 'remove') {
		sentences.push('The account is due for deletion.');
	}
	return sentences.join(' ');
}

function explainSubscription(subscription: Subscription): string {
	const { subscription_id: id, product_id: product, tier } = subscription;
	const what = `Subscription ${id} (${product ?? tier ?? 'product not known'})`;
	return `${what}: ${explainState(subscription)}.`;
}

function explainState(subscription: Subscription): string {
	const { state, failed_at, grace_until, ends_at, cancelled_at, paid_until, stopped } =
		subscription;
	if (stopped && state === 'suspended') return `${sayStop(stopped)}, suspended`;
	const failed = failed_at ? `payment failed on ${sayDay(failed_at)}` : '';
	switch (state) {
		case 'active': {
			const paid = paid_until ? `active, paid until ${sayDay(paid_until)}` : 'active';
			const end = ends_at ? `${paid}, ends after ${sayDay(ends_at)}` : paid;
			return stopped ? `${end}, ${sayStop(stopped)}, suspended afterwards` : end;
		}
		case 'grace':
			return `${failed}, grace until ${sayLastDay(grace_until ?? '')}${sayHold(subscription)}${sayExtension(subscription)}`;
		case 'suspended':
			return failed_at
				? `${failed} and was not made up for by ${sayLastDay(grace_until ?? '')}, suspended`
				: 'suspended in Paymenter';
		case 'cancelled':
			return cancelled_at ? `cancelled on ${sayDay(cancelled_at)}` : 'cancelled';
		case 'none':
			return 'not active yet';
	}
}

const sayStop = ({ why, at }: Stop): string =>
	`${{ refunded: 'refunded', disputed: 'disputed (chargeback)' }[why]} on ${sayDay(at)}`;

/** Mentions Paymenter's hold date if that date sets the end of grace. */
function sayHold({ hold_until: hold, grace_until }: Subscription): string {
	const isDeciding = hold !== null && grace_until === endOfAccess(hold);
	return isDeciding ? ` (Paymenter does not suspend before ${sayDay(hold)})` : '';
}

const sayExtension = ({ grace_extended: extended }: Subscription): string =>
	extended ? ` (extended${sayWho(extended)}${sayWhy(extended)})` : '';

const sayWho = ({ actor }: Pick<Override, 'actor'>) => (actor ? ` by ${actor}` : '');

const sayWhy = ({ reason }: Pick<Override, 'reason'>) => (reason ? `: ${reason}` : '');
