import type { Change } from '../../../domain/access/change';
import type { Correction } from '../../../domain/reconcile/corrections';
import type { PreviewItem } from '../../../domain/access/preview';
import { guardLosses, type GuardInput, type StoredRow } from '../../../domain/reconcile/lossGuard';

export const AT = '2026-05-20T04:17:00.000Z';
export const FORM = 'https://n8n.example.com/form/paymenter-losses';

const change = (what: Change['what'], server: string): Change => ({
	what,
	server,
	server_id: server.toLowerCase(),
	before: [],
	after: [],
});

/** A customer whom nothing would change. */
export const seen = (id: number, more: Partial<PreviewItem> = {}): PreviewItem => ({
	customer: `customer:${id}`,
	customer_id: String(id),
	customer_email: `c${id}@example.com`,
	outcome: 'unchanged',
	has_access: true,
	...more,
});

export const losing = (id: number, ...servers: string[]): PreviewItem =>
	seen(id, {
		outcome: 'would change',
		summary: 'no access: access taken.',
		changes: servers.map((server) => change('access taken', server)),
	});

export const gaining = (id: number): PreviewItem =>
	seen(id, {
		outcome: 'would change',
		has_access: false,
		summary: 'Knight: access given.',
		changes: [change('access given', 'Aurora')],
	});

export const failing = (id: number): PreviewItem =>
	seen(id, { outcome: 'failed', error: 'The panel is down', advice: 'Start the panel.' });

export const correction = (id: number, more: Partial<Correction> = {}): Correction => ({
	event_id: `reconcile-of-${id}`,
	event: 'subscription.cancelled',
	occurred_at: '2026-05-20T04:16:00.000Z',
	state_at: '2026-05-20T04:16:00.000Z',
	received_at: '2026-05-20T04:16:00.000Z',
	subscription_id: `s${id}`,
	customer_id: String(id),
	customer_email: `c${id}@example.com`,
	customer_name: null,
	previous_email: null,
	previous_customer_id: null,
	product_id: 'fire-knight',
	tier: null,
	status: 'cancelled',
	source: 'reconcile',
	reason: 'Cancelled in Paymenter',
	...more,
});

export const heldRow = (id: number, ...servers: string[]): StoredRow => ({
	customer: `customer:${id}`,
	customer_id: String(id),
	customer_email: `c${id}@example.com`,
	held_changes: `would lose ${servers.join(', ')}`,
});

export const guarded = (input: Partial<GuardInput>) => {
	const result = guardLosses({
		preview: [],
		corrections: [],
		rows: [],
		failures: [],
		hurries: false,
		confirmed: null,
		at: AT,
		run: '512',
		formUrl: FORM,
		...input,
	});
	/** `event customer` of each row. */
	const events = result.events.map(({ event, customer_id: id, customer_email: email }) =>
		[event, id ?? email].join(' '),
	);
	return { ...result, said: events };
};

export const range = (count: number, from = 1): number[] =>
	Array.from({ length: count }, (_, index) => from + index);
