import {
	ADA,
	BOB,
	CAT,
	SURVIVAL,
	asks,
	luckPermsCredential,
	syncRanks,
	type RankRun,
} from './support/ranks.cjs';
import { usePanel } from './support/panel.cjs';

import { startGame, type GameServer } from '../../../../simulators/game/server.cjs';

const panel = usePanel();
let game: GameServer;
beforeEach(async () => {
	game = await startGame();
});
afterEach(async () => {
	const changing = game.control.calls().filter(({ method }) => !['GET', 'POST'].includes(method));
	expect(changing).toEqual([]);
	await game.close();
});

const DONE = { status: 'done', message: '', retry_at: null, transient: false };
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
const NEVER = seconds('2100-01-01T00:00:00.000Z');

const rest = (more: Partial<RankRun> = {}): RankRun => ({
	keys: panel,
	luckPerms: luckPermsCredential(game.url, game.luckPermsKey),
	ranks: { way: 'rest', context: 'server=survival' },
	...more,
});
const sync = async (...items: Parameters<typeof syncRanks>[1]) => await syncRanks(rest(), items);
const calls = () =>
	game.control.calls().map(({ method, path }) => `${method} ${path.split('?')[0]}`);
const nodesOf = (uuid: string) => game.control.ranks()[uuid] ?? [];

