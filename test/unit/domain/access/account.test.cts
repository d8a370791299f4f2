import {
	accountChange,
	belongsToAnother,
	externalIdOf,
	newAccount,
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
