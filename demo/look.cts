/** All that the page shows, as shop, n8n and panel have it. */
import type { Set as Stage } from '../tools/lifecycle/stage.cjs';
import { perksOf } from '../tools/lifecycle/game.cjs';
import type { AccessMap } from '../tools/lifecycle/panelView.cjs';
import type { TableRow } from '../tools/n8n/editor.cjs';
import type { Operator } from '../tools/n8n/forms.cjs';
import { stepsOf, type StepTaken } from './steps.cjs';

export interface Subscription {
	id: number;
	product: string;
	status: string;
	/** Bought once: nothing more is due. */
	isOnce: boolean;
	paidUntil: string | null;
}

export interface CustomerView {
	email: string;
	name: string;
	subscriptions: Subscription[];
	/** From n8n's row of the customer. */
	state: string;
	why: string;
	/** For which servers they wait; empty: for none. */
	waits: string;
	problem: string;
	access: AccessMap;
	/** LuckPerms group in the game, and role in Discord. */
	rank: string;
	role: string;
}

export interface View {
	/** What time it is in n8n. */
	now: string;
	/** What keeps time from passing. */
	busy: string | null;
	told: string;
	/** Why it is not renewed, where it is not. */
	problem?: string;
	n8n: { url: string; isUp: boolean; email: string; password: string };
	operator: Operator;
	products: Array<{ slug: string; name: string; price: string; isOnce: boolean }>;
	servers: string[];
	/** The newest first. */
	customers: CustomerView[];
	events: Array<{ id: string; at: string; event: string; email: string; product: string }>;
	steps: StepTaken[];
}

const NEWEST = 60;

interface Tables {
	customers: TableRow[];
	events: TableRow[];
	log: TableRow[];
}

/** `active, on hold, waits until 14:05`. */
function sayState({ state, on_hold, waiting_since, retry_at }: TableRow): string {
	const until = waiting_since && retry_at ? new Date(retry_at).toISOString().slice(11, 16) : '';
	return [state, on_hold && 'on hold', until && `waits until ${until}`].filter(Boolean).join(', ');
}

export function lookAt(stage: Stage) {
	const { n8n, panel, paymenter, game, operator } = stage;
	let tables: Tables = { customers: [], events: [], log: [] };
	let login = { email: '', password: '' };
	let isUp = false;

	/** n8n's tables; as they were while it starts anew. */
	async function read(): Promise<void> {
		isUp = n8n.isReady();
		if (!isUp) return;
		try {
			const editor = await stage.editor();
			({ login } = editor);
			const [customers, events, log] = await Promise.all([
				editor.rows('paymenter_customers'),
				editor.rows('paymenter_events', NEWEST),
				editor.rows('paymenter_provisioning_log', 5 * NEWEST),
			]);
			tables = { customers, events, log };
		} catch {
			// It was stopped meanwhile.
			isUp = false;
		}
	}

	function subscriptionsOf(email: string): Subscription[] {
		const { products, plans } = paymenter.shop.tables;
		return paymenter.shop.servicesOf(email).map((service) => ({
			id: service.id,
			product: products.rows.get(service.product_id ?? NaN)?.slug ?? '',
			status: service.status ?? 'pending',
			isOnce: plans.rows.get(service.plan_id ?? NaN)?.type !== 'recurring',
			paidUntil: service.expires_at
				? new Date(service.expires_at).toISOString().slice(0, 10)
				: null,
		}));
	}

	return async ({ busy, told }: Pick<View, 'busy' | 'told'>): Promise<View> => {
		const [{ servers, access }] = await Promise.all([panel.everybody(), read()]);
		const { tables: shop } = paymenter.shop;
		const { customers, events, log } = tables;
		return {
			now: n8n.now().toISOString().slice(0, 16),
			busy,
			told,
			n8n: { url: n8n.url, isUp, ...login },
			operator,
			products: [...shop.plans.rows.values()].map((plan) => {
				const product = shop.products.rows.get(plan.product_id);
				return {
					slug: product?.slug ?? '',
					name: product?.name ?? '',
					price: plan.price,
					isOnce: plan.type !== 'recurring',
				};
			}),
			servers,
			customers: [...shop.users.rows.values()]
				.map(({ email, first_name, last_name }) => {
					const row = customers.find((one) => one.customer_email === email);
					const name = [first_name, last_name].filter(Boolean).join(' ');
					const perks = game && perksOf(game, { name, email });
					return {
						email,
						name,
						subscriptions: subscriptionsOf(email),
						state: row ? sayState(row) : '',
						why: String(row?.why ?? ''),
						waits: row?.waiting_since ? String(row.last_result) : '',
						problem: [row?.last_error, row?.what_to_do].filter(Boolean).join(' '),
						access: access.get(email.toLowerCase()) ?? {},
						rank: perks?.ranks.join(', ') ?? '',
						role: perks?.role ?? '',
					};
				})
				.filter(({ subscriptions }) => subscriptions.length > 0)
				.reverse(),
			events: events.map((event) => ({
				id: String(event.id),
				at: String(event.received_at),
				event: String(event.event),
				email: String(event.customer_email ?? ''),
				product: String(event.product_id ?? ''),
			})),
			steps: stepsOf(log, events).slice(0, NEWEST),
		};
	};
}