describe('Rank → Sync by the LuckPerms REST API', () => {
	it('gives a rank that ends with the access', async () => {
		const expires_at = inDays(30);
		expect(await sync([asks(ADA, 'knight', { expires_at })])).toEqual([DONE]);
		expect(nodesOf(ADA)).toEqual([
			{
				key: 'group.knight',
				type: 'inheritance',
				value: true,
				context: SURVIVAL,
				expiry: seconds(expires_at),
			},
		]);
	});

	it('gives what was bought once until far in the future', async () => {
		await sync([asks(ADA, 'legend')]);
		expect(nodesOf(ADA)).toMatchObject([{ key: 'group.legend', expiry: NEVER }]);
	});

	it('moves the end to later and to earlier', async () => {
		for (const days of [10, 40, 3]) {
			const expires_at = inDays(days);
			expect(await sync([asks(ADA, 'knight', { expires_at })])).toEqual([DONE]);
			expect(nodesOf(ADA)).toMatchObject([{ expiry: seconds(expires_at) }]);
		}
	});

	it('takes a rank within a minute, and never what the staff gave', async () => {
		game.control.give(ADA, 'knight', { context: SURVIVAL });
		game.control.give(ADA, 'moderator');
		await sync([asks(ADA, 'knight')]);
		expect(await sync([asks(ADA, null, { take: ['knight'] })])).toEqual([DONE]);
		game.control.advance(62_000);
		expect(nodesOf(ADA)).toMatchObject([
			{ key: 'group.knight', context: SURVIVAL },
			{ key: 'group.moderator' },
		]);
		expect(nodesOf(ADA).map(({ expiry }) => expiry)).toEqual([undefined, undefined]);
	});

	it('replaces a tier by another', async () => {
		await sync([asks(ADA, 'knight')]);
		await sync([asks(ADA, 'legend', { take: ['knight'] })]);
		game.control.advance(62_000);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['legend']);
	});

	it('takes the rank from the old player and gives it to the new one', async () => {
		await sync([asks(ADA, 'knight')]);
		await sync([asks(ADA, null, { take: ['knight'] }), asks(BOB, 'knight')]);
		game.control.advance(62_000);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual([]);
		expect(game.control.groupsOf(BOB, SURVIVAL)).toEqual(['knight']);
	});

	it('leaves the rank to the customer to whom the player has passed', async () => {
		await sync([asks(ADA, 'knight')]);
		await sync([asks(ADA, 'knight')], [asks(ADA, null, { take: ['knight'] })]);
		expect(nodesOf(ADA)).toMatchObject([{ expiry: NEVER }]);
	});

	it('makes no call where there is nothing to do, also without a credential', async () => {
		expect(await syncRanks(rest({ luckPerms: undefined }), [[], []])).toEqual([DONE, DONE]);
		expect(await syncRanks(rest({ ranks: {} }), [[asks(ADA, 'knight')]])).toEqual([DONE]);
		expect(calls()).toEqual([]);
	});

	it('lets nothing but a UUID reach a path', async () => {
		const [bad, good] = await sync([asks('../group/x', 'knight')], [asks(BOB, 'knight')]);
		expect(bad).toMatchObject({ status: 'failed', transient: false });
		expect(good).toEqual(DONE);
		expect(calls()).toEqual([`POST /user/${BOB}/nodes`]);
	});

	describe('with a REST API that is too old for replace', () => {
		beforeEach(() => game.control.knowReplace(false));

		it('still moves the end to later', async () => {
			await sync([asks(ADA, 'knight', { expires_at: inDays(3) })]);
			expect(await sync([asks(ADA, 'knight', { expires_at: inDays(33) })])).toEqual([DONE]);
		});

		it('says that it must be updated, where a rank must end earlier', async () => {
			await sync([asks(ADA, 'knight', { expires_at: inDays(30) })]);
			const [result] = await sync([asks(ADA, null, { take: ['knight'] })]);
			expect(result).toMatchObject({ status: 'failed', transient: false });
			expect(result?.message).toMatch(/too old.*Update the LuckPerms REST API/);
		});
	});

	describe('at night', () => {
		const check = (...ranks: Array<ReturnType<typeof asks>>) => ({
			ranks: JSON.parse(JSON.stringify(ranks)) as never,
			check: true,
		});

		it('searches once for each group, and writes only what differs', async () => {
			const expires_at = inDays(30);
			const knight = (uuid: string) => asks(uuid, 'knight', { expires_at });
			await sync([knight(ADA)], [knight(BOB)]);
			game.control.clearCalls();
			const results = await sync(check(knight(ADA)), check(knight(BOB)), check(knight(CAT)));
			expect(results).toEqual([DONE, DONE, DONE]);
			expect(calls().sort()).toEqual([`GET /user/search`, `POST /user/${CAT}/nodes`]);
		});

		it('mends what somebody has changed, and takes what was left', async () => {
			const expires_at = inDays(30);
			game.control.give(ADA, 'knight', { context: SURVIVAL, expiry: seconds(inDays(300)) });
			game.control.give(BOB, 'legend', { context: SURVIVAL, expiry: seconds(inDays(300)) });
			await sync(
				check(asks(ADA, 'knight', { expires_at })),
				check(asks(BOB, null, { take: ['legend'] })),
				check(asks(CAT, null, { take: ['legend'] })),
			);
			game.control.advance(62_000);
			expect(nodesOf(ADA)).toMatchObject([{ expiry: seconds(expires_at) }]);
			expect(nodesOf(BOB)).toEqual([]);
			expect(calls()).not.toContain(`POST /user/${CAT}/nodes`);
		});

		it('counts neither permanent nodes nor those of another context', async () => {
			game.control.give(ADA, 'knight', { context: SURVIVAL });
			game.control.give(ADA, 'knight', { expiry: seconds(inDays(9)) });
			game.control.give(BOB, 'knight', { context: SURVIVAL });
			await sync(check(asks(ADA, 'knight')), check(asks(BOB, null, { take: ['knight'] })));
			expect(nodesOf(ADA)).toHaveLength(3);
			expect(nodesOf(BOB)).toHaveLength(1);
		});
	});

	describe('when something fails', () => {
		const many = Array.from({ length: 12 }, (_, index) => [
			asks(`c1d60c50-70b5-4722-8057-8776755700${index + 10}`, 'knight'),
		]);

		it.each([
			['the host is down', { kind: 'refuse' }, true, /does not answer/],
			['nothing but 500 comes back', { kind: 'status', status: 500 }, true, /500.*Server error/],
			['it is limited', { kind: '429' }, true, /429/],
			[
				'the key is refused',
				{ kind: 'status', status: 401 },
				false,
				/401.*LUCKPERMS_REST_AUTH_KEYS/,
			],
			['a login page answers', { kind: 'html' }, false, /Login.*Check the LuckPerms URL/],
			['a redirect answers', { kind: 'redirect' }, false, /302.*Check the LuckPerms URL/],
		] as const)('asks no longer where %s', async (_what, fault, transient, message) => {
			game.control.fail('luckPerms', fault);
			const results = await sync(...many);
			for (const result of results) {
				expect(result).toMatchObject({ status: 'failed', transient, retry_at: null });
				expect(result.message).toMatch(message);
			}
			expect(new Set(results.map((result) => result.message)).size).toBe(1);
			expect(calls().length).toBeLessThanOrEqual(4 * 3);
		});

		it('tries again what is transient', async () => {
			game.control.fail('luckPerms', { kind: 'status', status: 502, times: 1 });
			game.control.fail('luckPerms', { kind: 'reset-after', times: 1, skip: 1 });
			expect(await sync([asks(ADA, 'knight')])).toEqual([DONE]);
			expect(nodesOf(ADA)).toHaveLength(1);
		});

		it('lets one player’s failure concern nobody else', async () => {
			await sync([asks(CAT, 'knight')]);
			game.control.faults().push({ kind: 'status', status: 500, path: ADA });
			const results = await sync(
				[asks(BOB, 'knight')],
				[asks(ADA, 'knight')],
				[asks(CAT, 'legend')],
			);
			expect(results.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
		});

		it('says when no credential is selected', async () => {
			const run = rest({ luckPerms: undefined });
			const [result] = await syncRanks(run, [[asks(ADA, 'knight')]]);
			expect(result).toMatchObject({ status: 'failed', transient: false });
			expect(result?.message).toContain('No LuckPerms credential is selected');
		});

		it('lets wait what the time was too short for', async () => {
			const run = rest({ parameters: { deadline: -1 } });
			const [result] = await syncRanks(run, [[asks(ADA, 'knight')]]);
			expect(result).toMatchObject({ status: 'waiting', transient: true });
			expect(Math.abs(Date.parse(result?.retry_at ?? '') - Date.now())).toBeLessThan(5000);
			expect(calls()).toEqual([]);
		});
	});
});
