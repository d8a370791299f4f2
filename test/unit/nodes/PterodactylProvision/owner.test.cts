import { failing, provision, provisionOne, type Run } from './support/node.cjs';
import {
	AURORA,
	GLACIER,
	SNOWFALL,
	accessOf,
	inventedBy,
	usePanel,
	writesTo,
} from './support/panel.cjs';

const panel = usePanel();
const C = 'websocket.connect';
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada' };
const buys = (fields: object = {}) => provisionOne(panel, { ...ADA, grants: 'knight', ...fields });
const serversOf = (user: number | string) => Object.keys(accessOf(panel, user)).sort();
/** One customer alone is looked up; several are found in the bulk read. */
const alone = 'alone';
const ways = [alone, 'among others'] as const;
const sync = async (way: (typeof ways)[number], item: object, more: Partial<Run> = {}) => {
	const items = [
		{ grants: 'knight', ...item },
		{ id: 999, email: 'nobody@example.com', grants: '' },
	];
	const [result] = await provision(panel, {
		items: way === alone ? items.slice(0, 1) : items,
		continueOnFail: true,
		...more,
	});
	if (!result) throw new Error('no item');
	return result;
};

describe.each(ways)('Whose account it is (a customer %s)', (way) => {
	it('is told by the mark first, with the present address or an earlier one', async () => {
		const own = panel.control.addUser({
			email: 'Old@example.com',
			username: 'own',
			externalId: 'paymenter-77',
		});
		await sync(way, { ...ADA, earlier: 'old@example.com' });
		expect(serversOf(own.id)).toEqual(FROST);
		expect(panel.control.user(own.id)).toMatchObject({ email: 'ada@example.com', username: 'own' });
	});

	it('is told by the mark of the older one where a race has left two with it', async () => {
		for (const username of ['older', 'newer']) {
			const email = `${username}@example.com`;
			panel.control.addUser({ email, username, externalId: 'paymenter-77' });
		}
		await sync(way, { ...ADA, earlier: 'older@example.com, newer@example.com' });
		expect(serversOf('older')).toEqual(FROST);
		expect(serversOf('newer')).toEqual([]);
	});

	it.each(['ada@example.com', 'ADA@Example.COM'])(
		'is told by the exact address, %s, and the account is adopted',
		async (email) => {
			const found = panel.control.addUser({ email, username: 'ada' });
			const result = await sync(way, ADA);
			expect(panel.control.user(found.id)).toMatchObject({
				externalId: 'paymenter-77',
				username: 'ada',
				firstName: 'First',
			});
			expect(serversOf(found.id)).toEqual(FROST);
			expect(result.changes.map(({ what }) => what)).toContain('account adopted');
			expect(panel.state.users).toHaveLength(3);
		},
	);

	it('is never told by a similar address or mark: filters mean "contains"', async () => {
		panel.control.addUser({ email: 'xada@example.com', username: 'x1' });
		panel.control.addUser({ email: 'ada@example.com.au', username: 'x2' });
		panel.control.addUser({
			email: 'u10@example.com',
			username: 'x3',
			externalId: 'paymenter-770',
		});
		await sync(way, ADA);
		for (const username of ['x1', 'x2', 'x3']) expect(serversOf(username)).toEqual([]);
		expect(serversOf(ADA.email)).toEqual(FROST);
	});

	it('is never user10 for user1', async () => {
		panel.control.addUser({ email: 'user10@example.com', username: 'user10' });
		const right = panel.control.addUser({ email: 'user1@example.com', username: 'user1' });
		await sync(way, { id: 1, email: 'user1@example.com' });
		expect(serversOf('user10')).toEqual([]);
		expect(serversOf(right.id)).toEqual(FROST);
	});

	it('is told with + in the address, which a filter reads as a space', async () => {
		const found = panel.control.addUser({ email: 'ada+games@example.com', username: 'plus' });
		panel.control.addUser({ email: 'adagames@example.com', username: 'none' });
		await sync(way, { id: 77, email: 'ada+games@example.com' });
		expect(serversOf(found.id)).toEqual(FROST);
		expect(panel.state.users).toHaveLength(4);
	});

	it('is told with a comma in the address, which a filter reads as OR', async () => {
		panel.control.addUser({
			email: '"ada,l"@example.com',
			username: 'comma',
			externalId: 'whmcs-1',
		});
		const other = panel.control.addUser({ email: 'ada@example.com', username: 'part' });
		await sync(way, { id: 77, email: '"ada,l"@example.com' });
		expect(serversOf(other.id)).toEqual([]);
		const asked = panel.calls().map(({ path }) => decodeURIComponent(path));
		expect(asked.filter((path) => /filter\[\w+\]=([^&]*,|&|$)/.test(path))).toEqual([]);
		expect(panel.state.users).toHaveLength(4);
	});

	it('is never another customer’s: the error names both, and nothing is written', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-78' });
		const result = await sync(way, ADA);
		expect(result.error).toMatch(/\b77\b/);
		expect(result.error).toMatch(/\b78\b/);
		expect(result.advice).not.toBe('');
		expect(writesTo(panel)).toEqual([]);
	});

	it('is another system’s too: it is used, and its mark and address are left', async () => {
		const found = panel.control.addUser({
			email: 'ADA@example.com',
			username: 'ada',
			externalId: 'whmcs-5',
		});
		await sync(way, ADA);
		expect(serversOf(found.id)).toEqual(FROST);
		expect(panel.control.user(found.id)).toMatchObject({
			externalId: 'whmcs-5',
			email: 'ADA@example.com',
		});
		expect(writesTo(panel).filter((call) => call.startsWith('PATCH'))).toEqual([]);
	});

	it('is told by an earlier address too, and the account follows to the present one', async () => {
		const found = panel.control.addUser({ email: 'old@example.com', username: 'ada' });
		await sync(way, { ...ADA, earlier: 'older@example.com, OLD@example.com' });
		expect(panel.control.user(found.id)).toMatchObject({
			email: ADA.email,
			externalId: 'paymenter-77',
		});
		expect(serversOf(found.id)).toEqual(FROST);
	});

	it('is not told by an earlier address that is another customer’s by now', async () => {
		const other = panel.control.addUser({
			email: 'old@example.com',
			username: 'other',
			externalId: 'paymenter-78',
		});
		await sync(way, { ...ADA, earlier: 'old@example.com' });
		expect(serversOf(other.id)).toEqual([]);
		expect(serversOf(ADA.email)).toEqual(FROST);
	});

	it('keeps everything else of the account when the address changes', async () => {
		const found = panel.control.addUser({
			email: 'old@example.com',
			username: 'Own.name',
			externalId: 'paymenter-77',
			firstName: 'A',
			lastName: 'B',
			language: 'en',
		});
		await sync(way, { ...ADA, earlier: 'old@example.com' });
		expect(panel.control.user(found.id)).toMatchObject({
			email: ADA.email,
			firstName: 'A',
			lastName: 'B',
			externalId: 'paymenter-77',
			rootAdmin: false,
		});
	});

	it('is an error where the new address is taken, which names the account that has it; access is made right all the same', async () => {
		const own = panel.control.addUser({
			email: 'old@example.com',
			username: 'own',
			externalId: 'paymenter-77',
		});
		panel.control.addUser({ email: ADA.email, username: 'taker' });
		const moved = { ...ADA, earlier: 'old@example.com' };
		const result = await sync(way, moved);
		expect(result.error).toMatch(/customer 77/);
		expect(result.error).toMatch(/ada@example\.com/);
		expect(result.error).toMatch(/taker/);
		expect(result.advice).not.toBe('');
		expect(result.changes.map(({ what }) => what)).toEqual(Array(3).fill('access given'));
		expect(serversOf(own.id)).toEqual(FROST);
		expect(panel.control.user(own.id).email).toBe('old@example.com');
		// What is to go goes too.
		const less = await sync(way, { ...moved, grants: 'awakened' });
		expect(less.changes.map(({ what }) => what)).toEqual(Array(3).fill('access changed'));
		expect(less.error).toMatch(/taker/);
	});

	it('is an error before anything is given where the account is not marked yet', async () => {
		const own = panel.control.addUser({ email: 'old@example.com', username: 'own' });
		panel.control.fault({ kind: 'status', status: 422, method: 'PATCH', path: /users/ });
		const result = await sync(way, { ...ADA, earlier: 'old@example.com' });
		expect(result.error).toMatch(/422/);
		expect(serversOf(own.id)).toEqual([]);
	});
});

