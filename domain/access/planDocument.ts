import { listOf } from '../text';
import { readRanks, type RankSettings, type RanksForm } from '../perks/ranks';
import { PlanError, readPlan, type Plan, type PlanForm } from './tierPlan';

/** The tier plan and the settings that belong to it, as Tier Plan → Get outputs them. */
export interface PlanDocument {
	server_groups: PlanForm['serverGroups'];
	tiers: PlanForm['tiers'];
	allow_harmful: boolean;
	/** Days of access after a failed payment. */
	grace_days: number;
	/** Days between the last cancellation and the deletion of the account; null: never. */
	delete_account_after_days: number | null;
	/** E-mails or usernames of accounts that must never be touched, separated by commas. */
	left_alone: string;
	username_template: string;
	/** Whether a refunded subscription lasts to the end of its paid period. */
	refund_keeps_period?: boolean;
	/** The keys that ranks and roles need, separated by commas; Tier Plan → Get works them out. */
	customer_properties?: string;
	ranks?: RanksForm;
}

export interface PlanSettings {
	leftAlone: string[];
	usernameTemplate: string;
	ranks: RankSettings;
}

/** Reads and checks what Tier Plan → Get outputs. Throws `PlanError`. */
export function readPlanDocument(value: unknown): { plan: Plan; settings: PlanSettings } {
	const document = value as Partial<PlanDocument> | null;
	if (!Array.isArray(document?.server_groups) || !Array.isArray(document.tiers)) {
		throw new PlanError(
			'The tier plan is missing. Use what Pterodactyl Provision → Tier Plan → Get outputs.',
		);
	}
	const { server_groups: serverGroups, tiers, allow_harmful: allowHarmful = false } = document;
	checkDays('Days of Grace', document.grace_days ?? 7);
	checkDays('Delete Account After (Days)', document.delete_account_after_days ?? 0);
	return {
		plan: readPlan({ serverGroups, tiers, allowHarmful }),
		settings: {
			leftAlone: listOf(document.left_alone ?? ''),
			usernameTemplate: document.username_template || '{name}',
			ranks: readRanks(document.ranks),
		},
	};
}

/** The keys of the customer properties that ranks and roles need, separated by commas. */
export function propertiesFor(plan: Plan, { ranks }: PlanSettings): string {
	return [
		...(ranks.way === 'none' ? [] : [ranks.playerProperty]),
		...(plan.tiers.some(({ discordRole }) => discordRole) ? [ranks.discordProperty] : []),
	].join(', ');
}

function checkDays(field: string, value: unknown): void {
	if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return;
	throw new PlanError(
		`Tier plan: "${field}" must be a number of days, not ${JSON.stringify(value)}.`,
	);
}
