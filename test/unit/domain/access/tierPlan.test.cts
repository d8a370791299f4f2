import type { Server } from '../../../../domain/access/panelRecords';
import {
	readPlanDocument,
	type GroupForm,
	type PlanDocument,
	type TierForm,
} from '../../../../domain/access/planDocument';
import {
	hasServers,
	isInPlan,
	PlanError,
	targetOf,
	tiersOf,
	unmatchedIn,
	type Grant,
} from '../../../../domain/access/tierPlan';

type Form = Pick<PlanDocument, 'server_groups' | 'tiers' | 'allow_harmful'>;

const readPlan = (form: Form) => readPlanDocument(form).plan;

const everywhere: GroupForm = { name: 'everywhere', match: 'all' };
const row = (tier: string, fields: Partial<TierForm> = {}): TierForm => ({
	tier,
	serverGroups: ['everywhere'],
	permissions: ['websocket.connect'],
	...fields,
});
const form = (
	tiers: TierForm[],
	groups: GroupForm[] = [everywhere],
	allowHarmful = false,
): Form => ({
	server_groups: groups,
	tiers,
	allow_harmful: allowHarmful,
});

const server = (fields: Partial<Server> = {}): Server => ({
	id: 1,
	uuid: '319f0c21-34bd-4cd2-8a12-5f8e36d96648',
	name: 'Frost Path - Snowfall',
	description: 'Survival. North.',
	user: 1,
	node: 1,
	nest: 1,
	location: 1,
	tags: [],
	status: null,
	rows: new Map(),
	...fields,
});

describe('A wrong plan is refused', () => {
	const knight = row('knight');
	const cases: Array<[string, Form, RegExp[]]> = [
		['without tiers', form([]), [/no tiers/, /add/i]],
		[
			'with a tier without a name',
			form([knight, row(' ')]),
			[/tier row 2 \(no name\): the name is missing/],
		],
		['with a tier twice', form([knight, row('KNIGHT ')]), [/tier row 2/, /"knight"/, /rename/i]],
		[
			'with a product in two tiers',
			form([row('a', { products: 'x, y' }), row('b', { products: 'Y' })]),
			[/tier row 2/, /"y"/, /row 1/],
		],
		[
			'with a product that is called like another tier, since a plain text could mean both',
			form([row('knight', { products: 'elder' }), row('elder')]),
			[/tier row 1/, /"elder" has the same name as the tier in row 2/],
		],
		[
			'with a group without a name',
			form([knight], [{ ...everywhere, name: '' }]),
			[/group row 1 \(no name\): the name is missing/],
		],
		[
			'with two groups of one name',
			form([knight], [everywhere, { ...everywhere, name: 'Everywhere' }]),
			[/group row 2/, /"everywhere"/, /rename/i],
		],
		[
			'with a tier of a group that is not there',
			form([row('knight', { serverGroups: ['nowhere'] })]),
			[/tier row 1 \(knight\)/, /"nowhere"/, /choose|add/i],
		],
		[
			'with a tier without permissions, which the panel does not know',
			form([row('knight', { permissions: [] })]),
			[/tier row 1 \(knight\)/, /permission/, /choose/i],
		],
		[
			'with something that is no permission',
			form([row('knight', { permissions: ['backup'] })]),
			[/tier row 1 \(knight\)/, /"backup"/, /backup\.read/],
		],
		...(['name', 'description', 'location', 'node', 'nest', 'servers', 'tag'] as const).map(
			(match): [string, Form, RegExp[]] => [
				`with a group by ${match} that says nothing of which`,
				form([knight], [everywhere, { name: 'some', match }]),
				[/group row 2 \(some\)/, /fill|choose/i],
			],
		),
		...['x backup.read', 'backup.read; x', 'Backup.read'].map((key): [string, Form, RegExp[]] => [
			`with more than a permission in one (${key})`,
			form([row('knight', { permissions: [key] })], [everywhere], true),
			[/unknown permission/],
		]),
		...['a b', 'a;op', 'knight\nstop', 'x'.repeat(37), '§4'].map(
			(luckPermsGroup): [string, Form, RegExp[]] => [
				`with a LuckPerms group that no command may carry (${JSON.stringify(luckPermsGroup)})`,
				form([row('knight', { luckPermsGroup })]),
				[/tier row 1 \(knight\)/, /cannot be the name of a LuckPerms group/],
			],
		),
		...['Knights', '123', `x${'1'.repeat(18)}`, `${'1'.repeat(18)}x`, '1'.repeat(23)].map(
			(discordRole): [string, Form, RegExp[]] => [
				`with a Discord role that is not an ID (${discordRole})`,
				form([row('knight', { discordRole })]),
				[/tier row 1 \(knight\)/, /Discord role must be its ID/],
			],
		),
		[
			'with a pattern of commas and spaces only',
			form([knight], [{ name: 'everywhere', match: 'name', pattern: ' , ,' }]),
			[/group row 1/],
		],
		[
			'with a way of choosing servers that there is not',
			form([knight], [{ name: 'everywhere', match: 'colour' as never }]),
			[/group row 1/, /"colour"/],
		],
	];

	it.each(cases)('%s', (_what, wrong, words) => {
		for (const word of words) expect(() => readPlan(wrong)).toThrow(word);
	});

	describe('that hands out what lets a customer harm a shared server', () => {
		it.each([
			'*',
			'user.create',
			'user.read',
			'control.console',
			'control.start',
			'control.stop',
			'file.read',
			'file.read-content',
			'file.delete',
			'file.sftp',
			'backup.download',
			'backup.restore',
			'backup.delete',
			'allocation.update',
			'startup.update',
			'startup.docker-image',
			'database.view_password',
			'schedule.create',
			'settings.reinstall',
			'settings.rename',
		])('%s', (key) => {
			expect(() => readPlan(form([row('knight', { permissions: [key] })]))).toThrow(
				/tier row 1 \(knight\)/,
			);
		});

		it('but looking harms nobody', () => {
			const permissions = [
				'websocket.connect',
				'activity.read',
				'allocation.read',
				'backup.read',
				'database.read',
				'schedule.read',
				'startup.read',
			];
			expect(readPlan(form([row('knight', { permissions })])).permissions).toEqual(permissions);
		});

		it('unless that is allowed', () => {
			const plan = readPlan(
				form([row('knight', { permissions: ['control.console'] })], [everywhere], true),
			);
			expect(plan.permissions).toEqual(['control.console']);
		});
	});
});

