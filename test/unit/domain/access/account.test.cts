import {
	accountChange,
	addressWarnings,
	belongsToAnother,
	externalIdOf,
	idInMark,
	isAddressLive,
	isLeftAlone,
	isStrangers,
	nameOf,
	newAccount,
	ownerOf,
	usernames,
	type Person,
} from '../../../../domain/access/account';
import type { Account } from '../../../../domain/access/panelRecords';

const person = (fields: Partial<Person> = {}): Person => ({
	customerId: '77',
	email: 'ada@example.com',
	name: 'Ada Lovelace',
	previousEmails: [],
	takenEmails: [],
	accountId: null,
	...fields,
});

const account = (fields: Partial<Account> = {}): Account => ({
	id: 5,
	uuid: 'u',
	external_id: null,
	username: 'ada',
	email: 'ada@example.com',
	first_name: 'Ada',
	last_name: 'L',
	language: 'en',
	root_admin: false,
	...fields,
});

/** Letters or digits at both ends, `_.-` between, lower case, and a length that the panel takes [110-115]. */
const ACCEPTED = /^[a-z0-9][a-z0-9_.-]*[a-z0-9]$/;

describe('The usernames for a new account', () => {
	const tried = (
		name: string | null,
		email = 'ada@example.com',
		template = '{name}',
		id: string | null = '77',
	) => usernames(template, person({ name, customerId: id }), email, 'k3x9q');

	it.each([
		['a plain name', 'Ada', 'ada'],
		['a Minecraft name that ends with _', 'Steve_', 'steve'],
		['a Minecraft name that starts with _', '__Steve', 'steve'],
		['a Bedrock name that starts with a dot', '.Alex99', 'alex99'],
		['odd characters at both ends', '-_.Alex._-', 'alex'],
		['_ . and - inside', 'a_b.c-d', 'a_b.c-d'],
		['upper case', 'ADA99', 'ada99'],
		['spaces', 'Ada Lovelace', 'ada-lovelace'],
		['accents', 'Zoë Ñandú', 'zoe-nandu'],
		['full-width letters', 'Ａｄａ', 'ada'],
	])('keep %s as far as the panel takes it', (_what, name, first) => {
		expect(tried(name)[0]).toBe(first);
	});

	it.each([
		['one letter', 'A'],
		['Cyrillic', 'Владимир'],
		['Chinese', '王小明'],
		['only emoji', '😀🎮'],
		['only odd characters', '___'],
		['an empty name', ''],
		['only spaces', '   '],
		['no name', null],
	])('come from the address where the name is %s', (_what, name) => {
		expect(tried(name)[0]).toBe('ada');
	});

	const names = [
		'A',
		'_',
		'.x',
		'x.',
		'😀',
		'Владимир',
		'',
		null,
		'ß',
		'a'.repeat(300),
		'a b '.repeat(40),
		'\u200b',
		"Robert'); --",
	];
	const addresses = [
		'ada@example.com',
		'_a@x.y',
		'.@x.y',
		'a@x.y',
		'王@x.y',
		'"a,b"@x.y',
		'a+b@x.y',
		'@x.y',
	];
	const templates = [
		'{name}',
		'{name}-{customer}',
		'{email}',
		'mc_{name}_',
		'{customer}',
		'',
		'...',
	];

	it.each(names)(
		'are all such as the panel takes, whatever the address and template (name %j)',
		(name) => {
			for (const email of addresses) {
				for (const template of templates) {
					for (const id of ['7', '12345', null]) {
						const list = tried(name, email, template, id);
						expect(list.length).toBeGreaterThanOrEqual(2);
						expect(new Set(list).size).toBe(list.length);
						for (const one of list) {
							expect(one).toMatch(ACCEPTED);
							expect(one.length).toBeLessThanOrEqual(191);
						}
					}
				}
			}
		},
	);

	it('fill the template', () => {
		expect(tried('Ada', 'lady@example.com', 'p-{name}.{email}.{customer}')[0]).toBe(
			'p-ada.lady.77',
		);
	});

	it('start with the customer id or something random where nothing else is of use', () => {
		expect(tried('王', '王@x.y', '{name}')[0]).toBe('player');
		expect(tried('A', 'a@x.y', '{name}')[0]).toBe('a-77');
		expect(tried('A', 'a@x.y', '{name}', null)[0]).toBe('a-k3x9q');
		expect(tried('Ada', 'ada@x.y', '{name}.{customer}', null)[0]).toBe('ada');
	});

	it('have one dash for all that stands between two words', () => {
		expect(tried('Ada & Co')[0]).toBe('ada-co');
	});

	it('add the customer id where the name is taken, and something random in the end', () => {
		expect(tried('Ada')).toEqual(['ada', 'ada-77', expect.stringContaining('k3x9q')]);
	});
});

