import tierPlan from '../../workflows/tier-plan.json';
import { readPlanDocument, type PlanDocument } from '../../domain/access/planDocument';
import type { Plan } from '../../domain/access/tierPlan';

/** The tier plan of the shipped workflow. */
export function shippedPlan(): Plan {
	const node = tierPlan.nodes.find(({ name }) => name === 'Tier Plan');
	const { serverGroups, tiers } = node?.parameters as unknown as {
		serverGroups: { group: PlanDocument['server_groups'] };
		tiers: { tier: PlanDocument['tiers'] };
	};
	return readPlanDocument({ server_groups: serverGroups.group, tiers: tiers.tier }).plan;
}
