/** Ranks and Discord roles on a real n8n: what goes wrong beside the panel never delays access to it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';

import {
	groupOf,
	join as joins,
	playerOf,
	PLAYER,
	roleOf,
	type Way,
} from '../../tools/lifecycle/game.cjs';
import { setUp, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import {
	customersOf,
	purchase,
	type Customer,
	type TierName,
} from '../../tools/lifecycle/story.cjs';
import {
	applyDue,
	atRest,
	eventually,
	expectAccess as expectThat,
	openDiscord,
	openInbox,
	rowOf,
	sendAlerts,
	simulatorOf,
} from './support.cjs';

jest.setTimeout(600_000);

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Longer than the longest pause before the next try. */
const RETRY_MS = 11 * MINUTE_MS;

let stage: Stage;
let alerts: string[];
let customers: Map<string, Customer>;
/** What marks a group that does not end: by REST, only the staff gives such. */
let byStaff = '';

/** An n8n for the tests of this block. */
function useStage(way: Way): void {
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-ranks-'));
	let close: Array<() => unknown> = [];

	beforeAll(async () => {
		const discord = await openDiscord();
		close = [discord.close];
		alerts = discord.alerts;
		customers = new Map();
		byStaff = way === 'rest' ? ' (by the staff)' : '';
		stage = await setUp(folder, () => undefined, {
			ranks: way,
			rateLimits: false,
			alertsTo: discord.url,
		});
		close.push(stage.close);
		await sendAlerts(stage);
	});

	afterAll(async () => {
		for (const one of close) await one();
		rmSync(folder, { recursive: true, force: true });
	});
}

const shop = () => stage.paymenter.shop;
const game = () => stage.game!.control;
function who(name: string): Customer {
	const known = customers.get(name) ?? customersOf('ranks', [name]).get(name);
	customers.set(name, known as Customer);
	return known as Customer;
}
const uuidOf = (name: string) => playerOf(who(name)).uuid;
const playerCalled = (name: string) => playerOf(who(name)).player;
const service = (name: string) => who(name).services.get('it') ?? NaN;
const perks = async (name: string) =>
	(await (await stage.editor()).rows('paymenter_perks')).find(
		({ customer_email }) => customer_email === who(name).email,
	);

/** The groups of a player, but for those that end within a minute or so: they were taken. */
const groups = (uuid: string): string[] =>
	(game().ranks()[uuid] ?? [])
		.filter(({ expiry = Infinity }) => expiry * 1000 > game().now() + 65_000)
		.map(({ key, expiry }) => `${key.slice('group.'.length)}${expiry ? '' : byStaff}`)
		.sort();
const roles = (name: string) => game().rolesOf(playerOf(who(name)).discordId);

/** The groups and roles of customers. */
const given = (...names: string[]) =>
	Object.fromEntries(names.map((name) => [name, [groups(uuidOf(name)), roles(name)]]));

const promisedTo = (tiers: Record<string, TierName | null>) =>
	Object.fromEntries(
		Object.entries(tiers).map(([name, tier]) => [
			name,
			tier ? [[groupOf(tier)], [roleOf(tier)]] : [[], []],
		]),
	);

async function expectSoon<T>(look: () => T, expected: T): Promise<void> {
	const isSo = (seen: T) => isDeepStrictEqual(seen, expected);
	expect(await eventually(async () => look(), isSo)).toEqual(expected);
}

const expectGiven = async (tiers: Record<string, TierName | null>) =>
	await expectSoon(() => given(...Object.keys(tiers)), promisedTo(tiers));

const expectGroups = async (uuid: string, ...expected: string[]) =>
	await expectSoon(() => groups(uuid), expected);

/** They are done, by one run. */
async function expectDone(...names: string[]): Promise<void> {
	const rows = await Promise.all(names.map(perks));
	for (const row of rows) {
		expect(row).toMatchObject({ result: 'done', failures: 0, retry_at: null });
	}
	expect(new Set(rows.map((row) => row?.execution_url)).size).toBe(1);
}

async function expectResult(name: string, said: RegExp): Promise<void> {
	const seen = await eventually(
		() => perks(name),
		(row) => said.test(String(row?.result)),
	);
	expect(seen?.result).toMatch(said);
}

const expectAccess = async (name: string, tier: TierName | null) =>
	await expectThat(stage, who(name).email, tier);

/** Customers buy, all at once, and have their access. */
async function buy(tiers: Record<string, TierName>, { isMember = true } = {}): Promise<void> {
	for (const [name, tier] of Object.entries(tiers)) {
		if (isMember) joins(stage.game!, who(name));
		const product = tier === 'awakened' || tier === 'sovereign' ? tier : `fire-${tier}`;
		purchase(who(name), 'it', product, tier).act?.(shop());
	}
	await expectAll(tiers);
}

