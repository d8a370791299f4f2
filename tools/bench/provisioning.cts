/** Two hundred new customers at once, against the limits of a panel as it is installed. */
import { panelDefaults } from '../../simulators/panel/throttle.cjs';
import { figure, ratio, type Benchmark } from './report.cjs';
import { deliver, firstPurchases, judge } from './rush.cjs';
import { atOnce, atRest, onStage } from './stage.cjs';

const CUSTOMERS = 200;
const AT_ONCE = 20;
const MINUTE = 60;

export const provisioning: Benchmark = {
	name: 'provisioning',
	title: '200 new customers against the limits of a default panel',
	what: `${CUSTOMERS} customers buy Legend (7 servers) as fast as n8n takes their events, ${AT_ONCE} at a time. The panel allows ${panelDefaults.application} calls of its application API and ${panelDefaults.client} of its client API a minute, and refuses the rest with 429. The least time is what these limits need for the least calls that anybody must make: one account and seven grants each.`,
	run: async (say) =>
		await onStage({}, async (stage) => {
			const { simulator } = stage;
			const buyers = firstPurchases('rush', CUSTOMERS, 'legend');
			simulator.control.clearCalls();
			const events = buyers.flatMap(({ events }) => events);
			await atOnce(AT_ONCE, events, async (event) => void (await deliver(stage, event)));
			say('All accepted');
			await atRest(stage);
			const { right, doubled } = judge(stage, buyers);
			const calls = simulator.calls();
			const begin = Math.min(...calls.map(({ at }) => at));
			const grants = calls.filter(({ method, path }) => method === 'POST' && /users$/.test(path));
			const seconds = (Math.max(...grants.map(({ at, ms }) => at + ms)) - begin) / 1000;
			const ofApi = (api: string) =>
				calls.filter(({ path, status }) => path.startsWith(`/api/${api}/`) && status !== 429)
					.length;
			const made = { application: ofApi('application'), client: ofApi('client') };
			const least = windows({ application: CUSTOMERS, client: CUSTOMERS * 7 });
			const forMade = windows(made);
			return {
				table: [
					['', 'seconds', 'against the least'],
					['the least that the limits allow', figure(least), '1 ×'],
					['the least for the calls that were made', figure(forMade), ratio(forMade, least)],
					['measured, to the last grant', figure(seconds), ratio(seconds, least)],
				],
				notes: [
					`Ended right: ${right} of ${CUSTOMERS}; doubled: ${doubled}. Calls that counted: ${made.application} of the application API, ${made.client} of the client API; refused with 429 and repeated: ${calls.filter(({ status }) => status === 429).length}.`,
				],
			};
		}),
};

/** A bucket is full for a minute from its first call, then for the next. */
function windows(calls: { application: number; client: number }): number {
	const of = (api: 'application' | 'client') =>
		Math.floor((calls[api] - 1) / (panelDefaults[api] ?? Infinity)) * MINUTE;
	return Math.max(of('application'), of('client'));
}