describe('A tier without servers', () => {
	const none = { serverGroups: [], permissions: [] };

	it('is a tier like any other: its perks are in the game only', () => {
		const plan = readPlan(form([row('patron', none), row('knight')]));
		expect(plan.tiers.map(hasServers)).toEqual([false, true]);
		expect(tiersOf(plan, ['patron']).map(({ name }) => name)).toEqual(['patron']);
	});

	it('has those of the tiers that it includes', () => {
		const plan = readPlan(form([row('knight'), row('patron', { ...none, includesLower: true })]));
		expect(plan.tiers.map(hasServers)).toEqual([true, true]);
	});
});

describe('A tier', () => {
	const read = (fields: Partial<TierForm>) => readPlan(form([row('knight', fields)])).tiers[0];

	it('is a role of its own name, unless the plan names another', () => {
		expect(read({})?.role).toBe('subscriber_knight');
		expect(read({ role: '  ' })?.role).toBe('subscriber_knight');
		expect(read({ role: ' patron ' })?.role).toBe('patron');
	});

	it('may be a rank in the game and a role on Discord', () => {
		expect(
			read({ luckPermsGroup: ' Knight_1.x-y ', discordRole: ' 1132456789012345678 ' }),
		).toMatchObject({ luckPermsGroup: 'knight_1.x-y', discordRole: '1132456789012345678' });
		for (const empty of ['', ' ', undefined]) {
			expect(read({ luckPermsGroup: empty, discordRole: empty })).toMatchObject({
				luckPermsGroup: null,
				discordRole: null,
			});
		}
	});

	it('has no servers and products where an expression leaves them out', () => {
		expect(read({ serverGroups: undefined, permissions: undefined })).toMatchObject({
			groups: [],
			products: [],
			permissions: [],
		});
	});

	it('takes products from an expression as they are, with commas and quotes', () => {
		expect(read({ products: ['fire, ice', '12" rack'] as never })?.products).toEqual([
			'fire, ice',
			'12" rack',
		]);
	});
});

