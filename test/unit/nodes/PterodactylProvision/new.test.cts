import { failing, provision, provisionOne } from './support/node.cjs';
import { accessOf, inventedBy, usePanel, writesTo } from './support/panel.cjs';

const panel = usePanel();
const ADA = { id: 77, email: 'ada@example.com', name: 'Ada', grants: 'knight' };
const FROST_SERVERS = 3;
const IS_NEW = () => ({ isNew: true });
const buys = (fields: object = {}) =>
	provisionOne(panel, { ...ADA, ...fields }, { request: IS_NEW });

const accounts = () => panel.state.users.filter(({ rootAdmin }) => !rootAdmin);

describe('A customer who is probably new', () => {
	it('has an account and all access after two calls more than there are servers', async () => {
		const { calls, outcome } = await buys();
		expect(outcome).toBe('changed');
		expect(calls).toBe(FROST_SERVERS + 2);
		expect(Object.keys(accessOf(panel, ADA.email))).toHaveLength(FROST_SERVERS);
	});

	it.each([
		['their own account', 'paymenter-77', ADA.email],
		['their own account, with an address of before', 'paymenter-77', 'old@example.com'],
		['an account without a mark', null, ADA.email],
		['an account without a mark, in other letters', null, 'ADA@Example.com'],
		['an account of another system', 'whmcs-5', ADA.email],
	])('and has %s gets access on that one', async (_, externalId, email) => {
		const before = accounts().length;
		const had = panel.control.addUser({ email, username: 'had', externalId });
		await buys({ earlier: 'old@example.com' });
		expect(accounts()).toHaveLength(before + 1);
		expect(Object.keys(accessOf(panel, had.id))).toHaveLength(FROST_SERVERS);
		expect(had.externalId).toBe(externalId ?? 'paymenter-77');
		expect(inventedBy(panel)).toEqual([]);
	});

	it('and whose address is another customer’s gets nothing; the error names both', async () => {
		panel.control.addUser({
			email: ADA.email,
			username: 'other',
			externalId: 'paymenter-78',
		});
		const result = await failing(panel, ADA, { request: IS_NEW });
		expect(result.error).toMatch(/\b77\b.*\b78\b|\b78\b.*\b77\b/);
		expect(accessOf(panel, 'other')).toEqual({});
	});

	it('and whose address is an administrator’s is left alone', async () => {
		panel.control.addUser({ email: ADA.email, username: 'boss', rootAdmin: true });
		expect((await buys()).outcome).toBe('skipped');
		expect(accessOf(panel, 'boss')).toEqual({});
	});

	it('and had another address before is looked for first', async () => {
		const old = panel.control.addUser({ email: 'old@example.com', username: 'old' });
		await buys({ earlier: ['old@example.com'] });
		expect(old).toMatchObject({ email: ADA.email, externalId: 'paymenter-77' });
	});

	it('and gets nothing gets no account', async () => {
		expect((await buys({ grants: '' })).outcome).toBe('unchanged');
		expect(writesTo(panel)).toEqual([]);
	});

	it('among many who are read in bulk is found there', async () => {
		panel.control.addUser({ email: ADA.email, username: 'had' });
		const ben = { ...ADA, id: 78, email: 'ben@example.com' };
		const results = await provision(panel, { items: [ADA, ben], request: IS_NEW });
		expect(results.map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
		expect(Object.keys(accessOf(panel, 'had'))).toHaveLength(FROST_SERVERS);
	});

	it('is refused by a closed server, until it has opened', async () => {
		const closed = panel.control.server('Frost Path - Glacier');
		closed.status = 'suspended';
		const { blocked } = await buys();
		expect(blocked.map(({ server }) => server)).toEqual([closed.name]);
		closed.status = null;
		await buys({ id: 78, email: 'ben@example.com' });
		expect(Object.keys(accessOf(panel, 'ben@example.com'))).toHaveLength(FROST_SERVERS);
	});

	it('is told of a failed reading as all who shared it are, and the next reads anew', async () => {
		panel.control.fault({ kind: 'status', status: 403, method: 'GET', path: '/servers', times: 1 });
		const failed = await failing(panel, ADA, { request: IS_NEW });
		expect(failed.error).toMatch(/403/);
		expect((await buys()).outcome).toBe('changed');
	});

	it('and is known by the mark only is looked for all the same', async () => {
		panel.control.addUser({ email: ADA.email, username: 'ada', externalId: 'paymenter-77' });
		await buys({ id: 77, email: '' });
		expect(Object.keys(accessOf(panel, ADA.email))).toHaveLength(FROST_SERVERS);
	});
});