describe('A new account', () => {
	it.each([
		['first and last name', 'Ada Lovelace', 'Ada', 'Lovelace'],
		['more names', 'Ada King of Lovelace', 'Ada', 'King of Lovelace'],
		['spaces around', '  Ada   L ', 'Ada', 'L'],
	])('has %s', (_what, name, first_name, last_name) => {
		expect(newAccount(person({ name }), 'ada@example.com', 'ada')).toMatchObject({
			first_name,
			last_name,
		});
	});

	it.each(['Ada', '', null, ' '])(
		'never has an empty name, which the panel refuses [119] (%j)',
		(name) => {
			const made = newAccount(person({ name }), 'ada@example.com', 'ada');
			expect(made.first_name.trim()).not.toBe('');
			expect(made.last_name.trim()).not.toBe('');
		},
	);

	it('has names of at most 191 characters, and an emoji in them stays whole', () => {
		const name = `${'😀'.repeat(192)} ${'b'.repeat(192)}`;
		expect(newAccount(person({ name }), 'ada@example.com', 'ada')).toMatchObject({
			first_name: '😀'.repeat(191),
			last_name: 'b'.repeat(191),
		});
	});

	it('carries the customer’s mark as text, and no mark without a customer id', () => {
		expect(newAccount(person(), 'a@b.c', 'ada').external_id).toBe('paymenter-77');
		expect(newAccount(person({ customerId: null }), 'a@b.c', 'ada')).not.toHaveProperty(
			'external_id',
		);
	});

	it('is never an administrator, and has no password of ours', () => {
		const made = newAccount(person(), 'a@b.c', 'ada');
		expect(Object.keys(made).sort()).toEqual([
			'email',
			'external_id',
			'first_name',
			'last_name',
			'username',
		]);
	});
});

describe('An account that was found', () => {
	it.each<[string, string | null, string | null, boolean]>([
		['without a mark', null, '77', false],
		['with the customer’s mark', 'paymenter-77', '77', false],
		['with another customer’s mark', 'paymenter-78', '77', true],
		['with a mark that only starts alike', 'paymenter-771', '77', true],
		['with a customer’s mark, for somebody without an id', 'paymenter-77', null, true],
		['with the mark of another system', 'whmcs-77', '77', false],
	])('%s', (_what, external_id, customerId, isAnothers) => {
		expect(belongsToAnother(account({ external_id }), person({ customerId }))).toBe(isAnothers);
	});

	it.each<[string, Partial<Account>, Partial<Person>, object]>([
		['is left as it is where all is right', { external_id: 'paymenter-77' }, {}, {}],
		[
			'is left as it is where only letter case differs',
			{ external_id: 'paymenter-77', email: 'ADA@Example.com' },
			{},
			{},
		],
		['is adopted where it has no mark', {}, {}, { external_id: 'paymenter-77' }],
		[
			'is adopted and moved where it was found by an earlier address',
			{ email: 'old@x.y' },
			{},
			{ external_id: 'paymenter-77', email: 'ada@example.com' },
		],
		[
			'follows a changed address',
			{ external_id: 'paymenter-77', email: 'old@x.y' },
			{},
			{ email: 'ada@example.com' },
		],
		['keeps its address where none is known', { external_id: 'paymenter-77' }, { email: null }, {}],
		[
			'with a foreign mark is used and left as it is',
			{ external_id: 'whmcs-1', email: 'old@x.y' },
			{},
			{},
		],
		['is not marked for somebody without an id', { email: 'old@x.y' }, { customerId: null }, {}],
	])('%s', (_what, fields, who, change) => {
		expect(accountChange(account(fields), person(who))).toEqual(change);
	});
});

it('A mark is paymenter- and the id', () => {
	expect(externalIdOf(person({ customerId: '12345' }))).toBe('paymenter-12345');
	expect(externalIdOf(person({ customerId: null }))).toBeNull();
});