it('A mistake in the plan says where to correct it', () => {
	expect(new PlanError('x').advice).toMatch(/Correct it in the node’s parameters/);
});

describe('What a customer bought', () => {
	it.each([
		['fire, ice', 'x, "Fire, Ice"'],
		['caf\u00e9-tier', 'cafe\u0301-tier'],
		['İstanbul-Tier', 'İSTANBUL-tier'],
		['οδοσ', 'ΟΔΟΣ'],
		['STRASSE', 'Straße'],
	])('is found by the slug "%s", listed as %s', (product, products) => {
		const plan = readPlan(form([row('knight', { products })]));
		expect(tiersOf(plan, [{ product_id: product }]).map(({ name }) => name)).toEqual(['knight']);
	});

	const plan = readPlan(
		form([
			row('awakened', { products: 'awakened' }),
			row('knight', { products: 'fire-knight, frost-knight' }),
			row('Fire Lord', { products: 'Fire-Lord' }),
		]),
	);
	const namesOf = (grants: Grant[]) => tiersOf(plan, grants).map(({ name }) => name);

	it.each<[string, Grant[], string[]]>([
		['nothing', [], []],
		['a tier by its name', ['knight'], ['knight']],
		['a product by its name', ['frost-knight'], ['knight']],
		['a product and its tier', [{ product_id: 'fire-knight', tier: 'knight' }], ['knight']],
		['a product alone', [{ product_id: 'fire-knight' }], ['knight']],
		['a product with an empty tier', [{ product_id: 'fire-knight', tier: '' }], ['knight']],
		['a tier alone', [{ product_id: null, tier: 'knight' }], ['knight']],
		[
			'names in other letter case',
			[' FIRE-Knight', { tier: 'fire lord' }],
			['knight', 'fire lord'],
		],
		['two products of one tier', ['fire-knight', 'frost-knight'], ['knight']],
		['two tiers', ['awakened', 'fire-knight'], ['awakened', 'knight']],
		['a product that is named like its tier', ['awakened'], ['awakened']],
	])('%s', (_what, grants, tiers) => {
		expect(namesOf(grants)).toEqual(tiers);
	});

	it.each<[string, Grant, RegExp[]]>([
		[
			'an unknown text',
			'sovereign',
			[
				/no tier or product "sovereign"/,
				/add it/i,
				/The plan knows: awakened, awakened; knight, fire-knight, frost-knight; fire lord, fire-lord\./,
			],
		],
		['an unknown tier', { tier: 'sovereign' }, [/no tier "sovereign"/, /add it/i]],
		['an unknown product', { product_id: 'frost-king' }, [/"frost-king"/, /add it/i]],
		['an unknown product of a known tier', { product_id: 'x', tier: 'knight' }, [/"x"/, /add it/i]],
		['a known product of an unknown tier', { product_id: 'fire-knight', tier: 'y' }, [/"y"/]],
		[
			'a product that contradicts its tier',
			{ product_id: 'fire-knight', tier: 'awakened' },
			[/"fire-knight"/, /"knight"/, /"awakened"/, /correct/i],
		],
		['neither product nor tier', {}, [/neither a product nor a tier/]],
		['empty names', { product_id: ' ', tier: '' }, [/neither a product nor a tier/]],
		['an empty text', '', [/./]],
	])('is an error and never "no access" with %s', (_what, grant, words) => {
		for (const word of words) expect(() => namesOf(['knight', grant])).toThrow(word);
	});
});

