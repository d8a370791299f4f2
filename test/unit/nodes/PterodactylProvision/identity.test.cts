import type { Run } from './support/node.cjs';
import { failing, provision, provisionOne } from './support/node.cjs';
import { AURORA, GLACIER, SNOWFALL, accessOf, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const serversOf = (user: number | string) => Object.keys(accessOf(panel, user)).sort();
const addUser = (username: string, email: string, externalId: string | null = null) =>
	panel.control.addUser({ username, email, externalId });
const emailOf = (user: number) => panel.control.user(user).email;
/** Addresses that another customer has now, and recorded accounts, come from the item too. */
const FROM_ITEM = { takenEmails: '={{ $json.taken }}', accountId: '={{ $json.account }}' };

describe('An account with the customer’s mark and an address that was never theirs', () => {
	const NEWCOMER = { id: 1, email: 'new.person@example.org', name: 'New', grants: 'knight' };
	const stranger = () => addUser('old', 'old.customer@example.com', 'paymenter-1');

	it.each<[string, object, Run['operation']]>([
		['a purchase', {}, 'sync'],
		['a purchase of somebody who is new', { isNew: true }, 'sync'],
		['a cancellation', {}, 'remove'],
		['a suspension', {}, 'suspend'],
		['a look', {}, 'get'],
	])('is left alone by %s: the error names both addresses', async (_, options, operation) => {
		const { id } = stranger();
		const result = await failing(panel, NEWCOMER, { operation, options: { ...options } });
		expect(result.error).toMatch(/old\.customer@example\.com/);
		expect(result.error).toMatch(/new\.person@example\.org/);
		expect(result.advice).toMatch(/external ID/);
		const refused = writesTo(panel).filter((call) => call !== 'POST /api/application/users');
		expect(refused).toEqual([]);
		expect(panel.control.user(id)).toMatchObject({ email: 'old.customer@example.com' });
		expect(serversOf(id)).toEqual([]);
	});

	it('is left alone among many, too', async () => {
		stranger();
		const items = [NEWCOMER, { id: 2, email: 'two@example.com', grants: 'knight' }];
		const [first, second] = await provision(panel, { items, continueOnFail: true });
		expect(first?.error).toMatch(/old\.customer@example\.com/);
		expect(second?.outcome).toBe('changed');
	});

	it('is theirs once the operator has changed its address on the panel', async () => {
		const { id } = stranger();
		panel.control.user(id).email = 'New.Person@example.org';
		await provisionOne(panel, NEWCOMER);
		expect(serversOf(id)).toEqual(FROST);
	});

	it('no longer counts once the operator has cleared its mark: the newcomer gets an own one', async () => {
		const { id } = stranger();
		panel.control.user(id).externalId = null;
		await provisionOne(panel, NEWCOMER);
		expect(serversOf(id)).toEqual([]);
		expect(serversOf(NEWCOMER.email)).toEqual(FROST);
	});

	it('is theirs if their row records it: they changed the address on the panel, which is said', async () => {
		const { id } = stranger();
		const known = { ...NEWCOMER, account: String(id) };
		const bought = await provisionOne(panel, known, { options: FROM_ITEM });
		expect(bought.summary).toMatch(
			/changed the address .* on the panel to old\.customer@example\.com/,
		);
		expect(emailOf(id)).toBe(NEWCOMER.email);
		expect(serversOf(id)).toEqual(FROST);
		panel.control.user(id).email = 'elsewhere@example.com';
		const gone = { ...known, grants: '' };
		const ended = await provisionOne(panel, gone, { options: FROM_ITEM });
		expect(ended.summary).toMatch(/elsewhere@example\.com/);
		expect(serversOf(id)).toEqual([]);
	});

	it('is held, or left alone, without an error', async () => {
		const { id } = stranger();
		for (const run of [
			{ options: { heldBecause: 'held by Olivia' } },
			{ parameters: { leftAlone: 'old' } },
		]) {
			expect(await provisionOne(panel, NEWCOMER, run)).toMatchObject({ outcome: 'skipped' });
		}
		expect(serversOf(id)).toEqual([]);
	});

	it.each(['Paymenter-1', 'páymenter-1'])(
		'is told from one that the panel’s database takes for the same (%s)',
		async (mark) => {
			const { id } = addUser('old', 'old.customer@example.com', mark);
			for (const others of [[], [{ id: 2, email: 'two@example.com', grants: '' }]]) {
				const items = [NEWCOMER, ...others];
				const [result] = await provision(panel, { items, continueOnFail: true });
				expect(result?.error).toMatch(/paymenter-1.*"old" \(old\.customer@example\.com\)/);
			}
			expect(serversOf(id)).toEqual([]);
		},
	);

	it('is not theirs if their row records another one', async () => {
		const { id } = stranger();
		const item = { ...NEWCOMER, account: String(id + 1) };
		expect((await failing(panel, item, { options: FROM_ITEM })).error).toMatch(/never the address/);
	});
});

describe('Customers who exchange addresses', () => {
	const both = (grants: [string, string] = ['knight', 'knight']) => [
		{
			id: 1,
			email: 'b@example.com',
			earlier: 'a@example.com',
			taken: 'a@example.com',
			grants: grants[0],
		},
		{
			id: 2,
			email: 'a@example.com',
			earlier: 'b@example.com',
			taken: 'b@example.com',
			grants: grants[1],
		},
	];
	const sync = async (items: object[], more: object = {}, leftAlone = '') =>
		await provision(panel, {
			items: items.map((item) => ({ ...item })),
			options: { ...FROM_ITEM, ...more },
			parameters: { leftAlone },
			continueOnFail: true,
		});

	it.each<[string, [string, string]]>([
		['both have a tier', ['knight', 'knight']],
		['the first has none any more', ['', 'knight']],
		['the second has none any more', ['knight', '']],
	])('both end with their own new one where %s', async (_, grants) => {
		const one = addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const results = await sync(both(grants));
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect([emailOf(one.id), emailOf(two.id)]).toEqual(['b@example.com', 'a@example.com']);
		expect((await sync(both(grants))).map(({ outcome }) => outcome)).toEqual([
			'unchanged',
			'unchanged',
		]);
	});

	it('also all three of a ring', async () => {
		const ring = ['a', 'b', 'c'].map((name, index) =>
			addUser(`user-${name}`, `${name}@example.com`, `paymenter-${index + 1}`),
		);
		const next = ['b', 'c', 'a'].map((name, index) => {
			const earlier = `${'abc'[index] ?? ''}@example.com`;
			return {
				id: index + 1,
				email: `${name}@example.com`,
				earlier,
				taken: earlier,
				grants: 'knight',
			};
		});
		const results = await sync(next);
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
		expect(ring.map(({ id }) => emailOf(id))).toEqual(next.map(({ email }) => email));
	});

	it.each(['knight', ''])(
		'go on where they were interrupted (with the tier "%s")',
		async (tier) => {
			const one = addUser('one', 'b@example.com', 'paymenter-1');
			const two = addUser('two', 'two@example.com', 'paymenter-2');
			panel.control.user(two.id).email = `account-${two.id}@address-change.invalid`;
			const [first, second] = both(['knight', tier]);
			const results = await sync([first ?? {}, { ...second, account: two.id }]);
			expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
			expect(results[1]?.summary).toMatch(/had a temporary address/);
			expect([emailOf(one.id), emailOf(two.id)]).toEqual(['b@example.com', 'a@example.com']);
		},
	);

	it('leave an account where it is if its new address will not be free', async () => {
		const one = addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		addUser('foreign', 'c@example.com');
		const moved = {
			id: 2,
			email: 'c@example.com',
			earlier: 'b@example.com',
			taken: 'b@example.com',
		};
		const results = await sync([both()[0] ?? {}, { ...moved, grants: 'knight' }]);
		expect(results[0]?.error).toMatch(/b@example\.com.*"two"/);
		expect(results[1]?.error).toMatch(/c@example\.com.*"foreign"/);
		expect([emailOf(one.id), emailOf(two.id)]).toEqual(['a@example.com', 'b@example.com']);
	});

	it('are moved back to an address of their own where the other one’s account cannot be made', async () => {
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		panel.control.fault({
			kind: 'status',
			status: 403,
			method: 'POST',
			path: /application\/users$/,
		});
		const results = await sync([
			{ id: 3, email: 'b@example.com', name: 'New', grants: 'knight' },
			{ id: 2, email: 'moved@example.com', earlier: 'b@example.com', grants: '' },
		]);
		panel.control.clearFaults();
		expect(results[0]?.error).toMatch(/403/);
		expect(emailOf(two.id)).toBe('moved@example.com');
	});

	it('show the same when it is only looked', async () => {
		addUser('two', 'b@example.com', 'paymenter-2');
		const items = [
			{ id: 3, email: 'b@example.com', name: 'New', grants: 'knight' },
			{ id: 2, email: 'moved@example.com', earlier: 'b@example.com', grants: '' },
		];
		const results = await sync(items, { dryRun: true });
		expect(results[0]).toMatchObject({ outcome: 'would change' });
		expect(writesTo(panel)).toEqual([]);
	});

	it('are not touched by the run of one, where the other one is only looked at', async () => {
		addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		await sync(both(), { dryRun: '={{ $json.id === 2 }}' });
		expect(emailOf(two.id)).toBe('b@example.com');
	});

	it('make room for a new customer who has the address by now', async () => {
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const items = [
			{ id: 3, email: 'b@example.com', name: 'New', grants: 'knight' },
			{ id: 2, email: 'moved@example.com', earlier: 'b@example.com', grants: '' },
		];
		const results = await sync(items);
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(emailOf(two.id)).toBe('moved@example.com');
		expect(serversOf('b@example.com')).toEqual(FROST);
	});

	it.each([
		['is held as it is', { heldBecause: '={{ $json.id === 2 ? "held" : "" }}' }, ''],
		['is to be left alone', {}, 'two'],
	])('are both told what to do where one of the accounts %s', async (_, more, leftAlone) => {
		const one = addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const [first] = await sync(both(), more, leftAlone);
		expect(first?.error).toMatch(/b@example\.com.*"two".*customer 2/);
		expect(first?.advice).toMatch(/change it on the panel/);
		expect([emailOf(one.id), emailOf(two.id)]).toEqual(['a@example.com', 'b@example.com']);
		expect(serversOf(one.id)).toEqual(FROST);
	});
});

describe('An account that keeps its address', () => {
	const moved = { email: 'new@example.com', earlier: 'old@example.com', grants: 'knight' };

	it.each([
		['because another system has marked it', 'whmcs-5', { id: 77 }],
		['because the customer has no id', null, {}],
	])('%s is said at each run', async (_, mark, who) => {
		const { id } = addUser('own', 'old@example.com', mark);
		for (let run = 0; run < 2; run++) {
			const result = await provisionOne(panel, { ...moved, ...who });
			expect(result.summary).toMatch(/"own" keeps the address old@example\.com/);
			expect(result.summary).toMatch(/new@example\.com/);
		}
		expect(emailOf(id)).toBe('old@example.com');
	});
});

describe('An address that the panel’s database takes for another one', () => {
	it('is refused in the name of the account that is in the way', async () => {
		addUser('jose', 'jose@example.com', 'paymenter-8');
		const item = { id: 9, email: 'josé@example.com', grants: 'knight' };
		const result = await failing(panel, item);
		expect(result.error).toMatch(/josé@example\.com.*"jose".*jose@example\.com.*customer 8/);
		expect(result.advice).toMatch(/accents/);
	});

	it.each([
		['strauß@example.com', 'strauss@example.com'],
		['strauss@example.com', 'strauß@example.com'],
		['œuvre@example.com', 'oeuvre@example.com'],
	])('is refused so where the panel’s filter does not find it (%s by %s)', async (email, other) => {
		addUser('other', other);
		const result = await failing(panel, { id: 9, email, grants: 'knight' });
		expect(result.error).toContain(`the account "other" (${other}) has that address`);
	});

	it('is refused so where an account was to follow to it, and access is right all the same', async () => {
		addUser('jose', 'jose@example.com');
		const own = addUser('own', 'old@example.com', 'paymenter-9');
		const item = { id: 9, email: 'josé@example.com', earlier: 'old@example.com', grants: 'knight' };
		const result = await failing(panel, item);
		expect(result.error).toMatch(/josé@example\.com.*"jose"/);
		expect(serversOf(own.id)).toEqual(FROST);
	});
});

describe('A name', () => {
	it.each([
		['\u3164', 'ada', '-'],
		['Ada \u200b', 'Ada', '-'],
		['\u200bAda\u2060 \ufeffLovelace\u00ad', 'Ada', 'Lovelace'],
		['Ada \u3164 Lovelace', 'Ada', 'Lovelace'],
		['\u2800\u180e', 'ada', '-'],
		[`${'x'.repeat(190)}\u3164y`, 'x'.repeat(190), '-'],
	])(
		'without visible characters counts as missing, in each part (%j)',
		async (name, first, last) => {
			const item = { id: 1, email: 'ada@example.com', name, grants: 'knight' };
			await provisionOne(panel, item);
			expect(panel.control.user('ada@example.com')).toMatchObject({
				firstName: first,
				lastName: last,
			});
		},
	);

	it('of an account that has none is filled in when its address changes', async () => {
		const { id } = addUser('own', 'old@example.com', 'paymenter-1');
		Object.assign(panel.control.user(id), { firstName: '\u3164', lastName: ' ' });
		await provisionOne(panel, {
			id: 1,
			email: 'new@example.com',
			earlier: 'old@example.com',
			grants: 'knight',
		});
		expect(panel.control.user(id)).toMatchObject({
			email: 'new@example.com',
			firstName: 'own',
			lastName: '-',
		});
	});
});

it('Guests who share an id that names nobody have an account each, without a mark', async () => {
	for (const email of ['guest.a@example.com', 'guest.b@example.com']) {
		await provisionOne(panel, { id: 0, email, grants: 'knight' });
		expect(panel.control.user(email).externalId).toBeNull();
		expect(serversOf(email)).toEqual(FROST);
	}
});

it('A guest keeps the account that an earlier version marked with an id that names nobody', async () => {
	const { id } = addUser('guest', 'guest.a@example.com', 'paymenter-0');
	await provisionOne(panel, { id: 0, email: 'guest.a@example.com', grants: 'knight' });
	expect(serversOf(id)).toEqual(FROST);
	await provisionOne(panel, { id: 0, email: 'guest.a@example.com', grants: '' });
	expect(serversOf(id)).toEqual([]);
});

it.each(['7/8', 'a,b', '#?%2F'])('A customer with the odd id %s is found by it', async (id) => {
	const own = addUser('own', 'old@example.com', `paymenter-${id}`);
	await provisionOne(panel, {
		id,
		email: 'new@example.com',
		earlier: 'old@example.com',
		grants: 'knight',
	});
	expect(serversOf(own.id)).toEqual(FROST);
	expect(emailOf(own.id)).toBe('new@example.com');
});
