import { failing, provisionOne, type Run } from './support/node.cjs';
import {
	AURORA,
	CINDER,
	EMBER,
	GLACIER,
	SNOWFALL,
	accessOf,
	inventedBy,
	usePanel,
	writesTo,
} from './support/panel.cjs';

const panel = usePanel();
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada Lovelace' };
const C = 'websocket.connect';
const knightOn = (names: string[]) =>
	Object.fromEntries(names.map((name) => [name, [['activity.read', C]]]));
const FROST = [SNOWFALL, GLACIER, AURORA];

const buys = (grants: string) => provisionOne(panel, { ...ADA, grants });
const has = () => accessOf(panel, ADA.email);

describe('A first purchase', () => {
	it('makes an account that is marked, and gives exactly what the tier pays for', async () => {
		const result = await buys('knight');
		expect(panel.control.user(ADA.email)).toMatchObject({
			externalId: 'paymenter-77',
			firstName: 'Ada',
			lastName: 'Lovelace',
			rootAdmin: false,
		});
		expect(has()).toEqual(knightOn(FROST));
		expect(result).toMatchObject({
			outcome: 'changed',
			roles: ['subscriber_knight'],
			uncertain: false,
			warnings: [],
			blocked: [],
		});
		expect(result.changes.map(({ what }) => what)).toEqual([
			'account created',
			...FROST.map(() => 'access given'),
		]);
		expect(inventedBy(panel)).toEqual([]);
	});

	it.each([
		['awakened', 3],
		['elder', 4],
	])('of %s on %i servers takes at most four calls more', async (tier, servers) => {
		const result = await buys(tier);
		expect(Object.keys(has())).toHaveLength(servers);
		expect(panel.calls().length).toBeLessThanOrEqual(servers + 4);
		expect(result.calls).toBe(panel.calls().length);
	});

	it('makes an account also for one without a last name, and with a name that the panel refuses', async () => {
		await provisionOne(panel, { ...ADA, name: '.Steve_', grants: 'knight' });
		expect(panel.control.user(ADA.email)).toMatchObject({ username: 'steve' });
		expect(has()).toEqual(knightOn(FROST));
	});

	it('takes the next username where one is taken', async () => {
		panel.control.addUser({ email: 'other@example.com', username: 'ada-lovelace' });
		await buys('knight');
		expect(panel.control.user(ADA.email).username).toBe('ada-lovelace-77');
	});

	it('takes one more where that is taken too', async () => {
		panel.control.addUser({ email: 'o1@example.com', username: 'ada-lovelace' });
		panel.control.addUser({ email: 'o2@example.com', username: 'ada-lovelace-77' });
		await buys('knight');
		expect(panel.control.user(ADA.email).username).toMatch(/^ada-lovelace-.+/);
		expect(has()).toEqual(knightOn(FROST));
	});

	it('by a tier name with a space in it is one tier, since commas separate', async () => {
		const tiers = [{ tier: 'Fire Lord', serverGroups: ['frost'], permissions: [C] }];
		const result = await provisionOne(panel, { ...ADA, grants: 'Fire Lord' }, { plan: { tiers } });
		expect(result.tiers).toEqual(['fire lord']);
	});

	it('without an address says what to do', async () => {
		const result = await failing(panel, { id: 77, grants: 'knight' });
		expect(result.error).toMatch(/customer 77.*address/);
		expect(result.advice).toMatch(/Paymenter/);
		expect(writesTo(panel)).toEqual([]);
	});
});

describe('A run that finds nothing to change', () => {
	it.each(['knight', 'elder', ''])('writes nothing (%j)', async (grants) => {
		await buys(grants);
		panel.control.clearCalls();
		const again = await buys(grants);
		expect(again.outcome).toBe('unchanged');
		expect(again.changes).toEqual([]);
		expect(writesTo(panel)).toEqual([]);
	});

	it('writes nothing for rows that the panel shows as an object, since a key was given twice [319]', async () => {
		await buys('knight');
		panel.control.subusers(SNOWFALL)[0]!.permissions = { 0: C, 2: 'activity.read' };
		panel.control.clearCalls();
		expect((await buys('knight')).outcome).toBe('unchanged');
		expect(writesTo(panel)).toEqual([]);
	});

	it('makes no account for somebody who bought nothing', async () => {
		const result = await buys('');
		expect(result.account).toBeNull();
		expect(panel.state.users).toHaveLength(2);
	});
});

