import { atRest, eventually, simulatorOf } from '../../e2e/support.cjs';
import { EVENT, LOADED, LOADED_ADDRESSES, LOADED_PRODUCTS } from './bodies.cjs';
import { knock, scene } from './scene.cjs';

export function describeLoadedText(): void {
	describe('Text that some program somewhere would run or render', () => {
		const idOf = (index: number) => `evt_loaded_${index}`;
		const eventOf = (text: string, index: number) => ({
			...EVENT,
			subscription_id: text,
			customer_id: text,
			customer_email: `loaded${index}@example.com`,
			customer_name: text,
			previous_customer_id: text,
		});

		beforeAll(async () => {
			const events = [
				...LOADED.map((text, index) => [idOf(index), eventOf(text, index)] as const),
				...LOADED_PRODUCTS.map(
					(text, index) =>
						[text, { ...eventOf(`p${index}`, 100 + index), product_id: text, tier: text }] as const,
				),
				...LOADED_ADDRESSES.map(
					(text, index) =>
						[text, { ...eventOf(`a${index}`, 200 + index), customer_email: text }] as const,
				),
			];
			for (let start = 0; start < events.length; start += 5) {
				const answers = await Promise.all(
					events
						.slice(start, start + 5)
						.map(([id, event]) => knock(JSON.stringify({ ...event, event_id: id }))),
				);
				expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
			}
			await atRest(scene.stage, 120_000);
		});

		const rowsOf = async (table: string, column: string, value: string) =>
			(await (await scene.stage.editor()).rows(table)).filter((row) => row[column] === value);

		it.each(LOADED.map((text, index) => [text, index] as const))(
			'stays text in the log, the customer’s row and the panel: %s',
			async (text, index) => {
				const { product_id, status, ...said } = eventOf(text, index);
				const [event] = await rowsOf('paymenter_events', 'event_id', idOf(index));
				expect(event).toMatchObject({ ...said, product_id, status });
				const look = () => rowsOf('paymenter_customers', 'customer_email', said.customer_email);
				const [customer] = await eventually(look, ([row]) => Boolean(row?.last_run_at));
				expect(customer).toMatchObject({
					customer: `customer:${text}`,
					customer_id: text,
					customer_name: text,
					state: 'active',
					last_error: '',
				});
				const { users } = simulatorOf(scene.stage).state;
				const account = users.find(({ email }) => email === said.customer_email);
				expect(account?.externalId).toBe(`paymenter-${text}`);
				expect([text, `${text} -`]).toContain(`${account?.firstName} ${account?.lastName}`);
				expect(account?.rootAdmin).toBe(false);
			},
		);

		it.each(LOADED_PRODUCTS)('stays text as a product that nobody sells: %s', async (text) => {
			const [event] = await rowsOf('paymenter_events', 'event_id', text);
			expect(event).toMatchObject({ product_id: text, tier: text });
			const look = () =>
				rowsOf('paymenter_customers', 'customer_email', `${event?.customer_email}`);
			const [customer] = await eventually(look, ([row]) => row?.last_result === 'failed');
			expect(customer?.last_error).toContain(text);
		});

		it.each(LOADED_ADDRESSES)('stays text as an address: %s', async (text) => {
			const [event] = await rowsOf('paymenter_events', 'event_id', text);
			expect(event?.customer_email).toBe(text);
			const look = () => rowsOf('paymenter_customers', 'customer_email', text);
			const [customer] = await eventually(look, ([row]) => Boolean(row?.last_result));
			expect(customer?.customer_email).toBe(text);
		});
	});
}