it('A former customer takes nothing from an unmarked account whose address another one uses, who is entitled', async () => {
	const found = panel.control.addUser({
		email: ADA.email,
		username: 'ada',
		externalId: 'whmcs-5',
	});
	await buys();
	expect(serversOf(found.id)).toEqual(FROST);
	const former = { email: ADA.email, grants: '' };
	const request = () => ({ liveEmails: [ADA.email.toUpperCase()] });
	const result = await provisionOne(panel, former, { request });
	expect(result).toMatchObject({ outcome: 'skipped', changes: [] });
	expect(serversOf(found.id)).toEqual(FROST);
	await provisionOne(panel, former);
	expect(serversOf(found.id)).toEqual([]);
});

it('A filter is never empty: without an address nobody is looked up by one', async () => {
	await failing(panel, { id: 77, grants: 'knight' });
	await failing(panel, { id: 77, email: ' ', earlier: ' , ', grants: 'knight' });
	expect(panel.calls().filter(({ path }) => path.includes('filter'))).toEqual([]);
});

it('Without a customer id and an address nothing is done', async () => {
	const result = await failing(panel, { grants: 'knight' });
	expect(result.error).toMatch(/customer ID.*e-mail/i);
	expect(panel.calls()).toEqual([]);
});

it('A customer without an id is found by the address, and the account is not marked', async () => {
	const found = panel.control.addUser({ email: ADA.email, username: 'ada' });
	await provisionOne(panel, { email: 'Ada@example.com', grants: 'knight' });
	expect(panel.control.user(found.id).externalId).toBeNull();
	expect(serversOf(found.id)).toEqual(FROST);
});