describe('A change of tier', () => {
	it('gives what an upgrade adds, on all servers', async () => {
		await buys('awakened');
		await buys('elder');
		const elder = [['activity.read', 'backup.read', C]];
		expect(has()).toEqual({ [SNOWFALL]: elder, [GLACIER]: elder, [AURORA]: elder, [EMBER]: elder });
	});

	it('takes what a downgrade leaves out, and no more', async () => {
		await buys('elder');
		await buys('knight');
		expect(has()).toEqual(knightOn(FROST));
	});

	it('mails the customer only about servers that come or go', async () => {
		await buys('elder');
		panel.control.clearMails();
		await buys('knight');
		expect(panel.control.mails()).toEqual([
			{ to: ADA.email, subject: 'Removed From Server', server: EMBER },
		]);
	});

	it('leaves what others gave', async () => {
		await buys('elder');
		panel.control.subusers(EMBER)[0]!.permissions = [
			C,
			'activity.read',
			'backup.read',
			'file.read',
		];
		panel.control.addSubuser({
			server: CINDER,
			user: ADA.email,
			permissions: [C, 'activity.read'],
		});
		await buys('awakened');
		expect(has()[EMBER]).toEqual([['file.read', C]]);
		expect(has()[CINDER]).toEqual([['activity.read', C]]);
	});

	it('gives a new server that fits a group', async () => {
		await buys('knight');
		panel.control.addServer({ name: 'Frost Path - Tundra' });
		await buys('knight');
		expect(has()).toEqual(knightOn([...FROST, 'Frost Path - Tundra']));
	});

	it('takes back a key that is no longer in the plan, if it was granted before', async () => {
		const first = await buys('elder');
		const tiers = [{ tier: 'elder', serverGroups: ['frost'], permissions: [C] }];
		await provisionOne(
			panel,
			{ ...ADA, grants: 'elder' },
			{ plan: { tiers }, options: { grantedBefore: JSON.stringify(first.granted) } },
		);
		expect(has()).toEqual(Object.fromEntries(FROST.map((name) => [name, [[C]]])));
	});

	it('leaves a key of that name that nobody recorded as granted', async () => {
		await buys('elder');
		const tiers = [{ tier: 'elder', serverGroups: ['frost'], permissions: [C] }];
		await provisionOne(panel, { ...ADA, grants: 'elder' }, { plan: { tiers } });
		expect(has()[SNOWFALL]).toEqual([['activity.read', 'backup.read', C]]);
	});
});

describe('An unknown product', () => {
	it.each([
		'sovereign',
		'[{"product_id":"x"}]',
		'[{"product_id":"fire-knight","tier":"elder"}]',
		'[7]',
		'[null]',
		'[{',
	])('is an error before any call, and takes nothing (%s)', async (grants) => {
		await buys('knight');
		panel.control.clearCalls();
		const result = await failing(panel, { ...ADA, grants });
		expect(result.error).toBeTruthy();
		expect(panel.calls()).toEqual([]);
		expect(has()).toEqual(knightOn(FROST));
	});

	it('is told with the customer whom it concerns', async () => {
		const result = await failing(panel, { ...ADA, grants: 'sovereign' });
		expect(JSON.stringify(result)).toContain('77');
	});
});

