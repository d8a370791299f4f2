import { attributeEvents } from '../entitlement/ownership';
import type { LogEvent } from '../entitlement/entitlement';
import { withValues, type CustomerProperties } from '../events/customerProperties';
import { dedupe, sortEvents } from '../events/dedupe';
import { lastOf } from './loggedSubscriptions';
import { idOf, type Correction } from './corrections';

export interface PropertyComparison {
	log: LogEvent[];
	/** The properties of everybody in Paymenter, by customer id. */
	truth: Map<string, CustomerProperties>;
	/** The keys to compare. */
	keys: string[];
	/** When reading Paymenter began. ISO 8601, UTC. */
	readAt: string;
}

/**
 * The events that bring the customers' properties in line with Paymenter; none if they agree. What an
 * operator set does not matter. Properties that are not compared stay as they are.
 */
export function propertyCorrections(comparison: PropertyComparison): Correction[] {
	const { log, truth, keys, readAt } = comparison;
	const { customers } = attributeEvents(sortEvents(dedupe(log)), sortEvents(log));
	return [...customers.values()].flatMap(({ id, properties: known }): Correction[] => {
		const found = id === null ? undefined : truth.get(id);
		if (!found) return [];
		const changed = keys.filter((key) => (known[key] ?? null) !== (found[key] ?? null));
		if (changed.length === 0) return [];
		const now = Object.fromEntries(keys.map((key) => [key, found[key] ?? null]));
		const said = { customer_id: id, customer_properties: withValues({ ...known, ...now }) };
		const own = log.filter(({ customer_id }) => customer_id === id);
		const event = 'customer.updated';
		return [
			{
				event_id: idOf([event, said, lastOf(own)]),
				event,
				...{ occurred_at: readAt, state_at: readAt, received_at: readAt },
				subscription_id: '',
				...{ customer_email: null, customer_name: null, previous_email: null },
				...{ previous_customer_id: null, product_id: null, tier: null, status: null },
				...said,
				source: 'reconcile',
				reason: `Changed in Paymenter: ${changed.join(', ')}`,
			},
		];
	});
}
