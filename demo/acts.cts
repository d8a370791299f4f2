/** What a visitor of the demo can do: at the shop, and with time. */
import { where } from '../simulators/paymenter/model.cjs';
import { join } from '../tools/lifecycle/game.cjs';
import type { Set as Stage } from '../tools/lifecycle/stage.cjs';
import { signUp } from '../tools/lifecycle/story.cjs';

/** Said to the visitor as it is. */
export class Refusal extends Error {}

const WEEK_MS = 7 * 86_400_000;
/** New subusers that a panel accepts on a server in 15 minutes. */
const LIMIT = 10;

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

function buy({ paymenter: { shop }, game }: Stage, input: Input): void {
	const email = text(input, 'email');
	if (!/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/.test(email)) throw new Refusal(`${email} is no address.`);
	const product = text(input, 'product');
	const { users, products } = shop.tables;
	if (where(products, ({ slug }) => slug === product).length === 0) {
		throw new Refusal(`The shop does not sell ${product}.`);
	}
	if (where(users, (user) => user.email === email).length === 0) {
		const customer = { name: text(input, 'name'), email };
		signUp(shop, customer);
		if (game) join(game, customer);
	}
	shop.pay(shop.buy(email, product).service.id);
}

/** What happens at the shop; each ends in an event that the shop sends. */
const ACTS: Record<string, (stage: Stage, input: Input) => void> = {
	buy,
	pay: ({ paymenter: { shop } }, input) => void shop.pay(service(input)),
	// Two days after the end of the period, so that no paid day is left to add to the grace.
	fail({ paymenter: { shop } }, input) {
		shop.expire(service(input), 2);
		shop.fail(service(input));
	},
	change({ paymenter: { shop } }, input) {
		const { invoice } = shop.upgrade(service(input), text(input, 'product'));
		if (invoice?.status === 'pending') shop.payUpgrade(service(input));
	},
	cancel: ({ paymenter: { shop } }, input) => shop.cancelNow(service(input)),
	/** One more than the panel accepts: it has no limit until then. */
	rush(stage) {
		if (!stage.simulator) throw new Refusal('Only on the simulated panel.');
		stage.simulator.control.limits({ subuser: LIMIT });
		const first = stage.paymenter.shop.tables.users.rows.size + 1;
		for (let number = first; number <= first + LIMIT; number++) {
			const [name, email] = [`Buyer ${number}`, `buyer.${number}@example.com`];
			buy(stage, { name, email, product: 'fire-elemental' });
		}
	},
};

export function actsOn(stage: Stage) {
	const { n8n, paymenter, simulator } = stage;
	let busy: string | null = null;

	/** n8n starts anew with its clock ahead; shop and panel go by the same clock. */
	async function week(): Promise<void> {
		await n8n.later(WEEK_MS);
		simulator?.control.advance(WEEK_MS);
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
			if (busy && ['rush', 'week'].includes(name)) throw new Refusal(`Not now: ${busy}.`);
			if (name === 'week') {
				void this.during('seven days pass; n8n starts anew with its clock ahead', week).catch(
					(error: Error) => process.stderr.write(`Seven days did not pass: ${error.message}\n`),
				);
				return;
			}
			const act = ACTS[name];
			if (!act) throw new Refusal(`The shop does not know "${name}".`);
			try {
				act(stage, input);
			} catch (error) {
				throw error instanceof Refusal ? error : new Refusal((error as Error).message);
			}
		},
	};
}

export type Acts = ReturnType<typeof actsOn>;