describe('Suspend', () => {
	it('takes all access and keeps the account', async () => {
		await buys('elder');
		const result = await provisionOne(panel, ADA, { operation: 'suspend' });
		expect(has()).toEqual({});
		expect(panel.control.user(ADA.email).externalId).toBe('paymenter-77');
		expect(result.changes.map(({ what }) => what)).toEqual(Array(4).fill('access taken'));
	});

	it('leaves what others gave', async () => {
		await buys('knight');
		panel.control.subusers(GLACIER)[0]!.permissions = [C, 'activity.read', 'file.read'];
		await provisionOne(panel, ADA, { operation: 'suspend' });
		expect(has()).toEqual({ [GLACIER]: [['file.read', C]] });
	});

	it('twice writes nothing the second time', async () => {
		await buys('knight');
		await provisionOne(panel, ADA, { operation: 'suspend' });
		panel.control.clearCalls();
		expect((await provisionOne(panel, ADA, { operation: 'suspend' })).outcome).toBe('unchanged');
		expect(writesTo(panel)).toEqual([]);
	});

	it('is undone by the next Sync', async () => {
		await buys('knight');
		await provisionOne(panel, ADA, { operation: 'suspend' });
		await buys('knight');
		expect(has()).toEqual(knightOn(FROST));
	});
});

describe('Get and a dry run', () => {
	it.each([
		['get', {}],
		['sync', { dryRun: true }],
		['suspend', { dryRun: true }],
		['remove', { dryRun: true }],
	] as const)('%s %j write nothing, and say what would be changed', async (operation, options) => {
		await buys('knight');
		const before = has();
		panel.control.clearCalls();
		const result = await provisionOne(panel, { ...ADA, grants: 'elder' }, { operation, options });
		expect(writesTo(panel)).toEqual([]);
		expect(has()).toEqual(before);
		expect(result.outcome).toBe('would change');
		expect(result.had.map(({ server }) => server).sort()).toEqual([...FROST].sort());
		expect(result.changes.length).toBeGreaterThanOrEqual(3);
	});

	it('say for a stranger that an account would be made, and make none', async () => {
		const result = await provisionOne(panel, { ...ADA, grants: 'knight' }, { operation: 'get' });
		expect(result.changes.map(({ what }) => what)).toContain('account created');
		expect(result.plan.map(({ server }) => server).sort()).toEqual([...FROST].sort());
		expect(writesTo(panel)).toEqual([]);
	});

	it('say the same as Sync then does', async () => {
		await buys('elder');
		panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions: [C] });
		const dry = await provisionOne(
			panel,
			{ ...ADA, grants: 'knight' },
			{ options: { dryRun: true } },
		);
		const done = await buys('knight');
		const told = ({ changes }: typeof done) =>
			changes
				.map(({ what, server, after }) => [what, server, after.filter((key) => key !== C)])
				.sort();
		expect(told(done)).toEqual(told(dry));
	});
});

describe('More than one row of an account on a server', () => {
	it('is made one, with what others gave on any of them', async () => {
		await buys('knight');
		panel.control.addSubuser({
			server: SNOWFALL,
			user: ADA.email,
			permissions: [C, 'file.read'],
			times: 2,
		});
		panel.control.clearCalls();
		const result = await buys('knight');
		expect(has()[SNOWFALL]).toEqual([['activity.read', 'file.read', C]]);
		// Asked is only whether the key's owner may give back what is taken.
		const asked = panel.calls().filter(({ path }) => path.includes('/client/servers/'));
		expect(asked.map(({ method }) => method)).toEqual(['GET', 'DELETE', 'DELETE', 'POST']);
		expect(result.changes.map(({ what }) => what)).toEqual(['double access repaired']);
		panel.control.clearCalls();
		expect((await buys('knight')).outcome).toBe('unchanged');
	});

	it('is taken to the last row', async () => {
		await buys('knight');
		panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions: [C], times: 3 });
		await provisionOne(panel, ADA, { operation: 'suspend' });
		expect(has()).toEqual({});
	});

	it('that came after the look is taken by the next look', async () => {
		await buys('knight');
		let isDone = false;
		await provisionOne(panel, ADA, {
			operation: 'suspend',
			beforeCall: ({ method }) => {
				if (method !== 'DELETE' || isDone) return;
				isDone = true;
				for (const server of FROST)
					panel.control.addSubuser({ server, user: ADA.email, permissions: [C] });
			},
		});
		expect(has()).toEqual(Object.fromEntries(FROST.map((server) => [server, [[C]]])));
		await provisionOne(panel, ADA, { operation: 'suspend' });
		expect(has()).toEqual({});
	});

	it('whose repair stops half way is told, with what is gone', async () => {
		await buys('knight');
		panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions: [C, 'file.read'] });
		panel.control.fault({ kind: 'status', status: 403, method: 'POST', path: '/users' });
		const result = await failing(panel, { ...ADA, grants: 'knight' });
		expect(has()[SNOWFALL]).toEqual([['file.read', C]]);
		expect(result.changes).toMatchObject([
			{ what: 'double access repaired', after: [C, 'file.read'] },
		]);
	});
});

