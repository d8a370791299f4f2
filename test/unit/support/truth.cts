import type { Service } from '../../../domain/reconcile/service';
import { compare, missingOf } from '../../../domain/reconcile/compare';
import type { LogEvent } from '../../../domain/events/event';
import type { Correction } from '../../../domain/reconcile/corrections';
import { plusDays } from '../../../domain/dates';
import { loggedSubscriptionsOf } from '../../../domain/reconcile/loggedSubscriptions';
import { event, moment } from './billing.cjs';

/** Ada's subscription 1 as Paymenter tells it; paid until 31 May 2026. */
export function service(said: Partial<Service> = {}): Service {
	const { paid_until: paid = '2026-05-31' } = said;
	return {
		paid_day_ends_at: paid && plusDays(`${paid}T00:00:00.000Z`, 1),
		subscription_id: '1',
		customer_id: '77',
		customer_email: 'ada@example.com',
		customer_name: 'Ada L',
		product_id: 'fire-knight',
		product_name: 'Fire Knight',
		status: 'active',
		paid_until: '2026-05-31',
		price: '10.00',
		currency_code: 'USD',
		quantity: 1,
		created_at: null,
		updated_at: null,
		...said,
	};
}

/** An event about Ada's subscription 1, paid until 31 May 2026 unless said otherwise. */
export function told(...[short, when, more]: Parameters<typeof event>): LogEvent {
	return event(short, when, { subscription_id: '1', paid_until: '2026-05-31', ...more });
}

/** What a comparison at that time finds; who is missing in `services` was denied when asked for. */
export function compareAt(
	when: string,
	log: LogEvent[],
	services: Service[],
	products: string[] = [],
): Correction[] {
	const readAt = moment(when);
	const known = loggedSubscriptionsOf(log, new Date(readAt));
	const logged = new Set(log.map(({ event_id }) => event_id));
	const truth = new Map<string, Service | null>(services.map((one) => [one.subscription_id, one]));
	for (const id of missingOf({ known, truth })) truth.set(id, null);
	return compare({ known, logged, truth, readAt, products });
}

/** In short: `payment.failed 2026-05-31T00:00Z`. */
export function inShort(found: Correction[]): string[] {
	return found.map(({ event: type, occurred_at }) => `${type} ${occurred_at.slice(0, 16)}Z`);
}
