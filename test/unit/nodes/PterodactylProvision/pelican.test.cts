import { CredentialTestContext } from 'n8n-core';
import type { ICredentialTestFunctions } from 'n8n-workflow';

import { startPanel, type Panel } from '../../../../simulators/panel/server.cjs';
import {
	choices,
	credentialData,
	execute,
	failing,
	nodeType,
	planDocument,
	provisionOne,
} from './support/node.cjs';
import type { Keys, Run } from './support/node.cjs';
import {
	AURORA,
	EMBER,
	GLACIER,
	SNOWFALL,
	accessOf,
	usePanel,
	writesTo,
} from './support/panel.cjs';
import type { GroupForm } from '../../../../domain/access/planDocument';

const C = 'websocket.connect';
const ADA = { id: 77, email: 'Ada@Example.com', name: 'Ada Lovelace' };
const STORED = 'ada@example.com';
const FROST = [SNOWFALL, GLACIER, AURORA];
const on = (servers: string[], ...permissions: string[]) =>
	Object.fromEntries(servers.map((name) => [name, [[...permissions, C].sort()]]));

/** What either panel takes: the address as it is known there then. */
const PANELS: Array<[string, Parameters<typeof usePanel>[0], string]> = [
	['a Pterodactyl', { rateLimits: false }, ADA.email],
	[
		'a Pterodactyl with new identifiers',
		{ rateLimits: false, serverIdentifiers: 'serv' },
		ADA.email,
	],
	['a Pelican', { rateLimits: false, panel: 'pelican' }, STORED],
];

describe.each(PANELS)('A subscription on %s', (_name, options, stored) => {
	const panel = usePanel(options);
	let granted: Record<string, string[]> = {};
	const sync = async (grants: string, more: object = {}) => {
		const result = await provisionOne(
			panel,
			{ ...ADA, grants, ...more },
			{ options: { grantedBefore: JSON.stringify(granted) } },
		);
		granted = result.granted;
		return result;
	};
	const has = (user = stored) => accessOf(panel, user);

	beforeEach(() => {
		granted = {};
	});

	it('begins with an account and exactly what the tier gives', async () => {
		const result = await sync('knight');
		expect(result).toMatchObject({ outcome: 'changed', warnings: [] });
		expect(panel.control.user(stored)).toMatchObject({ externalId: 'paymenter-77' });
		expect(has()).toEqual(on(FROST, 'activity.read'));
		expect(Object.keys(granted).sort()).toEqual(
			FROST.map((name) => panel.control.server(name).uuid).sort(),
		);
	});

	it('changes its tier up and down', async () => {
		await sync('knight');
		expect(await sync('elder')).toMatchObject({ outcome: 'changed', warnings: [] });
		expect(has()).toEqual({
			...on(FROST, 'activity.read', 'backup.read'),
			...on([EMBER], 'activity.read', 'backup.read'),
		});
		await sync('awakened');
		expect(has()).toEqual(on(FROST));
		const before = writesTo(panel).length;
		expect(await sync('awakened')).toMatchObject({ outcome: 'unchanged' });
		expect(writesTo(panel)).toHaveLength(before);
	});

	it('ends, and comes back', async () => {
		await sync('knight');
		await sync('');
		expect(has()).toEqual({});
		await sync('knight');
		expect(has()).toEqual(on(FROST, 'activity.read'));
	});

	it('follows a new address of the customer', async () => {
		await sync('knight');
		const moved = { email: 'Ada@New.example.com', earlier: ADA.email };
		expect(await sync('knight', moved)).toMatchObject({ outcome: 'changed' });
		const kept = stored === STORED ? moved.email.toLowerCase() : moved.email;
		expect(has(kept)).toEqual(on(FROST, 'activity.read'));
		expect(await sync('knight', moved)).toMatchObject({ outcome: 'unchanged' });
	});

	it('finds its account in any letter case', async () => {
		panel.control.addUser({ username: 'ada', email: STORED });
		await sync('knight');
		expect(has(STORED)).toEqual(on(FROST, 'activity.read'));
	});
});