describe('A permission that the panel does not know', () => {
	const tiers = [
		{ tier: 'knight', serverGroups: ['frost'], permissions: ['activity.read', 'moon.walk'] },
	];
	const withUnknown = () =>
		provisionOne(panel, { ...ADA, grants: 'knight' }, { plan: { tiers, allow_harmful: true } });

	it('is left out with a warning that names it', async () => {
		const result = await withUnknown();
		expect(has()).toEqual(knightOn(FROST));
		expect(result.warnings.join(' ')).toMatch(/moon\.walk/);
	});

	it('is not written again and again, and still warned of', async () => {
		await withUnknown();
		panel.control.clearCalls();
		const again = await withUnknown();
		expect(writesTo(panel)).toEqual([]);
		expect(again.outcome).toBe('unchanged');
		expect(again.warnings.join(' ')).toMatch(/moon\.walk/);
	});
});

describe('A server that takes no changes now', () => {
	const close = {
		suspended: () => panel.control.serverStatus(GLACIER, 'suspended'),
		installing: () => panel.control.serverStatus(GLACIER, 'installing'),
		'broken in its installation': () => panel.control.serverStatus(GLACIER, 'install_failed'),
		'on a node under maintenance': () => panel.control.nodeMaintenance(2, true),
	};
	const onNode2: Run['plan'] = {
		server_groups: [
			{ name: 'frost', match: 'name', pattern: 'Frost Path*, Fire Path - Cinder' },
			{ name: 'ember', match: 'name', pattern: EMBER },
		],
	};

	it.each(Object.keys(close) as Array<keyof typeof close>)(
		'(%s) is reported as blocked, and the rest goes on',
		async (how) => {
			close[how]();
			const result = await provisionOne(panel, { ...ADA, grants: 'knight' }, { plan: onNode2 });
			const closed = how === 'on a node under maintenance' ? CINDER : GLACIER;
			expect(result.outcome).toBe('blocked');
			expect(result.blocked.map(({ server }) => server)).toEqual([closed]);
			expect(result.blocked[0]?.why).not.toBe('');
			expect(has()).toEqual(knightOn([...FROST, CINDER].filter((name) => name !== closed)));
		},
	);

	it.each(['suspended', 'installing'] as const)(
		'(%s) is known from the list: a dry run tells it, and nothing is tried there',
		async (how) => {
			close[how]();
			const item = { ...ADA, grants: 'knight' };
			const dry = await provisionOne(panel, item, { options: { dryRun: true } });
			expect(dry.blocked.map(({ server }) => server)).toEqual([GLACIER]);
			await provisionOne(panel, item);
			const { uuid } = panel.control.server(GLACIER);
			expect(writesTo(panel).filter((call) => call.includes(uuid))).toEqual([]);
		},
	);

	it.each(Object.keys(close) as Array<keyof typeof close>)(
		'(%s) keeps recorded what we gave there, so that it can be taken once it is open',
		async (how) => {
			const first = await provisionOne(panel, { ...ADA, grants: 'knight' }, { plan: onNode2 });
			close[how]();
			// The key, and with it the whole tier, has gone out of the plan since.
			const tiers = [{ tier: 'awakened', serverGroups: ['frost'], permissions: [C] }];
			const second = await provisionOne(
				panel,
				{ ...ADA, grants: '' },
				{
					plan: { ...onNode2, tiers },
					options: { grantedBefore: JSON.stringify(first.granted) },
				},
			);
			expect(second.blocked).toHaveLength(1);
			const id = second.blocked[0]?.server_id ?? '';
			expect(second.granted[id]).toContain('activity.read');
		},
	);
});

