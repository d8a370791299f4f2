import type { Run } from './support/node.cjs';
import { failing, provision, provisionOne } from './support/node.cjs';
import { AURORA, GLACIER, SNOWFALL, accessOf, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const FROST = [SNOWFALL, GLACIER, AURORA].sort();
const serversOf = (user: number | string) => Object.keys(accessOf(panel, user)).sort();
const addUser = (username: string, email: string, externalId: string | null = null) =>
	panel.control.addUser({ username, email, externalId });
const emailOf = (user: number) => panel.control.user(user).email;
/** What Sync Many knows of a customer from the log and their row. */
const FROM_ITEM: Run['request'] = ({ taken, account, held }, { person }) => ({
	person: {
		...person,
		takenEmails: taken ? [String(taken)] : [],
		accountId: account ? Number(account) : null,
	},
	heldBecause: String(held ?? ''),
});

describe('An account with the customer’s mark and an address that was never theirs', () => {
	const NEWCOMER = { id: 1, email: 'new.person@example.org', name: 'New', grants: 'knight' };
	const stranger = () => addUser('old', 'old.customer@example.com', 'paymenter-1');

	it.each<[string, boolean, Run['operation']]>([
		['a purchase', false, 'sync'],
		['a purchase of somebody who is new', true, 'sync'],
		['a cancellation', false, 'remove'],
		['a suspension', false, 'suspend'],
		['a look', false, 'get'],
	])('is left alone by %s: the error names both addresses', async (_, isNew, operation) => {
		const { id } = stranger();
		const result = await failing(panel, NEWCOMER, { operation, request: () => ({ isNew }) });
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
		const bought = await provisionOne(panel, known, { request: FROM_ITEM });
		expect(bought.summary).toMatch(
			/changed the address .* on the panel to old\.customer@example\.com/,
		);
		expect(emailOf(id)).toBe(NEWCOMER.email);
		expect(serversOf(id)).toEqual(FROST);
		panel.control.user(id).email = 'elsewhere@example.com';
		const gone = { ...known, grants: '' };
		const ended = await provisionOne(panel, gone, { request: FROM_ITEM });
		expect(ended.summary).toMatch(/elsewhere@example\.com/);
		expect(serversOf(id)).toEqual([]);
	});

	it('is held, or left alone, without an error', async () => {
		const { id } = stranger();
		for (const run of [
			{ request: () => ({ heldBecause: 'held by Olivia' }) },
			{ plan: { left_alone: 'old' } },
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
		expect((await failing(panel, item, { request: FROM_ITEM })).error).toMatch(/never the address/);
	});
});

const sync = async (items: object[], more: object = {}) =>
	await provision(panel, {
		items: items.map((item) => ({ ...item })),
		request: FROM_ITEM,
		options: { ...more },
		continueOnFail: true,
	});

describe('Customers who exchange addresses', () => {
	const both = [
		{ id: 1, email: 'b@example.com', earlier: 'a@example.com', taken: 'a@example.com' },
		{ id: 2, email: 'a@example.com', earlier: 'b@example.com', taken: 'b@example.com' },
	].map((one) => ({ ...one, grants: 'knight' }));

	it('keep their access, and both are told what to do; the next run does the rest', async () => {
		const one = addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const refused = await sync(both);
		expect(refused.map(({ error }) => error)).toEqual([
			expect.stringMatching(/"one" cannot get .*b@example\.com.*"two" \(.*customer 2’s\) has it/),
			expect.stringMatching(/"two" cannot get .*a@example\.com.*"one" \(.*customer 1’s\) has it/),
		]);
		for (const { advice } of refused) {
			expect(advice).toMatch(
				/give one of the two accounts another address on the panel .*next run/,
			);
		}
		expect([one, two].map(({ id }) => serversOf(id))).toEqual([FROST, FROST]);

		panel.control.user(two.id).email = 'spare@example.com';
		const items = both.map((item, index) => ({ ...item, account: [one.id, two.id][index] }));
		expect((await sync(items)).map(({ error }) => error)).toEqual([undefined, undefined]);
		expect([emailOf(one.id), emailOf(two.id)]).toEqual(['b@example.com', 'a@example.com']);
		expect((await sync(items)).map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged']);
	});

	it.each([
		['has no access any more', { grants: '' }],
		['is held as it is', { held: 'held' }],
	])('are not moved by the other one where one %s', async (_, more) => {
		const one = addUser('one', 'a@example.com', 'paymenter-1');
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const items = [both[0] ?? {}, { ...both[1], ...more }];
		const [first] = await sync(items);
		expect(first?.error).toMatch(/b@example\.com.*"two".*customer 2/);
		expect([emailOf(one.id), emailOf(two.id)]).toEqual(['a@example.com', 'b@example.com']);
		expect(serversOf(one.id)).toEqual(FROST);
	});
});

describe('An address that a customer has given up', () => {
	const MOVED = {
		id: 2,
		email: 'moved@example.com',
		earlier: 'b@example.com',
		taken: 'b@example.com',
		grants: 'knight',
	};
	const NEW = { id: 3, email: 'b@example.com', name: 'New', grants: 'knight' };

	it('is free for a new customer after them in the same run', async () => {
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const results = await sync([MOVED, NEW]);
		expect(results.map(({ error }) => error)).toEqual([undefined, undefined]);
		expect(emailOf(two.id)).toBe('moved@example.com');
		expect([serversOf(two.id), serversOf('b@example.com')]).toEqual([FROST, FROST]);
	});

	it('is free in the next run for a new customer before them', async () => {
		const two = addUser('two', 'b@example.com', 'paymenter-2');
		const [refused, moved] = await sync([NEW, MOVED]);
		expect(refused?.error).toMatch(/"two" \(b@example\.com\) is customer 2's/);
		expect(moved?.outcome).toBe('changed');
		expect(emailOf(two.id)).toBe('moved@example.com');
		expect((await sync([NEW, MOVED])).map(({ outcome }) => outcome)).toEqual([
			'changed',
			'unchanged',
		]);
		expect(serversOf('b@example.com')).toEqual(FROST);
	});

	it('counts as free when it is only looked', async () => {
		addUser('two', 'b@example.com', 'paymenter-2');
		const results = await sync([MOVED, NEW], { dryRun: true });
		expect(results.map(({ outcome }) => outcome)).toEqual(['would change', 'would change']);
		expect(writesTo(panel)).toEqual([]);
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