describe('An account that vanishes', () => {
	const vanish = () => {
		panel.state.users = panel.state.users.filter(({ email }) => email.toLowerCase() !== ADA.email);
		const ids = new Set(panel.state.users.map(({ id }) => id));
		panel.state.subusers = panel.state.subusers.filter(({ userId }) => ids.has(userId));
	};
	const before = (method: string, part: string) => {
		let isDone = false;
		return ({ method: calling = 'GET', url }: { method?: string; url: string }) => {
			if (isDone || calling !== method || !url.includes(part)) return;
			isDone = true;
			vanish();
		};
	};

	it.each(['paymenter-77', null])(
		'between look and grant is made anew (mark %s)',
		async (externalId) => {
			panel.control.addUser({ email: ADA.email, username: 'ada', externalId });
			const result = await provisionOne(
				panel,
				{ ...ADA, grants: 'knight' },
				{ beforeCall: before('GET', 'application/servers') },
			);
			expect(inventedBy(panel)).toEqual([]);
			expect(panel.control.user(ADA.email)).toMatchObject({
				externalId: 'paymenter-77',
				firstName: 'Ada',
			});
			expect(serversOf(ADA.email)).toEqual(FROST);
			expect(result.changes.map(({ what }) => what)).toContain('account created');
		},
	);

	it.each(ways)(
		'between two servers is replaced by the one that the panel makes up, with all access (%s)',
		async (way) => {
			panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
			const glacier = panel.control.server(GLACIER).uuid;
			const result = await sync(way, ADA, { beforeCall: before('POST', `${glacier}/users`) });
			expect(inventedBy(panel)).toEqual([ADA.email]);
			expect(panel.control.user(ADA.email).externalId).toBe('paymenter-77');
			expect(serversOf(ADA.email)).toEqual(FROST);
			expect(result.changes.map(({ what, server }) => server ?? what)).toEqual([
				SNOWFALL,
				'account adopted',
				SNOWFALL,
				GLACIER,
				AURORA,
			]);
		},
	);

	it('twice in one run is told, and tried again later', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		const aurora = panel.control.server(AURORA).uuid;
		const result = await failing(
			panel,
			{ ...ADA, grants: 'knight' },
			{ beforeCall: ({ url }) => url.includes(`${aurora}/users`) && vanish() },
		);
		expect(result).toMatchObject({ error: expect.stringContaining('deleted') });
		await buys();
		expect(serversOf(ADA.email)).toEqual(FROST);
		expect(panel.control.user(ADA.email).externalId).toBe('paymenter-77');
	});

	it('before a downgrade is not invented by the panel', async () => {
		await buys({ grants: 'elder' });
		await failing(panel, { ...ADA, grants: 'awakened' }, { beforeCall: before('POST', '/users/') });
		expect(inventedBy(panel)).toEqual([]);
	});

	it('before a suspension leaves nothing to do', async () => {
		await buys();
		await failing(panel, ADA, { operation: 'suspend', beforeCall: before('DELETE', '/users/') });
		expect(inventedBy(panel)).toEqual([]);
		expect(panel.state.users.map(({ email }) => email)).not.toContain(ADA.email);
	});

	it('before an upgrade of its rows is not invented by the panel', async () => {
		await buys({ grants: 'awakened' });
		await failing(panel, { ...ADA, grants: 'knight' }, { beforeCall: before('POST', '/users/') });
		expect(inventedBy(panel)).toEqual([]);
	});
});

