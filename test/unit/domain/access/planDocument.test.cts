import {
	propertiesFor,
	readPlanDocument,
	type PlanDocument,
} from '../../../../domain/access/planDocument';
import type { RanksForm } from '../../../../domain/perks/ranks';
import { readRanks } from '../../../../domain/perks/ranks';
import { PlanError } from '../../../../domain/access/tierPlan';

const DOCUMENT: PlanDocument = {
	server_groups: [{ name: 'all', match: 'all' }],
	tiers: [{ tier: 'knight', serverGroups: ['all'], permissions: ['websocket.connect'] }],
	allow_harmful: false,
	grace_days: 5,
	delete_account_after_days: null,
	left_alone: 'admin, builder',
	username_template: '{name}-{customer}',
};

describe('The plan document', () => {
	it('gives the plan and its settings', () => {
		const { plan, settings } = readPlanDocument(DOCUMENT);
		expect(plan.tiers.map(({ name }) => name)).toEqual(['knight']);
		expect(settings).toEqual({
			leftAlone: ['admin', 'builder'],
			usernameTemplate: '{name}-{customer}',
			ranks: readRanks(),
		});
	});

	it('has a default for each setting that is left out', () => {
		const { server_groups, tiers } = DOCUMENT;
		expect(readPlanDocument({ server_groups, tiers }).settings).toEqual({
			leftAlone: [],
			usernameTemplate: '{name}',
			ranks: readRanks(),
		});
	});

	it.each([null, undefined, 'plan', {}, { tiers: [] }])('is not %j', (value) => {
		expect(() => readPlanDocument(value)).toThrow(PlanError);
		expect(() => readPlanDocument(value)).toThrow('The tier plan is missing');
	});

	it.each([-2, '7', Number.NaN])('has no %j days', (wrong) => {
		const { grace_days: _, ...rest } = DOCUMENT;
		expect(() => readPlanDocument({ ...rest, grace_days: wrong })).toThrow('"Days of Grace"');
		expect(() => readPlanDocument({ ...rest, delete_account_after_days: wrong })).toThrow(
			'"Delete Account After (Days)"',
		);
	});

	it('refuses a permission that is harmful, unless it allows that', () => {
		const tiers = [{ ...DOCUMENT.tiers[0], permissions: ['control.console'] }];
		expect(() => readPlanDocument({ ...DOCUMENT, tiers })).toThrow('control.console');
		expect(readPlanDocument({ ...DOCUMENT, tiers, allow_harmful: true }).plan.permissions).toEqual([
			'control.console',
		]);
	});
});

describe('The customer properties that a plan needs', () => {
	const needed = (ranks: RanksForm, discordRole = '') => {
		const tiers = DOCUMENT.tiers.map((tier) => ({ ...tier, discordRole }));
		const { plan, settings } = readPlanDocument({ ...DOCUMENT, tiers, ranks });
		return propertiesFor(plan, settings);
	};
	const ROLE = '1132456789012345678';

	it('are those of the player, of Discord, both or none', () => {
		expect(needed({})).toBe('');
		expect(needed({ way: 'rest' })).toBe('minecraft_username');
		expect(needed({}, ROLE)).toBe('discord_id');
		const own = { way: 'rest', player_property: 'player', discord_property: 'dc' } as const;
		expect(needed(own, ROLE)).toBe('player, dc');
	});
});