describe('A server group', () => {
	const has = (group: Omit<GroupForm, 'name'>, one: Server) =>
		isInPlan(
			readPlan(form([row('knight', { serverGroups: ['it'] })], [{ name: 'it', ...group }])),
			one,
		);

	it.each<[string, Omit<GroupForm, 'name'>, Partial<Server>, boolean]>([
		['of all servers has any', { match: 'all' }, {}, true],
		[
			'with an empty exception has servers without a name or description too',
			{ match: 'all', except: '', exceptDescription: '' },
			{ name: '', description: '' },
			true,
		],
		[
			'by an ID with spaces around, as an expression may give it',
			{ match: 'servers', servers: [` ${server().uuid} `] },
			{},
			true,
		],
		[
			'by tag has a server with other tags too',
			{ match: 'tag', tags: ['nc'] },
			{ tags: ['x', 'nc'] },
			true,
		],
		['of all but some has not those', { match: 'all', except: 'Hub, Frost*' }, {}, false],
		['of all but some has the others', { match: 'all', except: 'Hub, Fire*' }, {}, true],
		['by name has what fits', { match: 'name', pattern: 'Frost Path*' }, {}, true],
		[
			'by name asks not for letter case',
			{ match: 'name', pattern: 'FROST path - *fall' },
			{},
			true,
		],
		['by name takes one of several', { match: 'name', pattern: 'Hub, Frost*' }, {}, true],
		['by name asks for the whole name', { match: 'name', pattern: 'Frost' }, {}, false],
		['by name takes a dot for a dot', { match: 'name', pattern: 'a.c' }, { name: 'abc' }, false],
		[
			'by name takes brackets as they are',
			{ match: 'name', pattern: '[1] (a+)?' },
			{ name: '[1] (a+)?' },
			true,
		],
		['by name can leave out', { match: 'name', pattern: '*', except: '*snowfall' }, {}, false],
		[
			'by description finds the whole',
			{ match: 'description', pattern: 'Survival. North.' },
			{},
			true,
		],
		['by description finds a part', { match: 'description', pattern: 'survival' }, {}, true],
		[
			'by description finds a part over lines',
			{ match: 'description', pattern: '*#sold*' },
			{ description: 'a\nb #sold\nc' },
			true,
		],
		[
			'by description leaves out the others',
			{ match: 'description', pattern: 'creative' },
			{},
			false,
		],
		[
			'by description leaves out the empty',
			{ match: 'description', pattern: 'x' },
			{ description: '' },
			false,
		],
		[
			'by description can leave out, by a part of it',
			{ match: 'all', exceptDescription: 'STAFF ONLY, north' },
			{},
			false,
		],
		[
			'by description leaves the others in',
			{ match: 'all', exceptDescription: 'staff only' },
			{},
			true,
		],
		[
			'with a letter that changes when it is lowered has what is called so',
			{ match: 'name', pattern: 'İstanbul*' },
			{ name: 'İstanbul - Survival' },
			true,
		],
		[
			'with such a letter in an exception has not what it names',
			{ match: 'all', except: 'İstanbul*' },
			{ name: 'İstanbul - Survival' },
			false,
		],
		[
			'with a comma in a name has it, in quotes',
			{ match: 'name', pattern: 'Hub, "Fire, Ice*"' },
			{ name: 'Fire, Ice and Ash' },
			true,
		],
		[
			'with a comma in a name has it by its exact name alone',
			{ match: 'name', pattern: 'Fire, Ice' },
			{ name: 'Fire, Ice' },
			true,
		],
		[
			'with quotes around a name has it by its exact name',
			{ match: 'all', except: '"Hub"' },
			{ name: '"Hub"' },
			false,
		],
		[
			'with patterns that an expression gives as a list has what they fit',
			{ match: 'name', pattern: ['Hub', 'Fire, Ice*'] as never },
			{ name: 'Fire, Ice and Ash' },
			true,
		],
		[
			'with a pattern that an expression gives as a number',
			{ match: 'name', pattern: 2026 as never },
			{ name: '2026' },
			true,
		],
		[
			'of one server that an expression gives',
			{ match: 'servers', servers: server().uuid as never },
			{},
			true,
		],
		['by location', { match: 'location', locations: [2, 1] }, {}, true],
		['by another location', { match: 'location', locations: [2] }, {}, false],
		['by node', { match: 'node', nodes: [1] }, {}, true],
		['by another node', { match: 'node', nodes: [2] }, {}, false],
		['by nest', { match: 'nest', nests: [1] }, {}, true],
		['by another nest', { match: 'nest', nests: [2] }, {}, false],
		[
			'by one of its node’s tags',
			{ match: 'tag', tags: ['x', 'frost'] },
			{ tags: ['frost'] },
			true,
		],
		['by other tags', { match: 'tag', tags: ['fro'] }, { tags: ['frost', 'nc'] }, false],
		['of chosen servers', { match: 'servers', servers: [server().uuid] }, {}, true],
		['of other chosen servers', { match: 'servers', servers: ['x'] }, {}, false],
		['by IDs that an expression gives as text', { match: 'node', nodes: ['1'] as never }, {}, true],
	])('%s', (_what, group, fields, expected) => {
		expect(has(group, server(fields))).toBe(expected);
	});

	it('says which of its patterns, exceptions and chosen servers no server fits', () => {
		const other = server({ uuid: 'other', name: 'Beta, Gamma', description: '' });
		const unmatched = (group: Omit<GroupForm, 'name'>) =>
			readPlan(form([row('knight', { serverGroups: ['it'] })], [{ name: 'it', ...group }]))
				.groups.flatMap((one) => unmatchedIn(one, [server(), other]))
				.map(({ kind, text }) => `${kind} ${text}`);
		expect(unmatched({ match: 'name', pattern: 'Frost*, Fire*', except: 'Hub, *fall' })).toEqual([
			'pattern Fire*',
			'exception Hub',
		]);
		expect(
			unmatched({ match: 'description', pattern: 'north, south', exceptDescription: 'staff' }),
		).toEqual(['pattern south', 'exception staff']);
		expect(unmatched({ match: 'servers', servers: [server().uuid, 'gone'] })).toEqual([
			'server gone',
		]);
		expect(unmatched({ match: 'name', pattern: 'beta, gamma' })).toEqual([]);
		const leftOver = { pattern: 'left over from another choice', servers: ['left over'] };
		expect(unmatched({ match: 'all', ...leftOver })).toEqual([]);
	});

	it('says by which of the things that not every panel has servers are chosen', () => {
		const knight = [row('knight', { serverGroups: ['a'] })];
		const plan = readPlan(
			form(knight, [
				{ name: 'a', match: 'tag', tags: ['frost'] },
				{ name: 'b', match: 'location', locations: [1] },
				{ name: 'c', match: 'location', locations: [2] },
			]),
		);
		expect(plan.selectors).toEqual(['location', 'tag']);
		expect(readPlan(form([row('knight')])).selectors).toEqual([]);
	});
});

