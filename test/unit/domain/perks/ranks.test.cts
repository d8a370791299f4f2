import { readPlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import {
	commandFor,
	complaintAfter,
	isWritten,
	problemIn,
	readRanks,
	writesFor,
	type RankRequest,
} from '../../../../domain/perks/ranks';

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
		readPlanDocument({
			server_groups: [{ name: 'all', match: 'all' }],
			tiers: [
				{ tier: 'knight', serverGroups: ['all'], permissions: ['websocket.connect'], ...more },
			],
			allow_harmful: false,
		}).plan;

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

const ADA = 'c1d60c50-70b5-4722-8057-87767557e50d';
const NOW = Date.parse('2026-05-03T10:00:00.000Z');
const SOON = NOW / 1000 + 60;
const CONTEXT = [
	{ key: 'server', value: 'survival' },
	{ key: 'world', value: 'nether' },
];
const asked = (more: Partial<RankRequest> = {}): RankRequest => ({
	uuid: ADA,
	group: 'knight',
	expires_at: null,
	take: [],
	...more,
});
const brief = (request: RankRequest) =>
	writesFor(request, CONTEXT, NOW).map(({ group, node, isTaken }) => [group, node.expiry, isTaken]);

describe('What to write for a player', () => {
	it('is the group until the access ends, in whole seconds', () => {
		expect(writesFor(asked({ expires_at: '2026-06-03T10:00:00.900Z' }), CONTEXT, NOW)).toEqual([
			{
				group: 'knight',
				node: { key: 'group.knight', value: true, context: CONTEXT, expiry: 1_780_480_800 },
				isTaken: false,
			},
		]);
	});

	it('is 2100 for what does not end, and never an end that is past', () => {
		expect(brief(asked())).toEqual([['knight', 4_102_444_800, false]]);
		expect(brief(asked({ expires_at: '2026-05-03T09:00:00.000Z' }))).toEqual([
			['knight', SOON, false],
		]);
	});

	it('is an end in a minute for what is taken, but not for the group that stays', () => {
		expect(brief(asked({ take: ['legend', 'knight'] }))).toEqual([
			['knight', 4_102_444_800, false],
			['legend', SOON, true],
		]);
		expect(brief(asked({ group: null, take: ['knight'] }))).toEqual([['knight', SOON, true]]);
		expect(brief(asked({ group: null }))).toEqual([]);
	});
});

describe('What a player has', () => {
	const [give, take] = writesFor(asked({ take: ['legend'] }), CONTEXT, NOW);
	const held = (group: string, more: object = {}) => ({
		key: `group.${group}`,
		value: true,
		context: [...CONTEXT].reverse(),
		expiry: 4_102_444_800,
		...more,
	});
	if (!give || !take) throw new Error('There must be two writes');

	it.each([
		[true, held('knight')],
		[false, held('knight', { expiry: 4_102_444_799 })],
		[false, held('knight', { expiry: null })],
		[false, held('knight', { expiry: undefined })],
		[false, held('knight', { context: CONTEXT.slice(1) })],
		[false, held('knight', { context: [] })],
		[false, held('knight', { context: [...CONTEXT, { key: 'server', value: 'creative' }] })],
		[false, held('knight', { context: [CONTEXT[0], { key: 'world', value: 'end' }] })],
		[false, held('knight', { context: [CONTEXT[0], { key: 'dimension', value: 'nether' }] })],
		[false, held('knight', { value: false })],
		[false, held('legend')],
	])('is as desired: %s, with %j', (expected, node) => {
		expect(isWritten(give, [node])).toBe(expected);
	});

	it('is as desired when what is taken ends soon, or is not ours', () => {
		expect(isWritten(take, [])).toBe(true);
		expect(isWritten(take, [held('legend', { expiry: SOON })])).toBe(true);
		expect(isWritten(take, [held('legend', { expiry: null })])).toBe(true);
		expect(isWritten(take, [held('legend')])).toBe(false);
	});

	it('is looked for among all nodes: a permanent one does not hide ours', () => {
		expect(isWritten(give, [held('knight', { expiry: null }), held('knight')])).toBe(true);
		expect(isWritten(take, [held('legend', { expiry: null }), held('legend')])).toBe(false);
	});

	it('tells an API that is too old from clocks that differ', () => {
		expect(complaintAfter(give, [held('knight')])).toBeNull();
		expect(complaintAfter(take, [held('legend')])).toContain('too old to replace it');
		expect(complaintAfter(give, [])).toContain('clocks');
	});
});

describe('A command', () => {
	const settings = readRanks({
		way: 'console',
		track: 'subscriptions',
		servers: '*',
		context: 'server=survival, world=nether',
		command: 'lpv',
	});

	it('sets or clears the track, in the context', () => {
		expect(commandFor(asked(), settings)).toBe(
			`lpv user ${ADA} parent settrack subscriptions knight server=survival world=nether`,
		);
		expect(commandFor(asked({ group: null, take: ['knight'] }), settings)).toBe(
			`lpv user ${ADA} parent cleartrack subscriptions server=survival world=nether`,
		);
	});

	it.each(['Ada', '', `${ADA}\nop Ada`, ADA.replaceAll('-', ''), ADA.toUpperCase(), ` ${ADA}`])(
		'is for a UUID only, not %j',
		(uuid) => {
			expect(problemIn(asked({ uuid }))).toContain('Invalid UUID');
		},
	);

	it.each(['knight\nop Ada', '', 'a b', 'x'.repeat(37)])('is for a group, not %j', (group) => {
		expect(problemIn(asked({ group }))).toContain('Invalid group');
		expect(problemIn(asked({ take: [group] }))).toContain('Invalid group');
		expect(problemIn(asked({ group: null, take: ['knight-2.x_'] }))).toBeNull();
	});
});