async function expectAll(tiers: Record<string, TierName | null>): Promise<void> {
	await stage.paymenter.control.settled();
	for (const [name, tier] of Object.entries(tiers)) await expectAccess(name, tier);
}

/** Does at once what the next minute would do, until nothing runs. */
async function nextMinute(): Promise<void> {
	await atRest(stage);
	await applyDue(stage);
	await atRest(stage);
}

async function later(ms: number): Promise<void> {
	await stage.n8n.later(ms);
	await nextMinute();
}

async function checkSetup(): Promise<string> {
	const editor = await stage.editor();
	const { id } = await editor.run('paymenterSetup', 'Check Setup');
	return JSON.stringify((await editor.api.get(`/executions/${id}`)).data);
}

const upgradeToLegend = (name: string) => {
	shop().upgrade(service(name), 'fire-legend');
	shop().payUpgrade(service(name));
};

describe('Ranks by the REST API of LuckPerms', () => {
	useStage('rest');
	let wiki: Awaited<ReturnType<typeof openInbox>>;
	const toldToWiki: Array<{ id: string; customer_email: string }> = [];
	const unwanted = new Set<string>();

	beforeAll(async () => {
		wiki = await openInbox<(typeof toldToWiki)[number]>((change) => {
			toldToWiki.push(change);
			return unwanted.has(change.customer_email) ? 500 : 200;
		});
	});

	afterAll(() => wiki?.close());

	it('follow a player’s name, a payment and a cancellation, and leave what the staff gave', async () => {
		const [before, after] = [uuidOf('Nora'), uuidOf('Nora2')];
		joins(stage.game!, who('Nora2'));
		for (const uuid of [before, after]) game().give(uuid, 'moderator');
		const staffs = `${groupOf('knight')}${byStaff}`;
		const moderator = `moderator${byStaff}`;
		game().give(before, groupOf('knight'));

		await buy({ Nora: 'knight' });
		await expectGroups(before, moderator, groupOf('knight'), staffs);
		shop().setProperty(who('Nora').email, PLAYER, playerCalled('Nora2'));
		await expectGroups(after, moderator, groupOf('knight'));
		await expectGroups(before, moderator, staffs);
		expect(roles('Nora')).toEqual([roleOf('knight')]);

		const ends = async () =>
			game()
				.ranks()
				[after]?.find(({ key }) => key === `group.${groupOf('knight')}`)?.expiry;
		const end = Number(await ends());
		shop().pay(service('Nora'));
		const moved = Number(await eventually(ends, (expiry) => Number(expiry) > end));
		expect((moved - end) * 1000).toBeGreaterThan(27 * DAY_MS);
		const row = await rowOf(stage, who('Nora').email);
		expect(moved * 1000).toBe(Date.parse(String(row?.access_until)));
		await expectGroups(after, moderator, groupOf('knight'));

		shop().cancelNow(service('Nora'));
		await expectGroups(after, moderator);
		await expectGroups(before, moderator, staffs);
		expect(roles('Nora')).toEqual([]);
	});

	it('are found in order by Check Setup', async () => {
		const found = await checkSetup();
		expect(found).toContain('LuckPerms accepts the key and has the groups');
		expect(found).not.toMatch(/\d+ problem/);
	});

	it('are one customer’s where two name a player, and the next one’s when they leave', async () => {
		await buy({ Otto: 'knight' });
		await expectGiven({ Otto: 'knight' });
		await buy({ Pia: 'legend' });
		shop().setProperty(who('Pia').email, PLAYER, playerCalled('Otto'));
		await expectResult('Pia', /^The player Otto_\w+ belongs to customer:\d+ already\.$/);
		await expectGroups(uuidOf('Pia'));
		await expectGiven({ Otto: 'knight' });
		shop().cancelNow(service('Otto'));
		await expectGroups(uuidOf('Otto'), groupOf('legend'));
		await expectResult('Pia', /^done$/);
	});

	it('of a player whom nobody knows are none, and Mojang is not asked again and again', async () => {
		const asked = () =>
			game()
				.calls()
				.filter(({ path }) => path.endsWith('/Nobody_Here')).length;
		await buy({ Quinn: 'knight' });
		shop().setProperty(who('Quinn').email, PLAYER, 'Nobody_Here');
		await expectResult('Quinn', /^There is no player named Nobody_Here\.$/);
		expect(groups(uuidOf('Quinn'))).toEqual([]);
		expect(roles('Quinn')).toEqual([roleOf('knight')]);
		expect(asked()).toBe(1);
		await nextMinute();
		await nextMinute();
		expect(asked()).toBe(1);
	});

	it('wait while LuckPerms, Discord and Mojang fail for a day; access does not', async () => {
		await buy({ Rita: 'knight', Sam: 'knight', Tom: 'knight', Uma: 'knight' });
		joins(stage.game!, who('Uma2'));
		await expectGiven({ Rita: 'knight', Sam: 'knight', Tom: 'knight', Uma: 'knight' });
		await nextMinute();

		alerts.length = 0;
		game().fail('luckPerms', { kind: 'status', status: 503 });
		game().fail('discord', { kind: 'status', status: 500 });
		game().fail('mojang', { kind: '429' });
		shop().setProperty(who('Uma').email, PLAYER, playerCalled('Uma2'));
		shop().pay(service('Rita'));
		shop().cancelNow(service('Sam'));
		upgradeToLegend('Tom');
		await buy({ Vic: 'knight' });
		await expectAll({ Rita: 'knight', Sam: null, Tom: 'legend', Uma: 'knight' });
		await nextMinute();
		await expectResult('Uma', /could not be looked up: Mojang did not tell .* its limit/);
		await expectResult('Tom', /LuckPerms said 503.*500/);
		expect(given('Rita', 'Sam', 'Tom', 'Uma', 'Vic')).toEqual(
			promisedTo({ Rita: 'knight', Sam: 'knight', Tom: 'knight', Uma: 'knight', Vic: null }),
		);

		await later(DAY_MS);
		expect(alerts.filter((alert) => alert.includes('LuckPerms said 503'))).toHaveLength(1);
		expect(await rowOf(stage, who('Tom').email)).toMatchObject({ last_error: '', failures: 0 });
		shop().cancelNow(service('Vic'));
		await expectAll({ Vic: null });
		await nextMinute();

		game().clearFaults();
		await later(RETRY_MS);
		expect(given('Rita', 'Sam', 'Tom', 'Uma', 'Vic')).toEqual({
			...promisedTo({ Rita: 'knight', Sam: null, Tom: 'legend', Vic: null }),
			Uma: [[], [roleOf('knight')]],
		});
		expect(groups(uuidOf('Uma2'))).toEqual([groupOf('knight')]);
		await expectDone('Rita', 'Sam', 'Tom', 'Uma', 'Vic');
	});

	it('end with a refund or a chargeback, until a later payment', async () => {
		await buy({ Wim: 'knight', Xia: 'master' });
		await expectGiven({ Wim: 'knight', Xia: 'master' });
		shop().refund(service('Wim'));
		shop().dispute(service('Xia'));
		await expectAll({ Wim: null, Xia: null });
		await expectGiven({ Wim: null, Xia: null });
		const why = async (name: string) => (await rowOf(stage, who(name).email))?.why;
		expect(await why('Wim')).toContain('refunded');
		expect(await why('Xia')).toContain('disputed (chargeback)');

		for (const name of ['Wim', 'Xia']) shop().downgrade(service(name), 'fire-elemental');
		await stage.paymenter.control.settled();
		expect((await (await stage.editor()).run('paymenterReconcile', 'Every Night')).status).toBe(
			'success',
		);
		await nextMinute();
		await expectAll({ Wim: null, Xia: null });
		expect(given('Wim', 'Xia')).toEqual(promisedTo({ Wim: null, Xia: null }));

		for (const name of ['Wim', 'Xia']) shop().pay(service(name));
		await expectAll({ Wim: 'elemental', Xia: 'elemental' });
		await expectGiven({ Wim: 'elemental', Xia: 'elemental' });
	});

	it('do not wait for Discord or the owner’s own step, whose trouble is told and mended', async () => {
		const step = 'Tell the Wiki';
		await (
			await stage.editor()
		).edit('paymenterAccessChanged', (nodes, connections) => {
			nodes.push({
				id: 'a1b2c3d4-0000-4000-8000-000000000001',
				name: step,
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [1680, -120],
				onError: 'continueRegularOutput',
				parameters: {
					method: 'POST',
					url: wiki.url,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify($json) }}',
				},
			});
			connections['Plan Changes']?.main[0]?.push({ node: step, type: 'main', index: 0 });
			for (const { name, parameters } of nodes) {
				if (name !== 'Record Results') continue;
				parameters.ownSteps = `={{ $('${step}').isExecuted && $('${step}').all() }}`;
			}
		});
		unwanted.add(who('Zoe').email);
		game().moveRole(roleOf('master'), true);
		alerts.length = 0;

		await buy({ Zoe: 'knight', Abe: 'elemental', Bea: 'master' });
		await buy({ Cid: 'knight' }, { isMember: false });
		game().addPlayer('java', playerCalled('Cid'), uuidOf('Cid').replaceAll('-', ''));
		shop().setProperty(who('Cid').email, PLAYER, uuidOf('Cid'));
		await expectResult('Cid', /^\d+ is not a member of the Discord server\.$/);
		await expectResult('Bea', /Discord does not let the bot give the role/);
		await expectResult('Zoe', /500/);
		await expectResult('Abe', /^done$/);
		expect(given('Zoe', 'Abe', 'Bea', 'Cid')).toEqual({
			...promisedTo({ Zoe: 'knight', Abe: 'elemental' }),
			Bea: [[groupOf('master')], []],
			Cid: [[groupOf('knight')], []],
		});
		expect(alerts).toEqual([expect.stringContaining(roleOf('master'))]);

		game().moveRole(roleOf('master'), false);
		joins(stage.game!, who('Cid'));
		await later(DAY_MS);
		expect(given('Bea', 'Cid')).toEqual(promisedTo({ Bea: 'master', Cid: 'knight' }));
		expect(alerts.filter((alert) => alert.includes('own step'))).toHaveLength(1);
		unwanted.clear();
		await later(RETRY_MS);
		await expectDone('Zoe');
		const idsOf = (name: string) =>
			toldToWiki.flatMap((told) => (told.customer_email === who(name).email ? [told.id] : []));
		expect(idsOf('Abe')).toHaveLength(1);
		expect(idsOf('Zoe').length).toBeGreaterThan(2);
		expect(new Set(idsOf('Zoe')).size).toBe(1);
	});

	it('came about by reading and by POST alone', () => {
		const methods = game()
			.calls()
			.filter(({ path }) => /^\/(user|group|track|health)/.test(path))
			.map(({ method }) => method);
		expect([...new Set(methods)].sort()).toEqual(['GET', 'POST']);
	});
});

