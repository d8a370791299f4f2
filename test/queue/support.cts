/** Many customers at once on queue mode, and what became of each. */
import { send } from '../../simulators/events/sender.cjs';
import { promised, type AccessMap } from '../../tools/lifecycle/panelView.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { ONE_OF_EACH_TIER, type TierName } from '../../tools/lifecycle/story.cjs';
import { accessIn, simulatorOf } from '../e2e/support.cjs';

const AT_ONCE = 20;
/** Growing, so that an n8n that is slow is not kept slow by those who come again. */
const BACKOFF_MS = [1, 2, 4, 8, ...Array<number>(20).fill(16)].map((seconds) => seconds * 1000);

export interface Buyer {
	email: string;
	product: string;
	tier: TierName;
}

export interface Burst {
	/** The ids of the events that n8n said it has stored. */
	accepted: Set<string>;
	/** Why the others were not, after all attempts. */
	refused: string[];
	attempts: number;
	seconds: number;
}

export function buyers(run: string, count: number): Buyer[] {
	return Array.from({ length: count }, (_, index) => {
		const [product, tier] = ONE_OF_EACH_TIER[index % ONE_OF_EACH_TIER.length] as [string, TierName];
		return { email: `${run}.${index}@example.com`, product, tier };
	});
}

/** A purchase of each, 20 at a time, sent again until it is accepted; something happens in the middle. */
export async function burst(
	stage: Stage,
	those: Buyer[],
	inTheMiddle: () => Promise<void>,
): Promise<Burst> {
	const url = `${stage.n8n.webhookUrl}/webhook/paymenter`;
	const result: Burst = { accepted: new Set(), refused: [], attempts: 0, seconds: 0 };
	const { secret } = stage;
	const { now } = stage.n8n;
	const started = Date.now();
	let incident: Promise<void> | undefined;
	const queue = those.values();
	const sender = async () => {
		for (const { email, product } of queue) {
			const event_id = `evt_${email}`;
			const moment = now().toISOString();
			const event = {
				event: 'subscription.created',
				event_id,
				subscription_id: `sub-${email}`,
				customer_id: `id-${email}`,
				customer_email: email,
				product_id: product,
				status: 'active',
				occurred_at: moment,
				state_at: moment,
			};
			await send(event, { url, secret, now, backoffMs: BACKOFF_MS }).then(
				({ attempts }) => {
					result.accepted.add(event_id);
					result.attempts += attempts;
				},
				(error: Error) => result.refused.push(error.message),
			);
			if (result.accepted.size >= those.length / 3) incident ??= inTheMiddle();
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, sender));
	await incident;
	result.seconds = (Date.now() - started) / 1000;
	return result;
}

/** Those of whom the panel does not have exactly one account with exactly their access. */
export async function wronged(stage: Stage, those: Buyer[]): Promise<string[]> {
	const servers = await stage.panel.servers();
	const { users } = simulatorOf(stage).state;
	return those.flatMap(({ email, tier }) => {
		const accounts = users.filter((user) => user.email === email);
		if (accounts.length !== 1) return [`${email} has ${accounts.length} accounts`];
		const is = said(accessIn(stage, [accounts[0]?.id ?? NaN]));
		const should = said(promised(tier, servers));
		return is === should ? [] : [`${email} has ${is}, but should have ${should}`];
	});
}

const said = (access: AccessMap) =>
	Object.entries(access)
		.sort()
		.map(([server, keys]) => `${server}: ${keys.join(' ')}`)
		.join('; ') || 'nothing';