describe('Somebody who is faster', () => {
	const once = (method: string, part: RegExp, happens: () => void) => {
		let isDone = false;
		return ({ method: calling = 'GET', url }: { method?: string; url: string }) => {
			if (isDone || calling !== method || !part.test(url)) return;
			isDone = true;
			happens();
		};
	};

	it('and makes the same customer’s account is taken for what he is: another run of ours', async () => {
		await provisionOne(
			panel,
			{ ...ADA, grants: 'knight' },
			{
				beforeCall: once('POST', /application\/users$/, () => {
					panel.control.addUser({
						email: ADA.email,
						username: 'quick',
						externalId: 'paymenter-77',
					});
				}),
			},
		);
		expect(serversOf('quick')).toEqual(FROST);
		expect(panel.state.users).toHaveLength(3);
	});

	it.each([
		[['websocket.connect', 'activity.read', 'file.read'], 0],
		[['activity.read'], 0],
		[['file.read'], 1],
	])(
		'and gives %j on a server keeps it; our write is repeated %i times',
		async (theirs, writes) => {
			await buys({ grants: 'awakened' });
			panel.state.subusers = [];
			panel.control.clearCalls();
			await provisionOne(
				panel,
				{ ...ADA, grants: 'knight' },
				{
					beforeCall: once('POST', /\/users$/, () => {
						panel.control.addSubuser({ server: SNOWFALL, user: ADA.email, permissions: theirs });
					}),
				},
			);
			const [row = []] = accessOf(panel, ADA.email)[SNOWFALL] ?? [];
			expect(row).toEqual(expect.arrayContaining([...theirs, 'activity.read']));
			expect(writesTo(panel)).toHaveLength(FROST.length + writes);
		},
	);

	it('and makes another customer’s account of that address gets nothing; the error names both', async () => {
		const result = await failing(
			panel,
			{ ...ADA, grants: 'knight' },
			{
				beforeCall: once('POST', /application\/users$/, () => {
					panel.control.addUser({
						email: ADA.email,
						username: 'quick',
						externalId: 'paymenter-78',
					});
				}),
			},
		);
		expect(serversOf('quick')).toEqual([]);
		expect(result.error).toMatch(/\b77\b/);
		expect(result.error).toMatch(/\b78\b/);
		expect(result.changes).toEqual([]);
	});

	it.each([
		['another customer’s account', { externalId: 'paymenter-78' }],
		['an administrator', { rootAdmin: true }],
		['an administrator with the customer’s mark', { rootAdmin: true, externalId: 'paymenter-77' }],
	])(
		'and makes %s of that address, while the panel answers our creation with a 500, gets nothing',
		async (_who, theirs) => {
			const creation = { method: 'POST', path: /application\/users$/ };
			panel.control.fault({ kind: 'status', status: 500, ...creation, times: 1 });
			await failing(
				panel,
				{ ...ADA, grants: 'knight' },
				{
					beforeCall: once(creation.method, creation.path, () => {
						panel.control.addUser({ email: ADA.email, username: 'quick', ...theirs });
					}),
				},
			);
			expect(serversOf('quick')).toEqual([]);
		},
	);

	it('and gives access of his own on a server keeps what he gave', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		await provisionOne(
			panel,
			{ ...ADA, grants: 'knight' },
			{
				beforeCall: once('POST', /client\/servers/, () => {
					panel.control.addSubuser({
						server: SNOWFALL,
						user: ADA.email,
						permissions: [C, 'file.read'],
					});
				}),
			},
		);
		expect(accessOf(panel, ADA.email)[SNOWFALL]).toEqual([['activity.read', 'file.read', C]]);
	});

	it('and takes a row that we change has it made again', async () => {
		await buys({ grants: 'awakened' });
		await provisionOne(
			panel,
			{ ...ADA, grants: 'knight' },
			{
				beforeCall: once('POST', /client\/servers/, () => {
					const { id } = panel.control.server(SNOWFALL);
					panel.state.subusers = panel.state.subusers.filter(({ serverId }) => serverId !== id);
				}),
			},
		);
		expect(serversOf(ADA.email)).toEqual(FROST);
	});
});
