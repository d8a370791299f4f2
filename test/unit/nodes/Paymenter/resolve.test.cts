import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { event, moment } from '../../support/billing.cjs';
import { executeAll } from '../../support/contexts.cjs';

function row(...said: Parameters<typeof event>): IDataObject {
	return { ...event(...said) } as unknown as IDataObject;
}

function outputs(rows: IDataObject[], options: INodeParameters = {}, more: INodeParameters = {}) {
	return executeAll(
		new Paymenter(),
		{
			resource: 'subscription',
			operation: 'resolve',
			graceDays: 7,
			resolveOptions: options,
			...more,
		},
		rows,
	);
}

beforeAll(() => {
	jest.useFakeTimers({
		now: Date.parse(moment('05-04')),
		doNotFake: ['nextTick', 'setImmediate', 'setTimeout'],
	});
});
afterAll(() => jest.useRealTimers());

const resolve = async (...said: Parameters<typeof outputs>) => (await outputs(...said))[0] ?? [];

const other = { subscription_id: 's2', customer_id: '88', customer_email: 'bob@example.com' };

describe('Subscription → Resolve', () => {
	it('turns event rows into one entitlement per customer', async () => {
		const items = await resolve([
			row('failed', '05-03'),
			row('created', '05-01', other),
			row('created', '05-01'),
		]);
		expect(items.map(({ json }) => [json.customer, json.state])).toEqual([
			['customer:77', 'grace'],
			['customer:88', 'active'],
		]);
		expect(items[0]?.json).toMatchObject({
			next_change_at: moment('05-10'),
			explanation: expect.stringContaining('grace until 10 May 2026') as string,
		});
	});

	it('lets a refunded period run to its end only if it is told to', async () => {
		const rows = [row('created', '05-01', { paid_until: '2026-05-31' }), row('refunded', '05-03')];
		const states = [{}, { refundKeepsPeriod: false }, { refundKeepsPeriod: true }].map(
			async (options) => (await resolve(rows, options))[0]?.json.state,
		);
		expect(await Promise.all(states)).toEqual(['suspended', 'suspended', 'active']);
	});

	it('does not take customers without an address for one another', async () => {
		const items = await resolve([
			row('created', '05-01', { customer_email: null }),
			row('created', '05-01', { ...other, customer_email: null }),
		]);
		expect(items.map(({ json }) => json.customer)).toEqual(['customer:77', 'customer:88']);
	});

	it('follows the days of grace that are set', async () => {
		const rows = [row('created', '04-01'), row('failed', '05-01')];
		const [none] = await resolve(rows, {}, { graceDays: 0 });
		const [two] = await resolve(rows, {}, { graceDays: 5 });
		expect([none?.json.state, two?.json.state]).toEqual(['suspended', 'grace']);
	});

	it('never asks for an account to be deleted unless it is told after how long', async () => {
		const rows = [row('created', '03-01'), row('cancelled', '03-02')];
		const [kept] = await resolve(rows);
		const [gone] = await resolve(rows, { deleteAccountAfterDays: 30 });
		const [atOnce] = await resolve(rows, { deleteAccountAfterDays: 0 });
		expect([kept, gone, atOnce].map((item) => item?.json.access)).toEqual([
			'sync',
			'remove',
			'remove',
		]);
	});

	it('passes over the empty item of a search that found nothing', async () => {
		await expect(resolve([{}])).resolves.toEqual([]);
		await expect(resolve([{}, row('created', '05-01')])).resolves.toHaveLength(1);
	});

	it('holds customers of whom a row cannot be read, and nobody else', async () => {
		const bad = { id: 9, ...row('updated', '05-02'), paid_until: 'soon' };
		const items = await resolve([row('created', '05-01'), bad, row('created', '05-01', other)]);
		expect(items.map(({ json }) => [json.customer_id, json.access])).toEqual([
			['77', 'hold'],
			['88', 'sync'],
		]);
		expect(items[0]?.json.explanation).toMatch(
			/^Row 9 of the event log cannot be read \(Invalid date in "paid_until".*Subscription s1/,
		);
	});

	it('does not count rejected rows', async () => {
		const rejected = { ...row('cancelled', '05-02'), rejected: 'It belongs to no customer' };
		const [item] = await resolve([row('created', '05-01'), rejected]);
		expect(item?.json.state).toBe('active');
		const unreadable = { ...row('updated', '05-02'), event: 'ping', rejected: 'Unknown "event"' };
		const [held] = await resolve([row('created', '05-01'), unreadable]);
		expect(held?.json.access).toBe('sync');
	});

	it.each([
		['a list', [{ customer_id: '77' }]],
		['its text', '[{"customer_id":"77"}]'],
		['the items of another node', [{ json: { customer_id: '77' } }]],
	])(
		'first asks for more to be read where keys were not searched for, given %s',
		async (_, keys) => {
			const [entitlements, more] = await outputs([row('created', '05-01')], {
				searchedFor: keys as INodeParameters[string],
			});
			expect(entitlements).toEqual([]);
			expect(more?.map(({ json }) => json)).toEqual([
				{
					customer_email_1: 'ada@example.com',
					customer_id_1: '77',
					subscription_id_1: 's1',
					to_read: true,
				},
			]);
		},
	);

	it('has its entitlements once all was searched for, as without saying what', async () => {
		const rows = [row('created', '05-01')];
		const searchedFor = [
			{ customer_email: 'ada@example.com', customer_id: '77', subscription_id: 's1' },
		];
		const plain = await outputs(rows);
		expect(plain.map((items) => items.length)).toEqual([1, 0]);
		expect(await outputs(rows, { searchedFor })).toEqual(plain);
		expect(await outputs(rows, { searchedFor: '' })).toEqual(plain);
	});

	it.each(['{"customer_id":"77"}', 'no JSON', { customer_id: '77' }])(
		'refuses %j as what was searched for',
		async (searchedFor) => {
			await expect(resolve([{}], { searchedFor })).rejects.toThrow(/searchedFor" must be a list/);
		},
	);

	it('gives the same for rows that were read twice', async () => {
		const rows = [row('created', '05-01'), row('failed', '05-03')];
		const [once] = await resolve(rows);
		const [twice] = await resolve([...rows, ...rows].reverse());
		expect(twice?.json).toEqual(once?.json);
	});

	it('counts events that are only supposed as if they stood in the log', async () => {
		const gift = row('created', '05-02', {
			event: 'override.set',
			event_id: 'gift',
			subscription_id: '',
			product_id: null,
			tier: 'master',
			status: null,
		});
		const [item] = await resolve([row('created', '05-01')], { alsoCount: JSON.stringify([gift]) });
		expect(item?.json.grants).toEqual([{ product_id: null, tier: 'master' }]);
		expect(await resolve([{}], { alsoCount: [gift] as never })).toHaveLength(1);
		await expect(resolve([], { alsoCount: '{"event":1}' })).rejects.toThrow(
			/"Also Count".*must be a list/,
		);
		await expect(resolve([], { alsoCount: '[{"event":"x"}]' })).rejects.toThrow(
			/"Also Count".*"event"/,
		);
	});
});