describe('Ranks by commands on the servers’ consoles', () => {
	useStage('console');
	const power = (state: 'running' | 'offline') => {
		const { state: seen, control } = simulatorOf(stage);
		for (const { name } of seen.servers) {
			if (name.startsWith('Frost Path')) control.serverPower(name, state);
		}
	};

	it('wait while the servers are offline for a day; access does not', async () => {
		game().give(uuidOf('Dora'), 'moderator');
		await buy({ Dora: 'knight', Ed: 'knight', Fay: 'knight' });
		joins(stage.game!, who('Fay2'));
		await expectGiven({ Ed: 'knight', Fay: 'knight' });
		await expectGroups(uuidOf('Dora'), 'moderator', groupOf('knight'));
		expect(await checkSetup()).not.toMatch(/\d+ problem/);
		await nextMinute();

		power('offline');
		alerts.length = 0;
		shop().cancelNow(service('Dora'));
		upgradeToLegend('Ed');
		shop().setProperty(who('Fay').email, PLAYER, playerCalled('Fay2'));
		await buy({ Gil: 'knight' });
		await expectAll({ Dora: null, Ed: 'legend', Fay: 'knight' });
		for (const name of ['Dora', 'Ed', 'Fay', 'Gil']) {
			await expectResult(name, /^waiting: Frost Path - \w+ is offline$/);
		}
		await later(DAY_MS);
		expect(alerts.filter((alert) => alert.includes('is offline'))).toHaveLength(1);
		expect(groups(uuidOf('Ed'))).toEqual([groupOf('knight')]);

		power('running');
		await later(RETRY_MS);
		expect(given('Ed', 'Fay', 'Fay2', 'Gil')).toEqual({
			...promisedTo({ Ed: 'legend', Gil: 'knight' }),
			Fay: [[], [roleOf('knight')]],
			Fay2: [[groupOf('knight')], []],
		});
		expect(groups(uuidOf('Dora'))).toEqual(['moderator']);
		await expectDone('Dora', 'Ed', 'Fay', 'Gil');
	});

	it('come about by UUIDs alone: no command carries what a customer typed', async () => {
		shop().setProperty(who('Gil').email, PLAYER, 'Gil\nop Gil; lp user Gil parent set moderator');
		await expectResult('Gil', /There is no player named/);
		await expectGroups(uuidOf('Gil'));
		const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
		const action = '(settrack subscriptions subscriber_[a-z]+|cleartrack subscriptions)';
		const isClean = new RegExp(`^lp user ${uuid} parent ${action}$`);
		const commands = game()
			.console()
			.map(({ command }) => command);
		expect(commands.length).toBeGreaterThan(10);
		expect(commands.filter((command) => !isClean.test(command))).toEqual([]);
	});
});
