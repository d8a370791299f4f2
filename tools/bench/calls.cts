/** How often the panel is called for one customer, against a plain provisioner. */
import { promised } from '../lifecycle/panelView.cjs';
import type { TierName } from '../lifecycle/story.cjs';
import { plainProvisioner } from './plain.cjs';
import { atRest, onStage, type Stage } from './stage.cjs';
import { ratio, type Benchmark } from './report.cjs';

const OURS = 'ours@example.com';
const PLAIN = 'plain@example.com';

export const callsPerCustomer: Benchmark = {
	name: 'calls',
	title: 'Panel calls per customer',
	what: 'One customer at the simulated shop buys Elemental (3 servers), pays again, upgrades to Legend (7 servers), is compared in the night, and cancels. Beside it, on the same simulator, a plain provisioner as billing modules have it (`tools/bench/plain.cts`): look up, create, one call a server, no memory.',
	run: async () =>
		await onStage({ rateLimits: false }, async (stage) => {
			const { paymenter, simulator } = stage;
			const { shop } = paymenter;
			const plain = plainProvisioner(simulator);
			const { servers } = simulator.state;
			const idsOf = (tier: TierName) =>
				Object.keys(promised(tier, servers)).map((name) => simulator.control.server(name).uuid);
			const keysOf = (tier: TierName) => Object.values(promised(tier, servers))[0] ?? [];
			const give = (tier: TierName) => plain.give(PLAIN, idsOf(tier), keysOf(tier));

			shop.addUser({ email: OURS, first_name: 'Ours' });
			let service = NaN;
			const steps: Array<[string, () => void, () => Promise<void>]> = [
				[
					'first purchase',
					() => {
						service = shop.buy(OURS, 'fire-elemental').service.id;
						shop.pay(service);
					},
					() => give('elemental'),
				],
				['renewal: no change', () => void shop.pay(service), () => give('elemental')],
				[
					'upgrade',
					() => {
						shop.upgrade(service, 'fire-legend');
						shop.payUpgrade(service);
					},
					() => give('legend'),
				],
				['cancellation', () => shop.cancelNow(service), () => plain.take(PLAIN, idsOf('legend'))],
			];
			const table = [['', 'this package', 'plain provisioner', 'against it']];
			for (const [what, ours, theirs] of steps) {
				const own = await counted(stage, async () => {
					ours();
					await paymenter.control.settled();
					await atRest(stage);
				});
				const other = await counted(stage, theirs);
				table.push([what, say(own), say(other), ratio(own.all, other.all)]);
			}
			return {
				table,
				notes: [
					'The plain provisioner takes any address that contains the customer’s for theirs, overwrites what others have put on a row, does not notice a server that refuses, and gives nothing back that somebody has removed by hand until the next order.',
				],
			};
		}),
};

const say = ({ all, writes }: { all: number; writes: number }) => `${all} (${writes} writes)`;

async function counted({ simulator }: Stage, work: () => Promise<void>) {
	simulator.control.clearCalls();
	await work();
	const calls = simulator.calls();
	return { all: calls.length, writes: calls.filter(({ method }) => method !== 'GET').length };
}
