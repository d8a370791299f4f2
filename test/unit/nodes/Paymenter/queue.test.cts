import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { LEASE_MS } from '../../../../domain/work/lease';
import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { executeAll } from '../../support/contexts.cjs';

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
const MINUTE = 60_000;
const jsonOf = (outputs: Array<Array<{ json: IDataObject }>>) =>
	outputs.map((items) => items.map(({ json }) => json));
const EVENT = { event_id: 'e1', customer_id: '1', customer_email: 'A@x.y', subscription_id: 's1' };
const KEY = { customer_id_1: '1', customer_email_1: 'a@x.y', subscription_id_1: 's1' };

describe('Queue → Choose', () => {
	const chosen = async (parameters: INodeParameters, rows: IDataObject[] = [{}]) =>
		jsonOf(
			await executeAll(
				new Paymenter(),
				{ resource: 'queue', operation: 'choose', ...parameters },
				rows,
			),
		);
	const acquired = (at: number) => ({ term: 3, expires_at: new Date(at + LEASE_MS).toISOString() });

	it('says what to search the log by', async () => {
		const customer = { customer: 'customer:2', customer_id: '2', customer_email: 'b@x.y' };
		const acquiredLease = acquired(Date.now());
		expect(await chosen({ claimedEvents: [EVENT], acquiredLease }, [customer])).toEqual([
			[{ ...KEY, customer_id_2: '2', customer_email_2: 'b@x.y' }],
			[],
		]);
	});

	it('has nothing to do where nothing is due, and says when the lease is free: at once', async () => {
		const [work, ends] = await chosen({ acquiredLease: acquired(Date.now()) });
		expect(work).toEqual([]);
		expect(Object.keys(ends?.[0] ?? {})).toEqual(['free_at']);
		expect(Date.parse(String(ends?.[0]?.free_at))).toBeLessThan(Date.now() - 30_000);
	});

	it('goes on for an event that names nobody: the round must reject it', async () => {
		const nobodys = { id: 9, event_id: 'e9', event: 'subscription.created', customer_id: null };
		const [searches = [], ends] = await chosen({ claimedEvents: [nobodys] });
		expect(ends).toEqual([]);
		expect(searches).toHaveLength(1);
		const parameters = {
			resource: 'subscription',
			operation: 'resolve',
			graceDays: 7,
			resolveOptions: { searchedFor: searches as never },
		};
		expect(jsonOf(await executeAll(new Paymenter(), parameters, [{}]))).toEqual([[{}], []]);
	});

	it('passes on the keys that Resolve still wants to read, and nothing else', async () => {
		const wanted = { customer_id: '7', to_read: true };
		const parameters = { claimedEvents: [EVENT], round: 99 };
		expect(await chosen(parameters, [wanted, { customer: 'customer:2' }])).toEqual([[wanted], []]);
	});

	it('ends a run after ten minutes or twenty rounds, whatever is due', async () => {
		const parameters = { claimedEvents: [EVENT] };
		const count = async (more: INodeParameters) =>
			(await chosen({ ...parameters, ...more })).map((items) => items.length);
		expect(await count({ acquiredLease: acquired(Date.now() - 9 * MINUTE), round: 19 })).toEqual([
			1, 0,
		]);
		expect(await count({ acquiredLease: acquired(Date.now() - 11 * MINUTE) })).toEqual([0, 1]);
		expect(await count({ acquiredLease: acquired(Date.now()), round: 20 })).toEqual([0, 1]);
		expect(await count({ acquiredLease: {} })).toEqual([1, 0]);
	});
});

describe('Queue → Check', () => {
	const checked = async (parameters: INodeParameters) =>
		jsonOf(
			await executeAll(new Paymenter(), { resource: 'queue', operation: 'check', ...parameters }, [
				{},
			]),
		);
	const free = [{ name: 'apply', term: 3, expires_at: ago(MINUTE), updatedAt: ago(MINUTE) }];

	it('starts the writer if something is due and nobody works', async () => {
		const event = { event_id: 'e1', received_at: ago(1000) };
		expect(await checked({ leaseRows: free, firstEvent: [event] })).toEqual([[{}], [], []]);
		const customer = { customer: 'customer:1', due_at: ago(1000) };
		expect(await checked({ leaseRows: free, firstCustomer: [{ json: customer }] })).toEqual([
			[{}],
			[],
			[],
		]);
	});

	it('starts nothing if nothing is due, or somebody works', async () => {
		expect(await checked({ leaseRows: free })).toEqual([[], [], []]);
		const held = [{ name: 'apply', term: 3, expires_at: ago(-MINUTE) }];
		expect(await checked({ leaseRows: held, firstEvent: [{ event_id: 'e1' }] })).toEqual([
			[],
			[],
			[],
		]);
	});

	it('alerts if there is no lease row, with all that an alert takes', async () => {
		const [start, alerts] = await checked({ leaseRows: [{}] });
		expect(start).toEqual([]);
		expect(alerts).toEqual([
			{
				customer: '',
				customer_email: '',
				cause: 'There is no lease row',
				what_happened: expect.any(String) as string,
				what_to_do: expect.any(String) as string,
				execution_url: 'https://n8n.example.com/workflow/w1/executions/42',
			},
		]);
	});

	it('alerts if something has been waiting too long, and starts the writer all the same', async () => {
		const event = { event_id: 'e1', received_at: ago(11 * MINUTE) };
		const [start, alerts] = await checked({ leaseRows: free, firstEvent: [event] });
		expect(start).toHaveLength(1);
		expect(alerts).toMatchObject([{ cause: 'The queue does not move' }]);
	});

	it('starts Access Changed if a customer changed since its last run', async () => {
		const other = {
			name: 'access-changed',
			term: 0,
			expires_at: ago(MINUTE),
			last_run_at: ago(5 * MINUTE),
		};
		const leaseRows = [...free, other];
		const last = (minutes: number) => [{ changed_at: ago(minutes * MINUTE) }];
		expect(await checked({ leaseRows, lastChange: last(1) })).toEqual([[], [], [{}]]);
		expect(await checked({ leaseRows, lastChange: last(9) })).toEqual([[], [], []]);
		expect(await checked({ leaseRows: free, lastChange: last(1) })).toEqual([[], [], []]);
	});
});
