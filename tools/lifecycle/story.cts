/** The lives of six customers, played at the shop, with the access each step must lead to. */
import type { Shop } from '../../simulators/paymenter/shop.cjs';
import { DISCORD, PLAYER, playerOf } from './game.cjs';

export type TierName = 'awakened' | 'elemental' | 'knight' | 'master' | 'legend' | 'sovereign';

/** A product of each, from the lowest to the highest. */
export const ONE_OF_EACH_TIER: Array<[string, TierName]> = [
	['awakened', 'awakened'],
	['fire-elemental', 'elemental'],
	['frost-knight', 'knight'],
	['fire-master', 'master'],
	['frost-legend', 'legend'],
	['sovereign', 'sovereign'],
];

export interface Customer {
	name: string;
	email: string;
	/** Paymenter's ids of what they bought, by the story's short names. */
	services: Map<string, number>;
}

export interface Step {
	customer: string;
	/** What happens, for the table. */
	what: string;
	/** What happens at the shop; nothing where only time passes. */
	act?: (shop: Shop) => void;
	/** The highest tier whose access the customer has afterwards; null: no access. */
	then: TierName | null;
	/** The account is deleted, too. */
	isDeleted?: boolean;
}

export const NAMES = ['Ada', 'Ben', 'Cleo', 'Dan', 'Eve', 'Finn'] as const;

/** @param run makes addresses new, for panels that keep what they had */
export function customersOf(run: string, names: readonly string[] = NAMES): Map<string, Customer> {
	return new Map(
		names.map((name) => {
			const email = `${name.toLowerCase().replaceAll(' ', '.')}.${run}@example.com`;
			return [name, { name, email, services: new Map<string, number>() }];
		}),
	);
}

/** The first day: purchases of all six tiers, an upgrade, a downgrade, two failed payments. */
export function firstDay(customers: Map<string, Customer>): Step[] {
	const { buys, upgrades, downgrades, fails, pays } = verbsOf(customers);
	return [
		buys('Ada', 'one-time', 'awakened', 'awakened'),
		buys('Ada', 'monthly', 'fire-elemental', 'elemental', 'adds a monthly tier'),
		buys('Ben', 'monthly', 'fire-elemental', 'elemental'),
		buys('Cleo', 'monthly', 'frost-master', 'master'),
		buys('Dan', 'monthly', 'fire-knight', 'knight'),
		buys('Eve', 'monthly', 'frost-legend', 'legend'),
		buys('Finn', 'one-time', 'sovereign', 'sovereign'),
		upgrades('Ben', 'monthly', 'frost-knight', 'knight'),
		downgrades('Cleo', 'monthly', 'fire-elemental', 'elemental'),
		fails('Dan', 'monthly', 'knight'),
		fails('Eve', 'monthly', 'legend'),
		pays('Dan', 'monthly', 'knight', 'pays in time'),
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
		pays('Eve', 'monthly', 'legend', 'pays after all'),
		cancels('Ada', 'monthly', 'awakened'),
		cancels('Ben', 'monthly', null),
		cancels('Eve', 'monthly', null),
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

/** A new account at the shop, with the player and the Discord ID. */
export function signUp(shop: Shop, customer: Pick<Customer, 'name' | 'email'>): void {
	const { name, email } = customer;
	const [first_name = '', ...rest] = name.split(/\s+/);
	shop.addUser({ email, first_name, last_name: rest.join(' ') || 'Example' });
	const { player, discordId } = playerOf(customer);
	shop.setProperty(email, PLAYER, player);
	shop.setProperty(email, DISCORD, discordId);
}

/** Signs the customer up, if that is new, and lets them buy and pay. */
export function purchase(customer: Customer, as: string, product: string, then: TierName): Step {
	return {
		customer: customer.name,
		what: `buys ${product}`,
		then,
		act: (shop) => {
			const { email, services } = customer;
			if (services.size === 0) signUp(shop, customer);
			const { service } = shop.buy(email, product);
			services.set(as, service.id);
			shop.pay(service.id);
		},
	};
}

function verbsOf(customers: Map<string, Customer>) {
	const named = (name: string): Customer => {
		const customer = customers.get(name);
		if (!customer) throw new Error(`Nobody is called ${name}`);
		return customer;
	};
	const verb =
		(what: string, act: (shop: Shop, service: number) => void) =>
		(name: string, which: string, then: TierName | null, instead = what): Step => ({
			customer: name,
			what: instead,
			then,
			act: (shop) => act(shop, named(name).services.get(which) ?? NaN),
		});
	return {
		buys: (name: string, as: string, product: string, then: TierName, what?: string): Step => {
			const step = purchase(named(name), as, product, then);
			return { ...step, what: what ?? step.what };
		},
		upgrades: (name: string, which: string, product: string, then: TierName): Step =>
			verb(`upgrades to ${product}`, (shop, service) => {
				shop.upgrade(service, product);
				shop.payUpgrade(service);
			})(name, which, then),
		downgrades: (name: string, which: string, product: string, then: TierName): Step =>
			verb(`downgrades to ${product}`, (shop, service) => void shop.downgrade(service, product))(
				name,
				which,
				then,
			),
		// Two days after the end of the period, so that no paid day is left to add to the grace.
		fails: verb('fails to pay', (shop, service) => {
			shop.expire(service, 2);
			shop.fail(service);
		}),
		pays: verb('pays', (shop, service) => void shop.pay(service)),
		cancels: verb('cancels', (shop, service) => shop.cancelNow(service)),
	};
}
