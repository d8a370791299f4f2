import { ADA, BOB, SURVIVAL, asks, syncRanks } from './support/ranks.cjs';
import { AURORA, GLACIER, SNOWFALL, usePanel } from './support/panel.cjs';

import type { RanksForm } from '../../../../domain/perks/ranks';
import { startGame, type GameServer } from '../../../../simulators/game/server.cjs';

const panel = usePanel();
let game: GameServer;
beforeEach(async () => {
	game = await startGame();
	panel.control.game(game.url);
});
afterEach(async () => await game.close());

const DONE = { status: 'done', message: '', retry_at: null, transient: false };
const RANKS: RanksForm = {
	way: 'console',
	track: 'subscriptions',
	context: 'server=survival',
	servers: `Frost Path*`,
};
const sync = async (items: Parameters<typeof syncRanks>[1], ranks: RanksForm = {}) =>
	await syncRanks({ keys: panel, ranks: { ...RANKS, ...ranks } }, items);
const commands = () => panel.control.commands().map(({ command }) => command);
const tries = () => panel.calls().filter(({ path }) => path.endsWith('/command')).length;

describe('Rank → Sync by console commands', () => {
	it('sets the group of the track on every server that matches', async () => {
		expect(await sync([[asks(ADA, 'knight')]])).toEqual([DONE]);
		const command = `lp user ${ADA} parent settrack subscriptions knight server=survival`;
		expect(commands()).toEqual([command, command, command]);
		const named = panel.control.commands().map(({ server }) => panel.control.server(server).name);
		expect(named.sort()).toEqual([AURORA, GLACIER, SNOWFALL].sort());
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['knight']);
	});

	it('changes and takes a rank, and leaves groups of other tracks alone', async () => {
		game.control.give(ADA, 'moderator');
		await sync([[asks(ADA, 'knight')]]);
		await sync([[asks(ADA, 'legend', { take: ['knight'] })]]);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['moderator', 'legend']);
		await sync([[asks(ADA, null, { take: ['legend'] })]]);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['moderator']);
	});

	it.each(['lpb', 'lpv'] as const)('begins the command with %s on a proxy', async (command) => {
		await sync([[asks(ADA, null)]], { command, servers: 'Hub', context: '' });
		expect(commands()).toEqual([`${command} user ${ADA} parent cleartrack subscriptions`]);
	});

	it('takes before it gives, when a player has passed to another customer', async () => {
		await sync([[asks(ADA, 'knight')], [asks(ADA, null, { take: ['knight'] })]]);
		expect(game.control.groupsOf(ADA, SURVIVAL)).toEqual(['knight']);
	});

	it('lets nothing but a UUID reach a command', async () => {
		const [result] = await sync([[asks('Ada; op Ada', 'knight')]]);
		expect(result).toMatchObject({ status: 'failed', transient: false });
		expect(commands()).toEqual([]);
	});

	it('waits for a server that is offline, serves the others, and asks it once', async () => {
		panel.control.serverPower(GLACIER, 'offline');
		const results = await sync([[asks(ADA, 'knight')], [asks(BOB, 'legend')]]);
		const waiting = {
			status: 'waiting',
			message: `waiting: ${GLACIER} is offline`,
			retry_at: null,
			transient: true,
		};
		expect(results).toEqual([waiting, waiting]);
		expect(commands()).toHaveLength(4);
		expect(tries()).toBeLessThanOrEqual(4 + 2);
		panel.control.serverPower(GLACIER, 'running');
		expect(await sync([[asks(ADA, 'knight')], [asks(BOB, 'legend')]])).toEqual([DONE, DONE]);
	});

	it.each(['suspended', 'installing'] as const)('waits for a server that is %s', async (status) => {
		panel.control.serverStatus(AURORA, status);
		const [result] = await sync([[asks(ADA, 'knight')]]);
		expect(result).toMatchObject({
			status: 'waiting',
			message: `waiting: ${AURORA} is suspended or being installed`,
		});
	});

	it('fails without the right to use the console, and says so', async () => {
		const accountKey = panel.control.addKey({ kind: 'account', user: 'bob' }).token;
		panel.control.addSubuser({ server: 'hub', user: 'bob', permissions: ['websocket.connect'] });
		const keys = { ...panel, url: panel.url, applicationKey: panel.applicationKey, accountKey };
		const ranks = { ...RANKS, servers: 'Hub' };
		const [result] = await syncRanks({ keys, ranks }, [[asks(ADA, 'knight')]]);
		expect(result).toMatchObject({ status: 'failed', transient: false });
		expect(result?.message).toBe(
			'The account key’s owner may not send commands to Hub. Give them control.console there.',
		);
	});

	it('fails where no server matches', async () => {
		const [result] = await sync([[asks(ADA, 'knight')]], { servers: 'Lobby*' });
		expect(result?.message).toContain('No server on the panel matches "Lobby*"');
	});

	it('asks no longer where the panel is down', async () => {
		panel.control.fault({ kind: 'refuse' });
		const items = Array.from({ length: 12 }, () => [asks(ADA, 'knight')]);
		for (const result of await sync(items)) {
			expect(result).toMatchObject({ status: 'failed', transient: true });
		}
		expect(panel.calls().length).toBeLessThanOrEqual(4 * 3);
	});

	it('says that Wings does not answer, and tries later', async () => {
		panel.control.fault({ kind: 'status', status: 504, path: '/command' });
		const [result] = await sync([[asks(ADA, 'knight')]]);
		expect(result).toMatchObject({ status: 'failed', transient: true });
		expect(result?.message).toMatch(
			/^Frost Path - \w+: Panel said 504: [^.]+\. Wings .+ does not answer/,
		);
	});

	it('repeats a command that Wings may not have got', async () => {
		panel.control.fault({ kind: 'status', status: 504, path: '/command', times: 1 });
		expect(await sync([[asks(ADA, 'knight')]])).toEqual([DONE]);
	});

	it('serves the other servers while one hangs', async () => {
		const { uuid } = panel.control.server(AURORA);
		panel.control.fault({ kind: 'slow', ms: 1500, path: `/${uuid}/command` });
		const players = Array.from({ length: 8 }, (_, index) => ADA.replace(/.$/, String(index)));
		const run = { keys: panel, ranks: RANKS, parameters: { deadline: 1 } };
		await syncRanks(
			run,
			players.map((player) => [asks(player, 'knight')]),
		);
		const elsewhere = panel.control.commands().filter(({ server }) => server !== uuid);
		expect(elsewhere).toHaveLength(2 * players.length);
	});

	it('lets wait what the time was too short for', async () => {
		const run = { keys: panel, ranks: RANKS, parameters: { deadline: -1 } };
		const [result] = await syncRanks(run, [[asks(ADA, 'knight')]]);
		expect(result).toMatchObject({
			status: 'waiting',
			transient: true,
			retry_at: expect.any(String),
		});
		expect(panel.calls()).toEqual([]);
	});
});