it('A switch to new identifiers changes nothing', async () => {
	const panel = await startPanel({ rateLimits: false });
	const item = { ...ADA, grants: 'elder' };
	const first = await provisionOne(panel, item);
	panel.state.newIdentifiers = true;
	const before = writesTo(panel).length;
	const options = { grantedBefore: JSON.stringify(first.granted) };
	expect(await provisionOne(panel, item, { options })).toMatchObject({ outcome: 'unchanged' });
	expect(writesTo(panel)).toHaveLength(before);
	await provisionOne(panel, { ...item, grants: '' }, { options });
	expect(accessOf(panel, ADA.email)).toEqual({});
	await panel.close();
});

describe('Servers of a tier', () => {
	const pelican = usePanel({ rateLimits: false, panel: 'pelican' });
	const pterodactyl = usePanel();
	const group = (chosen: Omit<GroupForm, 'name'>): Omit<Run, 'items'> => ({
		plan: { server_groups: [{ name: 'frost', ...chosen }, OTHER] },
	});
	const OTHER: GroupForm = { name: 'ember', match: 'name', pattern: 'Fire Path - Ember' };
	const buy = { ...ADA, grants: 'awakened' };

	it('are chosen on Pelican by the tags of their nodes', async () => {
		await provisionOne(pelican, buy, group({ match: 'tag', tags: ['nc1'] }));
		const onNode2 = pelican.state.servers.filter(({ nodeId }) => nodeId === 2);
		expect(Object.keys(accessOf(pelican, STORED))).toEqual(onNode2.map(({ name }) => name));
		expect(await choices(pelican, 'getNodeTags')).toEqual([
			{ name: 'nc1', value: 'nc1' },
			{ name: 'tx1', value: 'tx1' },
		]);
	});

	it('need a key that may read nodes', async () => {
		const rights = { users: 'write', servers: 'read' } as const;
		pelican.control.changeKey(pelican.applicationKey, { rights });
		const { error, advice } = await failing(pelican, buy, group({ match: 'tag', tags: ['nc1'] }));
		expect(error).toMatch(/may not read the node of/);
		expect(advice).toMatch(/Nodes/);
	});

	it.each<[string, Omit<GroupForm, 'name'>, () => Panel, RegExp]>([
		['location', { match: 'location', locations: [1] }, () => pelican, /Pelican has no locations/],
		['nest', { match: 'nest', nests: [1] }, () => pelican, /Pelican has no nests/],
		['tag', { match: 'tag', tags: ['tx1'] }, () => pterodactyl, /Pterodactyl has no node tags/],
	])('cannot be chosen by %s where the panel has none', async (_what, chosen, panel, words) => {
		const result = await failing(panel(), buy, group(chosen));
		expect(result.error).toMatch(words);
		expect(result.advice).toMatch(/another way/);
		expect(writesTo(panel())).toEqual([]);
	});

	it.each(['getLocations', 'getNests'])('(%s) are no choice on Pelican', async (list) => {
		await expect(choices(pelican, list)).rejects.toThrow(/Pelican has no/);
	});

	it('have 44 permissions to choose from on Pelican', async () => {
		expect(await choices(pelican, 'getPermissions')).toHaveLength(44);
	});
});

