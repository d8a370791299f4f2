/** The lives of six customers, told as events, with the access each step must lead to. */

export type TierName = 'awakened' | 'elemental' | 'knight' | 'master' | 'legend' | 'sovereign';

export interface Customer {
	id: string;
	name: string;
	email: string;
}

export interface Step {
	customer: string;
	/** What happens, for the table. */
	what: string;
	/** The event that says so; none where only time passes. */
	event?: Record<string, unknown>;
	/** The highest tier whose access the customer has afterwards; null: no access. */
	then: TierName | null;
	/** The account is deleted, too. */
	isDeleted?: boolean;
}

export const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'] as const;

/** @param run makes addresses and ids new, for panels that keep what they had */
export function customersOf(run: string): Map<string, Customer> {
	return new Map(
		NAMES.map((name, index) => [
			name,
			{
				id: `${run}${index + 1}`,
				name: `${name} Example`,
				email: `${name.toLowerCase()}.${run}@example.com`,
			},
		]),
	);
}

/** The first day: purchases of all six tiers, an upgrade, a downgrade, two failed payments. */
export function firstDay(customers: Map<string, Customer>): Step[] {
	const { buys, changes, fails, pays } = verbsOf(customers);
	return [
		buys('Ada', 'a1', 'awakened', 'awakened'),
		buys('Ada', 'a2', 'fire-elemental', 'elemental', 'adds a monthly tier to the one bought once'),
		buys('Ben', 'b1', 'fire-elemental', 'elemental'),
		buys('Cleo', 'c1', 'frost-master', 'master'),
		buys('Dan', 'd1', 'fire-knight', 'knight'),
		buys('Eve', 'e1', 'frost-legend', 'legend'),
		buys('Finn', 'f1', 'sovereign', 'sovereign'),
		changes('Ben', 'b1', 'frost-knight', 'knight', 'upgrades'),
		changes('Cleo', 'c1', 'fire-elemental', 'elemental', 'downgrades'),
		fails('Dan', 'd1', 'fire-knight', 'knight'),
		fails('Eve', 'e1', 'frost-legend', 'legend'),
		pays('Dan', 'd1', 'fire-knight', 'knight', 'pays in time'),
	];
}

/** What seven days alone do: only Eve has not paid. */
export function aWeekLater(): Step[] {
	return [
		{ customer: 'Eve', what: 'grace is over', then: null },
		{ customer: 'Dan', what: 'a week later (had paid)', then: 'knight' },
		{ customer: 'Finn', what: 'a week later (bought once)', then: 'sovereign' },
	];
}

/** The day after the grace: a reactivation, cancellations. */
export function eighthDay(customers: Map<string, Customer>): Step[] {
	const { pays, cancels } = verbsOf(customers);
	return [
		pays('Eve', 'e1', 'frost-legend', 'legend', 'pays after all'),
		cancels('Ada', 'a2', 'fire-elemental', 'awakened', 'cancels the monthly tier'),
		cancels('Ben', 'b1', 'frost-knight', null, 'cancels'),
		cancels('Eve', 'e1', 'frost-legend', null, 'cancels'),
	];
}

/** What a month alone does: who cancelled all they had is deleted. */
export function aMonthLater(): Step[] {
	return [
		{ customer: 'Eve', what: 'a month later (had cancelled)', then: null, isDeleted: true },
		{ customer: 'Ben', what: 'a month later (had cancelled)', then: null, isDeleted: true },
		{ customer: 'Ada', what: 'a month later (bought once)', then: 'awakened' },
	];
}

function verbsOf(customers: Map<string, Customer>) {
	const step =
		(type: string, tells: Record<string, unknown>, verb: string) =>
		(
			name: string,
			subscription: string,
			product: string,
			then: TierName | null,
			what = `${verb} ${product}`,
		): Step => {
			const customer = customers.get(name);
			if (!customer) throw new Error(`Nobody is called ${name}`);
			return {
				customer: name,
				what,
				then,
				event: {
					event: type,
					subscription_id: `${customer.id}-${subscription}`,
					customer_id: customer.id,
					customer_email: customer.email,
					customer_name: customer.name,
					product_id: product,
					tier: product.replace(/^(fire|frost)-/, ''),
					...tells,
				},
			};
		};
	return {
		buys: step('subscription.created', { status: 'active' }, 'buys'),
		changes: step('subscription.updated', { status: 'active' }, 'changes to'),
		fails: step('payment.failed', { status: 'active' }, 'fails to pay'),
		pays: step('payment.succeeded', { status: 'active' }, 'pays'),
		cancels: step('subscription.cancelled', { status: 'cancelled' }, 'cancels'),
	};
}
