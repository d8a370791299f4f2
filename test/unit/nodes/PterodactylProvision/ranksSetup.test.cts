import type { IDataObject } from 'n8n-workflow';
import { CredentialTestContext } from 'n8n-core';
import type { ICredentialTestFunctions } from 'n8n-workflow';

import { luckPermsCredential } from './support/ranks.cjs';
import { execute, nodeType, planDocument, type Keys } from './support/node.cjs';
import { AURORA, GLACIER, SNOWFALL, usePanel } from './support/panel.cjs';

import type { RanksForm } from '../../../../domain/perks/ranks';
import type { Finding } from '../../../../nodes/PterodactylProvision/actions/setup/report';
import { startGame, type GameServer } from '../../../../simulators/game/server.cjs';

const panel = usePanel();
let game: GameServer;
beforeEach(async () => {
	game = await startGame();
});
afterEach(async () => await game.close());

const [awakened, ...tiers] = planDocument().tiers;
const withGroup = (luckPermsGroup: string) => [{ ...awakened, luckPermsGroup }, ...tiers];

/** What Setup → Check says of the ranks. */
async function check(
	ranks: RanksForm,
	{ group = 'knight', key = game.luckPermsKey, keys = panel as Keys, url = game.url } = {},
): Promise<Finding[]> {
	const tierPlan = JSON.stringify({ ...planDocument({ ranks }), tiers: withGroup(group) });
	const found = await execute(keys, {
		parameters: { resource: 'setup', operation: 'check', tierPlan },
		items: [{}] as IDataObject[],
		...(key === '' ? {} : { luckPerms: luckPermsCredential(url, key) }),
	});
	return found.map(({ json }) => json as unknown as Finding).filter((one) => one.check === 'Ranks');
}

describe('Setup → Check, of ranks', () => {
	it('says nothing where the plan has none', async () => {
		expect(await check({})).toEqual([]);
		expect(game.control.calls()).toEqual([]);
	});

	describe('by the LuckPerms REST API', () => {
		const REST: RanksForm = { way: 'rest' };

		it('is content with a key and groups that exist, and writes nothing', async () => {
			expect(await check(REST)).toMatchObject([
				{ level: 'ok', finding: expect.stringContaining('knight') },
			]);
			expect(game.control.calls().map(({ method, path }) => `${method} ${path}`)).toEqual([
				'GET /health',
				'GET /group/knight',
			]);
		});

		it('finds a group that LuckPerms does not have', async () => {
			expect(await check(REST, { group: 'nobody' })).toMatchObject([
				{ level: 'problem', finding: expect.stringContaining('no group nobody') },
			]);
		});

		it('finds that no tier has a group', async () => {
			expect(await check(REST, { group: '' })).toMatchObject([
				{ level: 'ok' },
				{ level: 'warning' },
			]);
		});

		it.each([
			['a wrong key', { key: 'wrong' }, 'Unauthorized'],
			['no credential', { key: '' }, 'No LuckPerms credential'],
			['a host that is down', { url: 'http://127.0.0.1:1' }, 'does not answer'],
			['a URL with a path', { url: 'http://127.0.0.1:1/docs/swagger-ui' }, 'enter only'],
		])('finds %s', async (_what, change, words) => {
			expect(await check(REST, change)).toMatchObject([
				{ level: 'problem', finding: expect.stringContaining(words) },
			]);
		});
	});

	describe('by the console', () => {
		const CONSOLE: RanksForm = { way: 'console', track: 'subscriptions', servers: 'Frost Path*' };

		it('names the servers, and asks to look at the track', async () => {
			const [servers, track, ...more] = await check(CONSOLE);
			expect(servers).toMatchObject({ level: 'ok' });
			for (const name of [SNOWFALL, GLACIER, AURORA]) expect(servers?.finding).toContain(name);
			expect(track).toMatchObject({
				level: 'note',
				what_to_do: expect.stringMatching(/lp track subscriptions info.*knight.*two groups/),
			});
			expect(more).toEqual([]);
		});

		it('finds that no server matches, or one pattern matches none', async () => {
			expect(await check({ ...CONSOLE, servers: 'Lobby*' })).toMatchObject([
				{ level: 'problem', finding: expect.stringContaining('No server matches "Lobby*"') },
				{ level: 'note' },
			]);
			expect(await check({ ...CONSOLE, servers: 'Hub, Lobby*' })).toMatchObject([
				{ level: 'ok' },
				{ level: 'warning', finding: expect.stringContaining('"Lobby*"') },
				{ level: 'note' },
			]);
		});

		it('finds that the account may not send commands', async () => {
			const accountKey = panel.control.addKey({ kind: 'account', user: 'bob' }).token;
			panel.control.addSubuser({ server: 'hub', user: 'bob', permissions: ['websocket.connect'] });
			panel.control.addSubuser({ server: AURORA, user: 'bob', permissions: ['control.console'] });
			const { url, applicationKey } = panel;
			const keys = { url, applicationKey, accountKey };
			const servers = `Hub, ${AURORA}, ${GLACIER}`;
			expect(await check({ ...CONSOLE, servers }, { keys })).toMatchObject([
				{
					level: 'problem',
					finding: expect.stringMatching(
						/to (Frost Path - Glacier, Hub|Hub, Frost Path - Glacier)\./,
					),
				},
				{ level: 'note' },
			]);
		});
	});
});

describe('The test of the LuckPerms credential', () => {
	const tested = async (data: { url: string; apiKey: string }) =>
		await nodeType.methods.credentialTest.luckPermsKeyTest.call(
			new CredentialTestContext() as ICredentialTestFunctions,
			{ id: '1', name: 'LuckPerms', type: 'luckPermsApi', data },
		);

	it('is good with the key', async () => {
		const apiKey = ` ${game.luckPermsKey} `;
		expect(await tested({ url: `${game.url}/`, apiKey })).toMatchObject({ status: 'OK' });
	});

	it.each([
		['a wrong key', () => ({ url: game.url, apiKey: 'wrong' }), /401.*LUCKPERMS_REST_AUTH_KEYS/],
		['no address', () => ({ url: 'luckperms', apiKey: 'x' }), /^LuckPerms URL: .*http/],
		['a host that is down', () => ({ url: 'http://127.0.0.1:1', apiKey: 'x' }), /refused/],
	])('says what is wrong: %s', async (_what, data, words) => {
		expect(await tested(data())).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(words),
		});
	});
});
