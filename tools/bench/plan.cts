import applyAccess from '../../workflows/apply-access.json';
import type { PlanForm } from '../../domain/access/tierPlan';

/** The tier plan of the shipped workflow. */
export function shippedPlan(): PlanForm {
	const node = applyAccess.nodes.find(({ name }) => name === 'Make Access Match');
	const { serverGroups, tiers } = node?.parameters as unknown as {
		serverGroups: { group: PlanForm['serverGroups'] };
		tiers: { tier: PlanForm['tiers'] };
	};
	return { serverGroups: serverGroups.group, tiers: tiers.tier, allowHarmful: false };
}
