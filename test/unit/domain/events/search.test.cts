import { keysIn, packed } from '../../../../domain/events/search';

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
