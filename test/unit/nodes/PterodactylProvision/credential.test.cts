import { CredentialTestContext } from 'n8n-core';
import type { ICredentialTestFunctions } from 'n8n-workflow';

import { choices, credentialData, nodeType, type Keys } from './support/node.cjs';
import { EMBER, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const keys = (): Keys => ({
	url: panel.url,
	applicationKey: panel.applicationKey,
	accountKey: panel.accountKey,
});
const UNKNOWN = 'x'.repeat(43);

async function tested(used: Keys) {
	const context = new CredentialTestContext();
	return await nodeType.methods.credentialTest.pterodactylKeysTest.call(
		context as ICredentialTestFunctions,
		{
			id: '1',
			name: 'Panel',
			type: 'pterodactylApi',
			data: credentialData(used),
		},
	);
}

describe('The test of the credential', () => {
	it('is good with both keys, and changes nothing on the panel', async () => {
		const result = await tested(keys());
		expect(result).toMatchObject({ status: 'OK' });
		expect(result.message).toMatch(/admin/);
		expect([panel.state.users.length, panel.state.subusers.length]).toEqual([2, 0]);
		expect(panel.calls().filter(({ status }) => status >= 500)).toEqual([]);
	});

	it('is good with a slash or spaces around the address, and spaces around the keys', async () => {
		const spaced = {
			url: ` ${panel.url}/ `,
			applicationKey: ` ${panel.applicationKey}\n`,
			accountKey: `${panel.accountKey} `,
		};
		expect(await tested(spaced)).toMatchObject({ status: 'OK' });
	});

	it('is good with an account that is no administrator, and says what it then needs', async () => {
		const accountKey = panel.control.addKey({ kind: 'account', user: 'bob' }).token;
		const result = await tested({ ...keys(), accountKey });
		expect(result.status).toBe('OK');
		expect(result.message).toMatch(/bob.*subuser/);
	});

	const change = (
		fields: Parameters<typeof panel.control.changeKey>[1],
		key: 'applicationKey' | 'accountKey' = 'applicationKey',
	) => {
		panel.control.changeKey(panel[key], fields);
		return keys();
	};

	it.each<[string, () => Keys, RegExp[]]>([
		[
			'an unknown application key',
			() => ({ ...keys(), applicationKey: `ptla_${UNKNOWN}` }),
			[/^Application API key/, /401/, /create/i],
		],
		[
			'an unknown account key',
			() => ({ ...keys(), accountKey: `ptlc_${UNKNOWN}` }),
			[/^Account API key/, /401/, /create/i],
		],
		['no application key', () => ({ ...keys(), applicationKey: '' }), [/^Application API key/]],
		['no account key', () => ({ ...keys(), accountKey: '' }), [/^Account API key/]],
		[
			'the keys swapped',
			() => ({ ...keys(), applicationKey: panel.accountKey, accountKey: panel.applicationKey }),
			[/swapped/],
		],
		[
			'the account key twice',
			() => ({ ...keys(), applicationKey: panel.accountKey }),
			[/^Application API key/, /account key/],
		],
		[
			'the application key twice',
			() => ({ ...keys(), accountKey: panel.applicationKey }),
			[/^Account API key/, /application key/],
		],
		[
			'an expired application key',
			() => change({ expired: true }),
			[/^Application API key/, /401/],
		],
		[
			'an expired account key',
			() => change({ expired: true }, 'accountKey'),
			[/^Account API key/, /401/],
		],
		[
			'an application key without users',
			() => change({ rights: { users: 'none', servers: 'read' } }),
			[/^Application API key/, /403|may not read/, /Users/],
		],
		[
			'an application key without servers',
			() => change({ rights: { users: 'write', servers: 'none' } }),
			[/^Application API key/, /403/, /Servers/],
		],
		[
			'an application key that only reads users, so that the first purchase would fail',
			() => change({ rights: { users: 'read', servers: 'read' } }),
			[/^Application API key/, /write/],
		],
		[
			'an application key for other addresses',
			() => change({ allowedIps: ['10.1.1.1'] }),
			[/^Application API key/, /IP/],
		],
		[
			'an account key for other addresses',
			() => change({ allowedIps: ['10.1.1.1'] }, 'accountKey'),
			[/^Account API key/, /IP/],
		],
		[
			'an application key of somebody who is no administrator any more',
			() => (panel.control.changeUser('admin', { rootAdmin: false }), keys()),
			[/^Application API key/, /403/, /admin/],
		],
		[
			'two-factor authentication demanded',
			() => (panel.control.settings({ twoFactor: 'admins' }), keys()),
			[/two-factor/i],
		],
		[
			'the panel in maintenance',
			() => (panel.control.settings({ maintenance: true }), keys()),
			[/503/, /maintenance/],
		],
		[
			'a page in place of the panel',
			() => (panel.control.fault({ kind: 'html' }), keys()),
			[/JSON/, /Panel URL/],
		],
		['a redirect', () => (panel.control.fault({ kind: 'redirect' }), keys()), [/302/, /address/]],
		[
			'no panel at the address',
			() => ({ ...keys(), url: 'http://127.0.0.1:1' }),
			[/127\.0\.0\.1:1/, /Panel URL/],
		],
		['no address', () => ({ ...keys(), url: '' }), [/Panel URL/]],
		[
			'an address without https',
			() => ({ ...keys(), url: 'panel.example.com' }),
			[/Panel URL/, /https/],
		],
	])('fails with %s and says which is wrong, without the keys', async (_what, arrange, words) => {
		const used = arrange();
		const result = await tested(used);
		expect(result.status).toBe('Error');
		for (const word of words) expect(result.message).toMatch(word);
		expect(result.message).not.toMatch(/ptl[ac]_\w{10}/);
	});
});

describe('The drop-downs of the tier plan offer', () => {
	const names = async (list: string) => (await choices(keys(), list)).map(({ name }) => name);

	it('the locations', async () => {
		expect(await choices(keys(), 'getLocations')).toEqual([
			{ name: 'NC1 (North Carolina)', value: 2 },
			{ name: 'TX1 (Texas)', value: 1 },
		]);
	});
	it('the nodes', async () => {
		expect(await names('getNodes')).toEqual(['nc1-node1', 'tx1-node1']);
	});
	it('the nests', async () => {
		expect(await names('getNests')).toHaveLength(1);
	});
	it('the servers, by what never changes: the uuid', async () => {
		const servers = await choices(keys(), 'getServers');
		expect(servers).toHaveLength(8);
		const { uuid } = panel.control.server(EMBER);
		expect(servers).toContainEqual({ name: `${EMBER} (${uuid.slice(0, 8)})`, value: uuid });
	});
	it('the permissions, the harmful ones named as such', async () => {
		const permissions = await choices(keys(), 'getPermissions');
		expect(permissions).toHaveLength(40);
		const named = (value: string) => permissions.find((one) => one.value === value)?.name;
		expect(named('websocket.connect')).toBe('websocket.connect');
		expect(named('control.console')).toMatch(/harmful/i);
	});
	it('the groups of the same form', async () => {
		const groups = await choices(keys(), 'getServerGroups', {
			serverGroups: { group: [{ name: 'frost' }, { name: 'ember' }] },
		});
		expect(groups).toEqual([
			{ name: 'frost', value: 'frost' },
			{ name: 'ember', value: 'ember' },
		]);
		expect(panel.calls()).toEqual([]);
	});
	it.each(['getLocations', 'getNodes', 'getNests', 'getServers', 'getPermissions'])(
		'(%s) an error with its reason where the panel refuses, never an empty list',
		async (list) => {
			const wrong = { ...keys(), applicationKey: `ptla_${UNKNOWN}`, accountKey: `ptlc_${UNKNOWN}` };
			await expect(choices(wrong, list)).rejects.toThrow(/401/);
		},
	);
	it('nothing that changes the panel', async () => {
		await choices(keys(), 'getServers');
		expect(writesTo(panel)).toEqual([]);
	});
});
