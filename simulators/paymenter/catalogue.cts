import type { BillingUnit, Plan, PlanType, Product } from './model.cjs';
import { insert, money } from './model.cjs';
import type { World } from './world.cjs';

/** The ten memberships, in the order of the recorded shop: their ids are 1 to 10. */
const memberships: Array<[name: string, price: number, type: PlanType]> = [
	['Awakened', 1, 'one-time'],
	['Fire Elemental', 5, 'recurring'],
	['Frost Elemental', 5, 'recurring'],
	['Fire Knight', 10, 'recurring'],
	['Frost Knight', 10, 'recurring'],
	['Fire Master', 15, 'recurring'],
	['Frost Master', 15, 'recurring'],
	['Fire Legend', 20, 'recurring'],
	['Frost Legend', 20, 'recurring'],
	['Sovereign', 50, 'one-time'],
];

export interface NewProduct {
	name: string;
	/** Left out: the name in lower case with hyphens. */
	slug?: string;
	price: number;
	/** Left out: recurring, each month. */
	type?: PlanType;
	period?: number;
	unit?: BillingUnit;
}

const planNames: Record<PlanType, string> = {
	'one-time': 'Once',
	recurring: 'Monthly',
	free: 'Free',
};

export function addProduct(world: World, fields: NewProduct): { product: Product; plan: Plan } {
	const { name, price, type = 'recurring', period = 1, unit = 'month' } = fields;
	const { tables } = world;
	const time = world.now();
	const product = insert(
		tables.products,
		{
			name,
			slug: fields.slug ?? name.toLowerCase().replaceAll(' ', '-'),
			sort: tables.products.rows.size,
			hidden: 0,
			allow_quantity: 'disabled',
		},
		time,
	);
	const recurs = type === 'recurring';
	const plan = insert(
		tables.plans,
		{
			product_id: product.id,
			name: planNames[type],
			type,
			billing_period: recurs ? period : null,
			billing_unit: recurs ? unit : null,
			price: money(price),
		},
		time,
	);
	return { product, plan };
}

export function stockCatalogue(world: World): void {
	for (const [name, price, type] of memberships) addProduct(world, { name, price, type });
}