describe('What a failed run records as granted', () => {
	it('still holds what could not be taken', async () => {
		const first = await buys('knight');
		panel.control.fault({ kind: 'status', status: 403, method: 'DELETE' });
		const tiers = [{ tier: 'awakened', serverGroups: ['frost'], permissions: [C] }];
		const result = await failing(
			panel,
			{ ...ADA, grants: '' },
			{ plan: { tiers }, options: { grantedBefore: JSON.stringify(first.granted) } },
		);
		expect(result.error).toBeTruthy();
		for (const name of FROST) {
			const id = panel.control.server(name).uuid;
			expect(result.granted[id]).toContain('activity.read');
		}
	});
});

describe('Nothing is ever done to', () => {
	const untouched = async (run: () => Promise<unknown>) => {
		const before = JSON.stringify([panel.state.users, panel.state.subusers]);
		panel.control.clearCalls();
		await run();
		expect(writesTo(panel)).toEqual([]);
		expect(JSON.stringify([panel.state.users, panel.state.subusers])).toBe(before);
	};
	const operations = ['sync', 'suspend', 'remove'] as const;

	it.each(operations)('an administrator (%s)', async (operation) => {
		panel.control.addUser({
			...ADA,
			id: 900,
			username: 'ada',
			rootAdmin: true,
			externalId: 'paymenter-77',
		});
		panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions: [C], times: 2 });
		await untouched(() => provisionOne(panel, { ...ADA, grants: 'elder' }, { operation }));
	});

	it.each(operations)('an administrator who is found by the address (%s)', async (operation) => {
		const admin = { id: 78, email: 'ADMIN@example.test', grants: 'elder' };
		await untouched(() => provisionOne(panel, admin, { operation }));
	});

	it.each(
		operations.flatMap((operation) =>
			['Ada@Example.com', 'bob, ADA'].map((left_alone) => [operation, left_alone] as const),
		),
	)('an account left alone (%s, %j)', async (operation, left_alone) => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		panel.control.addSubuser({
			server: GLACIER,
			user: ADA.email,
			permissions: [C, 'activity.read'],
		});
		await untouched(() =>
			provisionOne(panel, { ...ADA, grants: 'elder' }, { operation, plan: { left_alone } }),
		);
	});

	it('an account that became an administrator between look and grant', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		const before = panel.state.subusers.length;
		await failing(
			panel,
			{ ...ADA, grants: 'knight' },
			{
				beforeCall: ({ url }) => {
					if (url.includes('application/servers'))
						panel.control.changeUser(ADA.email, { rootAdmin: true });
				},
			},
		);
		expect(writesTo(panel)).toEqual([]);
		expect(panel.state.subusers).toHaveLength(before);
	});

	it('a server’s owner on that server, while the others go on', async () => {
		const { id } = panel.control.addUser({
			email: ADA.email,
			username: 'ada',
			externalId: 'paymenter-77',
		});
		panel.control.server(GLACIER).ownerId = id;
		await buys('knight');
		expect(has()).toEqual(knightOn([SNOWFALL, AURORA]));
		await provisionOne(panel, ADA, { operation: 'suspend' });
		const { uuid } = panel.control.server(GLACIER);
		expect(writesTo(panel).filter((call) => call.includes(uuid))).toEqual([]);
	});

	it('servers that no group has', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		panel.control.addSubuser({
			server: 'Hub',
			user: ADA.email,
			permissions: [C, 'activity.read'],
			times: 2,
		});
		await buys('knight');
		await provisionOne(panel, ADA, { operation: 'suspend' });
		expect(has()).toEqual({
			Hub: [
				['activity.read', C],
				['activity.read', C],
			],
		});
	});
});