describe('A customer in warnings and errors', () => {
	it.each([
		['id and address', {}, 'customer 77, ada@example.com'],
		['the address', { customerId: null }, 'ada@example.com'],
		['the id', { email: null }, 'customer 77'],
		['neither', { customerId: null, email: null }, 'a customer without ID and address'],
	])('is named by %s', (_what, fields, name) => {
		expect(nameOf(person(fields))).toBe(name);
	});
});

describe('The mark of an account', () => {
	it.each([
		['paymenter-77', '77'],
		['paymenter-0', null],
		['paymenter-', null],
		['whmcs-77', null],
		['77', null],
		[null, null],
	])('%j names customer %j', (external_id, id) => {
		expect(idInMark(account({ external_id }))).toBe(id);
	});

	it('says whose it is', () => {
		expect(ownerOf(account({ external_id: 'paymenter-78' }))).toBe('customer 78');
	});
});

describe('An account with the customer’s mark', () => {
	const own = (fields: Partial<Account> = {}) =>
		account({ external_id: 'paymenter-77', email: 'eve@example.com', ...fields });

	it('is a stranger’s where its address was never theirs', () => {
		expect(isStrangers(own(), person())).toBe(true);
		expect(isStrangers(own(), person({ previousEmails: ['old@example.com'] }))).toBe(true);
		expect(isStrangers(own(), person({ email: null, previousEmails: ['old@x.y'] }))).toBe(true);
	});

	it.each<[string, Partial<Account>, Partial<Person>]>([
		['it has their address', { email: 'ADA@example.com' }, {}],
		['it has an earlier address', {}, { previousEmails: ['old@x.y', 'Eve@example.com'] }],
		['their row records it', {}, { accountId: 5 }],
		['no address of theirs is known', {}, { email: null }],
		['it has another customer’s mark, which says whose it is', { external_id: 'paymenter-78' }, {}],
		['it has no mark', { external_id: null }, {}],
	])('is no stranger’s where %s', (_what, fields, who) => {
		expect(isStrangers(own(fields), person(who))).toBe(false);
	});
});

describe('An account is left alone', () => {
	const leftAlone = ['builder@example.com', 'Owner'];

	it.each<[string, Partial<Account>, boolean]>([
		['if it is an administrator', { root_admin: true }, true],
		['if its address is listed', { email: 'Builder@Example.com' }, true],
		['if its username is listed', { username: 'owner' }, true],
		['not if nothing of it is listed', {}, false],
	])('%s', (_what, fields, is) => {
		expect(isLeftAlone(account(fields), { leftAlone })).toBe(is);
	});
});

it('An address is live if another customer with access has it', () => {
	const isLive = (...liveEmails: string[]) => isAddressLive(account(), { liveEmails });
	expect(isLive('bob@example.com', 'ADA@example.com')).toBe(true);
	expect(isLive('bob@example.com')).toBe(false);
	expect(isLive()).toBe(false);
});

describe('The operator is warned', () => {
	const warn = (fields: Partial<Account>, who: Partial<Person> = {}) =>
		addressWarnings(account({ email: 'old@example.com', ...fields }), person(who));

	it('that somebody had changed the address on the panel', () => {
		expect(warn({ external_id: 'paymenter-77' })).toEqual([
			'Somebody had changed the address of the account "ada" on the panel to old@example.com.',
		]);
	});

	it('that an account with another mark, or used without an id, keeps its address', () => {
		expect(warn({ external_id: 'whmcs-1' })).toEqual([
			'The account "ada" keeps the address old@example.com, because its external ID is "whmcs-1". Change it on the panel if it should match the one in Paymenter, ada@example.com.',
		]);
		expect(warn({}, { customerId: null })).toEqual([
			expect.stringContaining('because it has no external ID. Change it'),
		]);
	});

	it.each<[string, Partial<Account>, Partial<Person>]>([
		['the addresses agree', { email: 'ADA@example.com', external_id: 'whmcs-1' }, {}],
		['no address is known', { external_id: 'whmcs-1' }, { email: null }],
		[
			'the customer has moved from that address',
			{ external_id: 'paymenter-77' },
			{ previousEmails: ['old@example.com'] },
		],
		['the account is adopted with the new address', {}, {}],
	])('of nothing where %s', (_what, fields, who) => {
		expect(warn(fields, who)).toEqual([]);
	});
});