describe('The credential', () => {
	const pelican = usePanel({ panel: 'pelican' });
	const pterodactyl = usePanel();
	const keysOf = ({ url, applicationKey, accountKey }: Panel): Keys => ({
		url,
		applicationKey,
		accountKey,
	});
	const tested = async (keys: Keys) =>
		await nodeType.methods.credentialTest.pterodactylKeysTest.call(
			new CredentialTestContext() as ICredentialTestFunctions,
			{ id: '1', name: 'Panel', type: 'pterodactylApi', data: credentialData(keys) },
		);

	it.each<[string, () => Keys, RegExp]>([
		['detected', () => keysOf(pelican), /Both keys work.*Pelican/],
		['detected too', () => keysOf(pterodactyl), /Both keys work.*Pterodactyl/],
		['chosen', () => ({ ...keysOf(pelican), panelChoice: 'pelican' }), /Pelican/],
	])('is good with its panel %s', async (_how, keys, words) => {
		const { status, message } = await tested(keys());
		expect([status, message]).toEqual(['OK', expect.stringMatching(words)]);
	});

	/** A panel that was a Pterodactyl keeps its keys. */
	const migrated = (): Keys => {
		const [applicationKey, accountKey] = (['ptla', 'ptlc'] as const).map((prefix, index) => {
			const token = `${prefix}_${'k'.repeat(43)}`;
			const kind = index === 0 ? 'application' : 'account';
			pelican.control.addKey({ kind, user: 'admin', token });
			return token;
		});
		return { url: pelican.url, applicationKey: `${applicationKey}`, accountKey: `${accountKey}` };
	};

	it('takes Pterodactyl’s keys that a migrated panel still knows', async () => {
		expect(await tested(migrated())).toMatchObject({ status: 'OK' });
	});

	it.each<[string, () => Keys, RegExp]>([
		[
			'another panel chosen than the keys are of',
			() => ({ ...keysOf(pelican), panelChoice: 'pterodactyl' }),
			/keys are Pelican’s \(papp_…, pacc_…\), but Pterodactyl is chosen/,
		],
		[
			'another panel chosen than it is',
			() => ({ ...migrated(), panelChoice: 'pterodactyl' }),
			/^Panel: The panel is a Pelican, but the credential says Pterodactyl/,
		],
		[
			'the keys of a Pterodactyl on a Pelican',
			() => ({ ...keysOf(pterodactyl), url: pelican.url }),
			/application key is a key of Pterodactyl \(ptla_…\), but the panel is a Pelican/,
		],
		[
			'the keys of a Pelican on a Pterodactyl',
			() => ({ ...keysOf(pelican), url: pterodactyl.url }),
			/application key is a key of Pelican \(papp_…\), but the panel is a Pterodactyl/,
		],
		[
			'keys of both',
			() => ({ ...keysOf(pelican), accountKey: pterodactyl.accountKey }),
			/different panels: the application key is Pelican’s, the account key Pterodactyl’s/,
		],
		[
			'a Pelican’s keys swapped',
			() => ({
				url: pelican.url,
				applicationKey: pelican.accountKey,
				accountKey: pelican.applicationKey,
			}),
			/swapped/,
		],
		[
			'a Pelican’s account key twice',
			() => ({ ...keysOf(pelican), applicationKey: pelican.accountKey }),
			/account key \(pacc_\).*API Keys/,
		],
	])('fails with %s, in one sentence without the keys', async (_what, keys, words) => {
		const { status, message } = await tested(keys());
		expect([status, message]).toEqual(['Error', expect.stringMatching(words)]);
		expect(message).not.toMatch(/(ptl[ac]|papp|pacc)_\w{10}/);
	});

	const checked = async (keys: Keys): Promise<Record<string, string>> => {
		const tierPlan = JSON.stringify(planDocument());
		const parameters = { resource: 'setup', operation: 'check', tierPlan };
		const items = await execute(keys, { parameters });
		const problems = items.filter(({ json }) => json.level === 'problem');
		return Object.fromEntries(
			problems.map(({ json }) => [String(json.check), String(json.finding)]),
		);
	};

	it('of a Pelican has no problem for Check Setup', async () => {
		expect(await checked(keysOf(pelican))).toEqual({});
	});

	it.each<[string, string, () => Keys, RegExp]>([
		[
			'keys of both',
			'Credential',
			() => ({ ...keysOf(pelican), accountKey: pterodactyl.accountKey }),
			/different panels/,
		],
		[
			'the keys of another panel',
			'Application key',
			() => ({ ...keysOf(pterodactyl), url: pelican.url }),
			/is a key of Pterodactyl \(ptla_…\), but the panel is a Pelican/,
		],
		[
			'the wrong panel',
			'Permissions',
			() => ({ ...migrated(), panelChoice: 'pterodactyl' }),
			/The panel is a Pelican, but the credential says Pterodactyl/,
		],
	])('with %s has one under %s', async (_what, check, keys, words) => {
		expect((await checked(keys()))[check]).toMatch(words);
	});

	it('that names the wrong panel stops a run before it changes anything', async () => {
		const keys: Keys = { ...keysOf(pelican), panelChoice: 'pterodactyl' };
		const { error, advice } = await failing(keys, { ...ADA, grants: 'knight' });
		expect(error).toMatch(/The panel is a Pelican, but the credential says Pterodactyl/);
		expect(advice).toMatch(/Choose Pelican or Detect/);
		expect(writesTo(pelican)).toEqual([]);
	});
});
