/** What a visitor of the demo can do: at the shop, and with time. */
import { where } from '../simulators/paymenter/model.cjs';
import type { Shop } from '../simulators/paymenter/shop.cjs';
import type { Set as Stage } from '../tools/lifecycle/stage.cjs';

/** Said to the visitor as it is. */
export class Refusal extends Error {}

const DAY_MS = 86_400_000;

type Input = Record<string, unknown>;

const text = (input: Input, field: string): string => {
	const value = input[field];
	if (typeof value !== 'string' || value.trim() === '') throw new Refusal(`Fill in: ${field}.`);
	return value.trim();
};

const service = (input: Input): number => {
	const { service: id } = input;
	if (typeof id !== 'number') throw new Refusal('Say which subscription it is about.');
	return id;
};

/** What happens at the shop; each ends in an event that the shop sends. */
const atShop: Record<string, (shop: Shop, input: Input) => void> = {
	buy(shop, input) {
		const email = text(input, 'email');
		if (!/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(email)) throw new Refusal(`${email} is no address.`);
		const product = text(input, 'product');
		const { users, products } = shop.tables;
		if (where(products, ({ slug }) => slug === product).length === 0) {
			throw new Refusal(`The shop does not sell ${product}.`);
		}
		if (where(users, (user) => user.email === email).length === 0) {
			const [first_name = '', ...rest] = text(input, 'name').split(/\s+/);
			shop.addUser({ email, first_name, last_name: rest.join(' ') || 'Example' });
		}
		shop.pay(shop.buy(email, product).service.id);
	},
	pay: (shop, input) => void shop.pay(service(input)),
	// Two days after the end of the period, so that no paid day is left to add to the grace.
	fail(shop, input) {
		shop.expire(service(input), 2);
		shop.fail(service(input));
	},
	change(shop, input) {
		const { invoice } = shop.upgrade(service(input), text(input, 'product'));
		if (invoice?.status === 'pending') shop.payUpgrade(service(input));
	},
	cancel: (shop, input) => shop.cancelNow(service(input)),
};

export function actsOn(stage: Stage) {
	const { n8n, paymenter } = stage;
	let busy: string | null = null;

	/** n8n starts anew with its clock ahead; the shop goes by the same clock. */
	async function week(): Promise<void> {
		await n8n.later(7 * DAY_MS);
		// Paymenter's nightly job, and what n8n does every minute.
		paymenter.shop.runCron();
		await paymenter.control.settled();
		await (await stage.editor()).run('paymenterDue', 'Every Minute');
	}

	return {
		/** What keeps time from passing now; null: nothing. */
		busy: () => busy,
		/** Until `work` has ended, only it lets time pass. */
		async during<T>(what: string, work: () => Promise<T>): Promise<T> {
			busy = what;
			try {
				return await work();
			} finally {
				busy = null;
			}
		},
		/** Does it; throws a Refusal with the reason where it cannot be done. */
		async act(name: string, input: Input): Promise<void> {
			if (name === 'week') {
				if (busy) throw new Refusal(`Not now: ${busy}.`);
				void this.during('seven days pass; n8n starts anew with its clock ahead', week).catch(
					(error: Error) => process.stderr.write(`Seven days did not pass: ${error.message}\n`),
				);
				return;
			}
			const verb = atShop[name];
			if (!verb) throw new Refusal(`The shop does not know "${name}".`);
			try {
				verb(paymenter.shop, input);
			} catch (error) {
				throw error instanceof Refusal ? error : new Refusal((error as Error).message);
			}
		},
	};
}

export type Acts = ReturnType<typeof actsOn>;
