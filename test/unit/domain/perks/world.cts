import { readPlanDocument } from '../../../../domain/access/planDocument';
import {
	planChanges,
	type ChangesInput,
	type PlannedChange,
} from '../../../../domain/perks/changes';
import type { Lookup } from '../../../../domain/perks/identity';
import { recordPerks, type StepResult } from '../../../../domain/perks/record';
import type { Alert } from '../../../../domain/work/alertPolicy';

export const ROLE = { knight: '100000000000000001', legend: '100000000000000002' };
export const UUID: Record<string, string> = {
	ada: '00000000-0000-4000-8000-000000000001',
	bob: '00000000-0000-4000-8000-000000000002',
	ada_renamed: '00000000-0000-4000-8000-000000000001',
};
export const NOON = Date.parse('2026-05-03T12:00:00Z');
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const UNTIL = '2026-06-10T00:00:00.000Z';

export const { plan, settings } = readPlanDocument({
	server_groups: [{ name: 'all', match: 'all' }],
	tiers: ['member', 'knight', 'legend'].map((tier) => ({
		tier,
		products: `fire-${tier}`,
		serverGroups: ['all'],
		permissions: ['websocket.connect'],
		luckPermsGroup: tier === 'member' ? '' : tier,
		discordRole: ROLE[tier as 'knight'] ?? '',
	})),
	ranks: { way: 'rest' },
});

export const customer = (id: number, more: Record<string, unknown> = {}) => ({
	customer: `customer:${id}`,
	customer_id: String(id),
	customer_email: `c${id}@example.com`,
	customer_name: `C ${id}`,
	state: 'active',
	tiers: 'knight',
	why: 'paid',
	customer_properties: JSON.stringify({
		minecraft_username: 'ada',
		discord_id: `2000000000000000${id}`,
	}),
	access_until: UNTIL,
	on_hold: false,
	changed_at: new Date(NOON - MINUTE).toISOString(),
	...more,
});

export const found = async (names: string[]): Promise<Map<string, Lookup>> =>
	new Map(
		names.map((name) => {
			const uuid = UUID[name.toLowerCase()];
			return [name, { uuid: uuid ?? null }];
		}),
	);

export const unreachable = async (names: string[]): Promise<Map<string, Lookup>> =>
	new Map(names.map((name) => [name, { uuid: null, failed: 'it took too long' }]));

/** Runs Access Changed as its workflow does: all steps succeed, except those named. */
export class World {
	perks = new Map<string, Record<string, unknown>>();
	lastRunAt: number | null = NOON - MINUTE;
	now = NOON;
	alerts: Alert[] = [];
	held: string[] = [];
	settings: Partial<ChangesInput> = {};

	async run(
		customers: Array<Record<string, unknown>>,
		{
			find = found,
			fail = () => '',
			status = 'done',
		}: {
			find?: typeof found;
			fail?: (step: string, customer: string, role?: string) => string;
			status?: 'done' | 'waiting' | 'failed';
		} = {},
	): Promise<PlannedChange[]> {
		const { planned, held } = await planChanges(
			{
				customers,
				perks: [...this.perks.values()],
				lastRunAt: this.lastRunAt,
				plan,
				ranks: settings.ranks,
				allowLosses: false,
				now: this.now,
				...this.settings,
			},
			find,
		);
		this.held = held;
		const results = planned.flatMap((one): StepResult[] => {
			const { customer: who } = one.facts;
			const step = (name: StepResult['step'], more: Partial<StepResult> = {}): StepResult => ({
				step: name,
				customer: who,
				error: fail(name, who, more.role),
				...more,
			});
			const rank = {
				status: fail('Sync Ranks', who) ? ('failed' as const) : status,
				message:
					fail('Sync Ranks', who) || (status === 'done' ? '' : 'waiting: Survival is offline'),
				retry_at: null,
				transient: true,
			};
			return [
				...(one.ranks.length > 0 ? [{ ...step('Sync Ranks', { rank }), error: '' }] : []),
				...one.add.map((role) => step('Add Role', role)),
				...one.remove.map((role) => step('Remove Role', role)),
				...(one.warning ? [step('Warn Customer')] : []),
				...(one.change ? [step('your own step')] : []),
			];
		});
		const { rows, alerts } = recordPerks(planned, results, { now: this.now, executionUrl: 'url' });
		for (const row of rows) this.perks.set(row.customer ?? '', row as Record<string, unknown>);
		this.alerts = alerts;
		this.lastRunAt = this.now;
		return planned;
	}

	row(id: number): Record<string, unknown> {
		return this.perks.get(`customer:${id}`) ?? {};
	}
}

export const changed = (minutes: number) => new Date(NOON + minutes * MINUTE).toISOString();