it('The plan has a server that is in any of its groups', () => {
	const groups: GroupForm[] = ['Fire*', 'Frost*'].map((pattern) => ({
		name: pattern,
		match: 'name',
		pattern,
	}));
	const plan = readPlan(form([row('knight', { serverGroups: ['Fire*'] })], groups));
	expect(isInPlan(plan, server())).toBe(true);
	expect(isInPlan(plan, server({ name: 'Hub' }))).toBe(false);
});

describe('What tiers give', () => {
	const frost = server();
	const fire = server({ id: 2, name: 'Fire Path - Ember' });
	const hub = server({ id: 3, name: 'Hub' });
	const groups: GroupForm[] = [
		{ name: 'frost', match: 'name', pattern: 'Frost*' },
		{ name: 'fire', match: 'name', pattern: 'Fire*' },
	];
	const given = (tiers: TierForm[], grants: Grant[]) => {
		const plan = readPlan(form(tiers, groups));
		return Object.fromEntries(targetOf(plan, tiersOf(plan, grants), [frost, fire, hub]));
	};
	const low = row('low', { serverGroups: ['frost'] });
	const high = row('high', { serverGroups: ['fire'], permissions: ['backup.read'] });

	it('is nothing without a tier', () => {
		expect(given([low, high], [])).toEqual({});
	});

	it('is their own where they do not include the lower ones', () => {
		expect(given([low, { ...high, includesLower: false }], ['high'])).toEqual({
			2: ['backup.read'],
		});
	});

	it('is servers and permissions of the lower ones too where they include them', () => {
		const both = ['websocket.connect', 'backup.read'];
		expect(given([low, { ...high, includesLower: true }], ['high'])).toEqual({ 1: both, 2: both });
	});

	it('never comes from a higher tier', () => {
		expect(given([{ ...low, includesLower: true }, high], ['low'])).toEqual({
			1: ['websocket.connect'],
		});
	});

	it('goes down through all tiers below', () => {
		const top = row('top', { serverGroups: [], permissions: [], includesLower: true });
		const both = ['websocket.connect', 'backup.read'];
		expect(given([low, { ...high, includesLower: true }, top], ['top'])).toEqual({
			1: both,
			2: both,
		});
	});

	it('adds up over the tiers that a customer has', () => {
		expect(given([low, { ...high, includesLower: false }], ['low', 'high'])).toEqual({
			1: ['websocket.connect'],
			2: ['backup.read'],
		});
	});
});
