import { PLAN_DOCUMENT, buys, entitled, previews } from './support/many.cjs';
import { AURORA, CINDER, GLACIER, SNOWFALL, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const FROST = [SNOWFALL, GLACIER, AURORA].sort();

function existing(id: number, rows: string[] = []) {
	const email = `c${id}@example.com`;
	panel.control.addUser({ email, username: `c${id}`, externalId: `paymenter-${id}` });
	for (const server of rows) {
		const permissions = ['activity.read', 'websocket.connect'];
		panel.control.addSubuser({ server, user: email, permissions });
	}
}

describe('Access → Preview', () => {
	it('says of each customer what would change, and writes nothing', async () => {
		existing(2, FROST);
		const entitlements = entitled(buys(1), buys(2), buys(3, 'knight', { status: 'cancelled' }));
		const { items, from } = await previews(panel, { entitlements });
		const said = items.map(({ customer, outcome, has_access }) => [customer, outcome, has_access]);
		expect(said).toEqual([
			['customer:1', 'would change', false],
			['customer:2', 'unchanged', true],
			['customer:3', 'unchanged', false],
		]);
		expect(items[0]).toMatchObject({
			customer_id: '1',
			customer_email: 'c1@example.com',
			tiers: ['knight'],
			roles: ['subscriber_knight'],
			entitlement: { customer: 'customer:1', state: 'active' },
			row: {},
			known_tiers: ['awakened', 'knight', 'elder'],
			property_keys: { player: 'minecraft_username', discord: 'discord_id' },
		});
		expect(items[0]?.changes?.map(({ what }) => what)).toEqual([
			'account created',
			'access given',
			'access given',
			'access given',
		]);
		expect(items[0]?.plan?.map(({ server }) => server).sort()).toEqual(FROST);
		expect(from).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(writesTo(panel)).toEqual([]);
	});

	it('reads the lists of the panel once, however many customers there are', async () => {
		for (let id = 1; id <= 30; id++) existing(id, FROST);
		const entitlements = entitled(...Array.from({ length: 30 }, (_, index) => buys(index + 1)));
		const { items } = await previews(panel, { entitlements, brief: true });
		expect(items).toHaveLength(30);
		expect(items[29]).toEqual({
			customer: expect.any(String) as string,
			customer_id: expect.any(String) as string,
			customer_email: expect.any(String) as string,
			outcome: 'unchanged',
			has_access: true,
		});
		expect(panel.calls()).toHaveLength(2);
	});

	it('shows what a proposed restore would put back, and what the plan gives for the others', async () => {
		existing(2, FROST);
		const { uuid } = panel.control.server(AURORA);
		const recorded = JSON.stringify({ [uuid]: ['schedule.read'] });
		const events = [
			{
				...{ event_id: 'operator-1', event: 'restore.requested', customer_id: '2' },
				...{ occurred_at: '2026-05-20T10:00:00.000Z', recorded },
			},
		];
		const { items } = await previews(panel, { entitlements: entitled(buys(1), buys(2)), events });
		expect(items[0]?.changes?.map(({ what }) => what)).toContain('account created');
		expect(items[1]?.changes).toMatchObject([{ server: AURORA, after: ['schedule.read'] }]);
		expect(writesTo(panel)).toEqual([]);
	});

	it('is of one customer without reading everybody', async () => {
		existing(2, FROST);
		const { items } = await previews(panel, { entitlements: entitled(buys(2)) });
		expect(items).toMatchObject([{ outcome: 'unchanged' }]);
		expect(panel.calls().map(({ path }) => path)).not.toContainEqual(
			expect.stringMatching(/application\/users\?/),
		);
	});

	it('counts what was granted before, by the customers’ rows', async () => {
		existing(1, [SNOWFALL]);
		const { uuid } = panel.control.server(CINDER);
		const permissions = ['schedule.read', 'websocket.connect'];
		panel.control.addSubuser({ server: uuid, user: 'c1@example.com', permissions });
		const entitlements = entitled(buys(1, 'knight', { status: 'cancelled' }));
		const plain = await previews(panel, { entitlements });
		const serversIn = ({ items }: typeof plain) =>
			(items[0]?.changes ?? []).flatMap(({ server }) => server ?? []).sort();
		expect(serversIn(plain)).toEqual([SNOWFALL]);
		const granted = JSON.stringify({ [uuid]: permissions });
		const rows = [{ customer: 'customer:1', granted }];
		const known = await previews(panel, { entitlements, rows });
		expect(serversIn(known)).toEqual([CINDER, SNOWFALL]);
	});

	it('tells one who cannot be served from the others', async () => {
		const entitlements = entitled(buys(1, 'sovereign'), buys(2));
		for (const brief of [true, false]) {
			const { items } = await previews(panel, { entitlements, brief });
			expect(items[0]).toMatchObject({
				customer: 'customer:1',
				outcome: 'failed',
				error: expect.stringMatching(/no tier "sovereign"/) as string,
				advice: expect.any(String) as string,
			});
			expect(items[0]).toHaveProperty(brief ? 'error' : 'entitlement');
			expect('entitlement' in (items[0] ?? {})).toBe(!brief);
			expect(items[1]?.outcome).toBe('would change');
		}
	});

	it('says what the panel refuses', async () => {
		panel.control.fault({ kind: 'status', status: 403 });
		const { items } = await previews(panel, { entitlements: entitled(buys(1), buys(2)) });
		for (const item of items) {
			expect(item).toMatchObject({ outcome: 'failed', has_access: false });
			expect(item.error).toMatch(/^customer \d, .*403/);
		}
	});

	it('needs the plan, and says where it comes from', async () => {
		const entitlements = entitled(buys(1));
		await expect(previews(panel, { entitlements, plan: {} })).rejects.toThrow(
			/The tier plan is missing.*Tier Plan → Get/,
		);
		const plan = { ...PLAN_DOCUMENT, tiers: [] };
		await expect(previews(panel, { entitlements, plan })).rejects.toMatchObject({
			message: expect.stringContaining('there are no tiers') as string,
			description: expect.stringContaining('Correct it') as string,
		});
	});

	it('of nobody calls nobody, and names the tiers that could be given', async () => {
		expect((await previews(panel, { entitlements: [{}] })).items).toEqual([
			{
				known_tiers: ['awakened', 'knight', 'elder'],
				property_keys: { player: 'minecraft_username', discord: 'discord_id' },
			},
		]);
		expect(panel.calls()).toEqual([]);
	});
});
