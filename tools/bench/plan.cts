import tierPlan from '../../workflows/tier-plan.json';
import type { PlanForm } from '../../domain/access/tierPlan';

/** The tier plan of the shipped workflow. */
export function shippedPlan(): PlanForm {
	const node = tierPlan.nodes.find(({ name }) => name === 'Tier Plan');
	const { serverGroups, tiers } = node?.parameters as unknown as {
		serverGroups: { group: PlanForm['serverGroups'] };
		tiers: { tier: PlanForm['tiers'] };
	};
	return { serverGroups: serverGroups.group, tiers: tiers.tier, allowHarmful: false };
}
