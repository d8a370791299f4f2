import { PlanError, readPlan } from '../../../../domain/access/tierPlan';
import { readRanks } from '../../../../domain/perks/ranks';

describe('Ranks in the tier plan', () => {
	it('reach nothing unless a way is chosen', () => {
		expect(readRanks()).toEqual({
			way: 'none',
			track: '',
			context: [],
			servers: '',
			command: 'lp',
			players: 'java',
			playerProperty: 'minecraft_username',
			discordProperty: 'discord_id',
		});
	});

	it('are read as entered, without spaces around them', () => {
		const read = readRanks({
			way: 'console',
			track: ' subscriptions ',
			context: 'server=survival, world = nether',
			servers: ' Proxy ',
			command: 'lpv',
			players: 'bedrock',
			player_property: ' mc ',
			discord_property: ' dc ',
		});
		expect(read).toEqual({
			way: 'console',
			track: 'subscriptions',
			context: [
				{ key: 'server', value: 'survival' },
				{ key: 'world', value: 'nether' },
			],
			servers: 'Proxy',
			command: 'lpv',
			players: 'bedrock',
			playerProperty: 'mc',
			discordProperty: 'dc',
		});
	});

	it.each([
		[{ way: 'console', servers: 'Proxy' }, '"Track" must be a name'],
		[{ way: 'console', servers: 'Proxy', track: 'a b' }, '"Track" must be a name'],
		[{ way: 'console', servers: 'Proxy', track: 'a;op' }, 'not "a;op"'],
		[{ way: 'console', servers: ' , ', track: 'a' }, '"Servers" is empty'],
		[{ way: 'rest', context: 'survival' }, '"Context" must be a name'],
		[{ way: 'rest', context: 'a=b=c' }, 'must look like server=survival'],
		[{ way: 'rest', context: 'server=a b' }, '"Context" must be a name'],
	] as const)('are refused: %j', (form, said) => {
		expect(() => readRanks(form)).toThrow(PlanError);
		expect(() => readRanks(form)).toThrow(said);
	});

	it('need neither track nor servers by REST', () => {
		expect(readRanks({ way: 'rest' })).toMatchObject({ way: 'rest', track: '', servers: '' });
	});

	const planWith = (more: object) =>
		readPlan({
			serverGroups: [{ name: 'all', match: 'all' }],
			tiers: [
				{ tier: 'knight', serverGroups: ['all'], permissions: ['websocket.connect'], ...more },
			],
			allowHarmful: false,
		});

	it('belong to a tier: LuckPerms writes groups in lower case', () => {
		const role = '1132456789012345678';
		expect(planWith({ luckPermsGroup: ' Knight ', discordRole: ` ${role} ` }).tiers).toMatchObject([
			{ luckPermsGroup: 'knight', discordRole: role },
		]);
		expect(planWith({}).tiers).toMatchObject([{ luckPermsGroup: null, discordRole: null }]);
	});

	it.each([
		[{ luckPermsGroup: 'two words' }, 'cannot be the name of a LuckPerms group'],
		[{ luckPermsGroup: 'a'.repeat(37) }, 'cannot be the name of a LuckPerms group'],
		[{ luckPermsGroup: 'knight;op' }, 'cannot be the name of a LuckPerms group'],
		[{ discordRole: 'Knight' }, 'the Discord role must be its ID'],
		[{ discordRole: '12345678901234' }, 'the Discord role must be its ID'],
	])('are refused in a tier: %j', (more, said) => {
		expect(() => planWith(more)).toThrow(said);
	});
});
