import { keysIn, keysOf, packed, searchesFor, type LogKey } from '../../../../domain/events/search';
import { customerUpdated, event, override } from '../../support/billing.cjs';

const customers = (many: number) =>
	Array.from({ length: many }, (_, index) => ({ customer_id: String(index + 1) }));

describe('A search', () => {
	it('takes four keys of each column', () => {
		const keys = [
			...customers(5),
			{ customer_email: 'ada@example.com' },
			{ customer_id: '2', customer_email: null, subscription_id: 's1' },
		];
		expect(packed(keys)).toEqual([
			{
				customer_id_1: '1',
				customer_id_2: '2',
				customer_id_3: '3',
				customer_id_4: '4',
				customer_email_1: 'ada@example.com',
				subscription_id_1: 's1',
			},
			{ customer_id_1: '5' },
		]);
	});

	it('is needed for keys only', () => {
		expect(packed([])).toEqual([]);
		expect(packed([{ customer_id: null }, { subscription_id: '' }])).toEqual([]);
	});

	it('gives its keys back, as do objects with one key per column', () => {
		const keys = [...customers(9), { subscription_id: 's1' }];
		expect(keysIn(packed(keys))).toEqual(expect.arrayContaining(keys));
		expect(keysIn(packed(keys))).toHaveLength(keys.length);
		expect(keysIn([{ customer_id: 77, customer_email: '', to_read: true, other: 'x' }])).toEqual([
			{ customer_id: '77' },
		]);
	});
});

describe('the keys to search the log by', () => {
	it('are all ids, addresses and subscriptions that the events name, each once', () => {
		const events = [
			event('created', '05-01'),
			event('updated', '05-02', {
				customer_email: 'new@example.com',
				previous_email: 'ada@example.com',
				previous_customer_id: '66',
			}),
			event('created', '05-03', { subscription_id: 's2', customer_id: null }),
			override('set', '05-04'),
		];
		expect(keysOf(events)).toEqual([
			{ customer_email: 'ada@example.com' },
			{ customer_email: 'new@example.com' },
			{ customer_id: '66' },
			{ customer_id: '77' },
			{ subscription_id: 's1' },
			{ subscription_id: 's2' },
		]);
		expect(keysOf([...events].reverse())).toEqual(keysOf(events));
	});

	it('of an event about a customer are the id and both addresses', () => {
		expect(keysOf([customerUpdated('05-02', { previous_email: 'old@x.y' })])).toEqual([
			{ customer_email: 'ada@example.com' },
			{ customer_email: 'old@x.y' },
			{ customer_id: '77' },
		]);
	});

	it('are all to be searched for while one of them is missing: a search returns all rows anew', () => {
		const events = [event('created', '05-01')];
		const all = keysOf(events);
		for (const searched of [
			[],
			[{ customer_id: '77', customer_email: '', subscription_id: null }],
			[{ customer_email: 'ada@example.com', subscription_id: 's1' }],
			[{ customer_id: '77', customer_email: 'ada@example.com' }],
		]) {
			expect(searchesFor(events, searched)).toEqual(all);
		}
	});

	it('are told apart by letter case, other than addresses', () => {
		const events = [event('created', '05-01', { subscription_id: 'S1' })];
		const searched = [{ customer_id: '77', customer_email: 'ada@example.com' }];
		expect(searchesFor(events, [...searched, { subscription_id: 's1' }])).not.toEqual([]);
		expect(searchesFor(events, [...searched, { subscription_id: 'S1' }])).toEqual([]);
	});

	it('are done with once each was part of a search, in any case of letters', () => {
		const events = [event('created', '05-01'), override('set', '05-04')];
		expect(searchesFor(events, keysOf(events))).toEqual([]);
		expect(searchesFor(events, searchesFor(events, []))).toEqual([]);
		expect(
			searchesFor(events, [
				{ customer_email: 'ADA@example.com', subscription_id: 's1' },
				{ customer_id: 77 as unknown as string },
			]),
		).toEqual([]);
		expect(searchesFor([], [])).toEqual([]);
	});

	it('do not mix up an id with a subscription of the same number', () => {
		const events = [event('created', '05-01', { subscription_id: '5', customer_id: '5' })];
		const email = { customer_email: 'ada@example.com' };
		expect(searchesFor(events, [{ ...email, subscription_id: '5' }])).toEqual(keysOf(events));
		expect(searchesFor(events, [{ ...email, customer_id: '5' }])).toEqual(keysOf(events));
	});

	it('lead step by step to all events that concern a customer', () => {
		// 77 → s1 → 88, who has it now → bob's other address → s9, bought with that address only.
		const log = [
			event('created', '05-01'),
			event('updated', '05-02', { customer_id: '88', customer_email: 'bob@example.com' }),
			event('updated', '05-03', {
				customer_id: '88',
				customer_email: 'new@example.com',
				previous_email: 'bob@example.com',
				subscription_id: 's5',
			}),
			event('created', '05-04', {
				customer_id: null,
				customer_email: 'new@example.com',
				subscription_id: 's9',
			}),
			event('created', '05-04', {
				customer_id: '99',
				customer_email: 'stranger@example.com',
				subscription_id: 's10',
			}),
		];
		let searched: LogKey[] = [{ customer_id: '77' }];
		const found = () =>
			log.filter((one) =>
				keysOf([one]).some((key) => {
					const [[column, value]] = Object.entries(key) as [[keyof LogKey, string]];
					return searched.some((search) => search[column] === value);
				}),
			);
		let rounds = 0;
		for (let more = searchesFor(found(), searched); more.length > 0; rounds++) {
			searched = more;
			more = searchesFor(found(), searched);
		}
		expect(rounds).toBeLessThan(6);
		expect(found()).toEqual(log.slice(0, 4));
	});
});
