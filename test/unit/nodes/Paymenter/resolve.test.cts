import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { event, moment } from '../../support/billing.cjs';
import { execute } from '../../support/contexts.cjs';

const NOW = moment('05-04');

function row(...said: Parameters<typeof event>): IDataObject {
	return { ...event(...said) } as unknown as IDataObject;
}

function resolve(rows: IDataObject[], options: INodeParameters = {}, more: INodeParameters = {}) {
	return execute(
		new Paymenter(),
		{
			resource: 'subscription',
			operation: 'resolve',
			graceDays: 7,
			resolveOptions: { asOf: NOW, ...options },
			...more,
		},
		rows,
	);
}

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
			resolved_at: NOW,
		});
	});

	it('says of each customer from which rows it comes', async () => {
		const items = await resolve([
			row('failed', '05-03'),
			row('created', '05-01', other),
			row('created', '05-01'),
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }],
			[{ item: 1 }],
		]);
	});

	it('does not take customers without an address for one another', async () => {
		const items = await resolve([
			row('created', '05-01', { customer_email: null }),
			row('created', '05-01', { ...other, customer_email: null }),
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], [{ item: 1 }]]);
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

	it('refuses a row that is none, naming the item and the column', async () => {
		const bad = { ...row('created', '05-01'), paid_until: 'soon' };
		await expect(resolve([row('created', '05-01'), bad])).rejects.toThrow(/Item 1 .*"paid_until"/);
	});

	it('refuses a moment that is none', async () => {
		await expect(resolve([row('created', '05-01')], { asOf: 'someday' })).rejects.toThrow(/As Of/);
	});

	it('answers for now where no moment is given', async () => {
		const before = new Date().toISOString();
		const [item] = await resolve([row('created', '05-01')], { asOf: '' });
		const said = String(item?.json.resolved_at);
		expect(said >= before && said <= new Date().toISOString()).toBe(true);
	});

	it.each([
		['a list', [{ customer_id: '77' }]],
		['its text', '[{"customer_id":"77"}]'],
	])('tells which keys were not searched for yet, given %s', async (_what, searchedFor) => {
		const [item] = await resolve([row('created', '05-01')], {
			searchedFor: searchedFor as INodeParameters[string],
		});
		expect(item?.json.unread).toEqual([
			{ customer_email: 'ada@example.com' },
			{ subscription_id: 's1' },
		]);
		expect(item?.json.keys).toHaveLength(3);
	});

	it('counts a row that was read twice once', async () => {
		const one = { id: 1, ...row('created', '05-01') };
		const two = { id: 2, ...row('failed', '05-03') };
		const [item] = await resolve([one, two, one]);
		expect(item?.json.events).toBe(2);
	});

	it('gives the same version for the same entitlement, and another one for another', async () => {
		const rows = [row('created', '05-01'), row('failed', '05-03')];
		const version = async (list: IDataObject[], asOf = NOW) =>
			(await resolve(list, { asOf }))[0]?.json.version;
		const first = await version(rows);
		expect(await version([...rows, ...rows].reverse(), moment('05-05'))).toBe(first);
		expect(await version(rows, moment('05-11'))).not.toBe(first);
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
		expect(item?.json).toMatchObject({ grants: [{ tier: 'master' }], events: 1 });
		expect(await resolve([{}], { alsoCount: [gift] as never })).toHaveLength(1);
		await expect(resolve([], { alsoCount: '{"event":1}' })).rejects.toThrow(
			/"Also Count".*must be a JSON list/,
		);
		await expect(resolve([], { alsoCount: '[{}]' })).rejects.toThrow(/"Also Count".*"event"/);
	});
});
