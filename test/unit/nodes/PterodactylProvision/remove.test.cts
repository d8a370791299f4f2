import { failing, provision, provisionOne } from './support/node.cjs';
import { GLACIER, SNOWFALL, accessOf, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const C = 'websocket.connect';
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada' };
const remove = (request = {}) =>
	provisionOne(panel, ADA, { operation: 'remove', request: () => request });
const isThere = () => panel.state.users.some(({ email }) => email === ADA.email);

beforeEach(async () => {
	await provisionOne(panel, { ...ADA, grants: 'elder' });
	panel.control.clearCalls();
});

describe('Remove', () => {
	it('takes all access and deletes the account', async () => {
		const result = await remove();
		expect(isThere()).toBe(false);
		expect(panel.state.subusers).toEqual([]);
		expect(result.changes.map(({ what }) => what)).toEqual([
			...Array<string>(4).fill('access taken'),
			'account deleted',
		]);
		expect(result).toMatchObject({
			outcome: 'changed',
			account: null,
			account_kept: null,
			granted: {},
		});
	});

	it('takes the access row by row first, so that Wings revokes it: deleting the account alone does not [400]', async () => {
		await remove();
		const writes = writesTo(panel);
		const taken = writes.slice(0, -1);
		expect(taken.length).toBeGreaterThanOrEqual(4);
		expect(taken.every((call) => /^DELETE \/api\/client/.test(call))).toBe(true);
		expect(writes.at(-1)).toMatch(/^DELETE \/api\/application\/users/);
	});

	it('twice writes nothing the second time', async () => {
		await remove();
		panel.control.clearCalls();
		expect((await remove()).outcome).toBe('unchanged');
		expect(writesTo(panel)).toEqual([]);
	});

	const reasons: Array<[string, () => unknown, RegExp]> = [
		[
			'has no mark',
			() => panel.control.changeUser(ADA.email, { externalId: null }),
			/does not have this customer's external ID/,
		],
		[
			'has the mark of another system',
			() => panel.control.changeUser(ADA.email, { externalId: 'whmcs-1' }),
			/whmcs-1/,
		],
		[
			'owns a server',
			() => (panel.control.server('Hub').ownerId = panel.control.user(ADA.email).id),
			/Hub/,
		],
		[
			'owns a server of the plan',
			() => (panel.control.server(GLACIER).ownerId = panel.control.user(ADA.email).id),
			new RegExp(GLACIER),
		],
		[
			'has access to a server beyond the plan',
			() => panel.control.addSubuser({ server: 'Hub', user: ADA.email, permissions: [C] }),
			/Hub/,
		],
		[
			'has more than the plan’s permissions on a server',
			() => (panel.control.subusers(SNOWFALL)[0]!.permissions = [C, 'file.read']),
			new RegExp(SNOWFALL),
		],
	];

	it.each(reasons)('keeps an account that %s, and says so', async (_what, arrange, why) => {
		arrange();
		const result = await remove();
		expect(isThere()).toBe(true);
		expect(result.account_kept).toMatch(why);
		expect(result.summary).toMatch(/kept/);
		expect(result.changes.map(({ what }) => what)).not.toContain('account deleted');
		const { id } = panel.control.user(ADA.email);
		for (const [name, rows] of Object.entries(accessOf(panel, id))) {
			if (panel.control.server(name).ownerId !== id)
				expect(rows.flat()).not.toContain('backup.read');
		}
	});

	it('keeps an account with the address of a live customer', async () => {
		const result = await remove({ liveEmails: ['other@example.com', 'ADA@example.com'] });
		expect(isThere()).toBe(true);
		expect(result.account_kept).toMatch(/ada@example\.com/);
	});

	it('keeps the account of somebody without a customer id', async () => {
		panel.control.changeUser(ADA.email, { externalId: null });
		const result = await provisionOne(panel, { email: ADA.email }, { operation: 'remove' });
		expect(isThere()).toBe(true);
		expect(result.account_kept).toBeTruthy();
	});

	it('keeps an administrator, with all access', async () => {
		panel.control.changeUser(ADA.email, { rootAdmin: true });
		const result = await remove();
		expect(result.outcome).toBe('skipped');
		expect(writesTo(panel)).toEqual([]);
	});

	it('keeps another customer’s account, with all access', async () => {
		panel.control.changeUser(ADA.email, { externalId: 'paymenter-78' });
		await failing(panel, ADA, { operation: 'remove' });
		expect(writesTo(panel)).toEqual([]);
	});

	it('keeps an account that got another mark between look and deletion', async () => {
		const result = await provisionOne(panel, ADA, {
			operation: 'remove',
			beforeCall: ({ method }) => {
				if (method === 'DELETE')
					panel.control.changeUser(ADA.email, { externalId: 'paymenter-78' });
			},
		});
		expect(isThere()).toBe(true);
		expect(result.account_kept).toBeTruthy();
	});

	it('keeps an account whose access could not be taken for an error', async () => {
		panel.control.fault({ kind: 'status', status: 403, method: 'DELETE', path: '/client/' });
		const result = await failing(panel, ADA, { operation: 'remove' });
		expect(result.error).toBeTruthy();
		expect(isThere()).toBe(true);
	});

	it('does not tell an account as deleted that the panel would not delete', async () => {
		panel.control.fault({ kind: 'status', status: 400, method: 'DELETE', path: '/application/' });
		const result = await failing(panel, ADA, { operation: 'remove' });
		expect(result.error).toMatch(/customer 77/);
		expect(isThere()).toBe(true);
		expect(result.changes.map(({ what }) => what)).not.toContain('account deleted');
	});

	it.each<[string, () => unknown]>([
		['is suspended', () => panel.control.serverStatus(SNOWFALL, 'suspended')],
		['is on a node under maintenance', () => panel.control.nodeMaintenance(1, true)],
	])(
		'deletes an account whose access is all the plan’s although a server %s: it is the only way to take it there [380]',
		async (_what, close) => {
			close();
			const result = await remove();
			expect(isThere()).toBe(false);
			expect(result.blocked).toEqual([]);
		},
	);

	it('does not ask for tiers, nor for a name', async () => {
		const result = await provisionOne(
			panel,
			{ ...ADA, grants: 'no such tier' },
			{ operation: 'remove' },
		);
		expect(result.outcome).toBe('changed');
	});
});

it('After one item has removed the account, a later one of the same run makes it anew', async () => {
	const items = [
		{ ...ADA, grants: '' },
		{ ...ADA, grants: 'awakened' },
	];
	const [removed, made] = await provision(panel, {
		items,
		request: ({ grants }) => ({ removeAccount: grants === '' }),
	});
	expect(removed?.changes.map(({ what }) => what)).toContain('account deleted');
	expect(made?.changes.map(({ what }) => what)).toContain('account created');
	expect(Object.keys(accessOf(panel, ADA.email))).toHaveLength(3);
});

it('An operation that the node does not have is an error, and nobody loses access', async () => {
	// n8n takes the = off an expression here: what is left is a text that names no operation.
	const parameters = { operation: '={{ $json.what }}' };
	await expect(
		provision(panel, { items: [{ ...ADA, what: 'get', grants: 'elder' }], parameters }),
	).rejects.toThrow('Unknown operation');
	expect(writesTo(panel)).toEqual([]);
});

it.each([
	['Suspend', { operation: 'suspend' }],
	['Restore', { operation: 'restore', parameters: { recorded: '{}' } }],
] as const)('%s keeps the account', async (_name, run) => {
	const result = await provisionOne(panel, ADA, run);
	expect(isThere()).toBe(true);
	expect(result.account_kept).toBeNull();
});
