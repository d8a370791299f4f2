import type { INodeParameters } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import shipped from '../../../../workflows/tier-plan.json';
import { execute, failing, planDocument, provision, provisionOne } from './support/node.cjs';
import { SNOWFALL, accessOf, usePanel } from './support/panel.cjs';

const panel = usePanel();
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada Lovelace' };

const { server_groups, tiers } = planDocument();
const FORM = {
	serverGroups: { group: server_groups },
	tiers: { tier: tiers },
} as unknown as INodeParameters;
const get = async (parameters: INodeParameters = {}) =>
	await execute(panel, {
		items: [{ customer: 1 }, { customer: 2 }],
		parameters: { resource: 'tierPlan', operation: 'get', ...FORM, ...parameters },
	});

describe('Tier Plan → Get', () => {
	it('outputs the plan and its settings as one item, and calls nobody', async () => {
		const [item, ...others] = await get();
		expect(item?.json).toMatchObject({
			tier_plan: {
				tiers: [{ tier: 'awakened' }, { tier: 'knight' }, { tier: 'elder' }],
				server_groups: [{ name: 'frost', pattern: 'Frost Path*' }, { name: 'ember' }],
				allow_harmful: false,
				grace_days: 7,
				delete_account_after_days: 30,
				left_alone: '',
				username_template: '{name}',
				customer_properties: '',
			},
		});
		expect(others).toEqual([]);
		expect(panel.calls()).toEqual([]);
	});

	it('outputs the settings that were entered', async () => {
		const [item] = await get({
			allowHarmful: true,
			graceDays: 3,
			deleteAccountAfterDays: 0,
			leftAlone: 'admin builder,  kim@example.com',
			usernameTemplate: '{email}',
			ranks: { way: 'rest' },
		});
		expect(item?.json.tier_plan).toMatchObject({
			allow_harmful: true,
			grace_days: 3,
			delete_account_after_days: 0,
			left_alone: 'admin, builder, kim@example.com',
			username_template: '{email}',
			customer_properties: 'minecraft_username',
		});
	});

	it.each([-1, '', null])('deletes no account after %j days', async (deleteAccountAfterDays) => {
		const [item] = await get({ deleteAccountAfterDays });
		expect(item?.json).toHaveProperty('tier_plan.delete_account_after_days', null);
	});

	it('refuses a plan that cannot work, and says what to do', async () => {
		const failure = await get({ tiers: { tier: [] } }).catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(NodeOperationError);
		expect(failure).toMatchObject({
			message: expect.stringContaining('there are no tiers'),
			description: expect.stringContaining('Correct it'),
		});
		await expect(get({ graceDays: -3 })).rejects.toThrow('"Days of Grace" must be a number');
	});
});

describe('The shipped workflow Tier Plan', () => {
	it('outputs its plan', async () => {
		const node = shipped.nodes.find(({ name }) => name === 'Tier Plan');
		const [item] = await get(node?.parameters as unknown as INodeParameters);
		expect(item?.json).toHaveProperty('tier_plan.tiers.5.tier', 'sovereign');
	});
});

describe('Access with a plan from the input', () => {
	const fromInput = (tierPlan: unknown): INodeParameters => ({
		tierPlan: typeof tierPlan === 'string' ? tierPlan : JSON.stringify(tierPlan),
	});
	const buys = async (parameters: INodeParameters) =>
		await provisionOne(panel, { ...ADA, grants: 'fire-knight' }, { parameters });

	it('gives what that plan says', async () => {
		await buys(fromInput(planDocument()));
		expect(accessOf(panel, ADA.email)[SNOWFALL]).toEqual([['activity.read', 'websocket.connect']]);
	});

	it('takes what an expression gives, the same for all items', async () => {
		const tier_plan = JSON.stringify(planDocument());
		const items = [
			{ ...ADA, grants: 'knight', tier_plan },
			{ id: 78, email: 'bea@example.com', name: 'Bea', grants: 'awakened' },
		];
		const parameters = fromInput('={{ JSON.parse($json.tier_plan) }}');
		const results = await provision(panel, { items, parameters });
		expect(results.map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
	});

	it('uses the settings that came with it', async () => {
		await buys(fromInput(planDocument({ username_template: 'vip-{customer}' })));
		expect(panel.control.user(ADA.email)).toMatchObject({ username: 'vip-77' });
		const leftAlone = fromInput(planDocument({ left_alone: ADA.email }));
		const suspended = await provisionOne(panel, ADA, {
			operation: 'suspend',
			parameters: leftAlone,
		});
		expect(suspended.outcome).toBe('skipped');
		expect(accessOf(panel, ADA.email)).toHaveProperty([SNOWFALL]);
	});

	it.each(['', '{}', '[', '{"server_groups":[],"tiers":[]}'])(
		'changes nothing if the plan is %j',
		async (tierPlan) => {
			const parameters = fromInput(tierPlan);
			const { error } = await failing(panel, { ...ADA, grants: 'knight' }, { parameters });
			expect(error).toMatch(/tier plan is missing|no tiers|must be an object/);
			expect(panel.calls()).toEqual([]);
		},
	);
});
