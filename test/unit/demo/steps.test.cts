import { stepsOf } from '../../../demo/steps.cjs';

const ADA = 'ada@example.com';
const at = (second: number) => new Date(Date.UTC(2026, 4, 3, 10, 0, second)).toISOString();

const change = (id: number, second: number, more: object = {}) => ({
	id,
	at: at(second),
	what: 'access given',
	customer_email: ADA,
	server: `server ${id}`,
	why: 'Undone by Kim: mistake',
	execution_url: 'http://n8n/1',
	...more,
});

const event = (second: number, customer_email = ADA) => ({
	received_at: at(second),
	customer_email,
});

describe('The last changes on the panel', () => {
	it('are one line for what one execution did to one customer, the newest first', () => {
		const log = [
			change(3, 9, { what: 'access taken', execution_url: 'http://n8n/2' }),
			change(2, 5),
			change(1, 5),
		];
		expect(stepsOf(log, [])).toMatchObject([
			{ what: 'access taken', servers: ['server 3'], execution: 'http://n8n/2' },
			{
				what: 'access given',
				servers: ['server 1', 'server 2'],
				email: ADA,
				at: at(5),
				why: 'Undone by Kim: mistake',
			},
		]);
	});

	it('keep customers apart, and what is about no server', () => {
		const log = [
			change(1, 5, { what: 'account created', server: null }),
			change(2, 5, { customer_email: 'ben@example.com' }),
		];
		expect(stepsOf(log, []).map(({ email, servers }) => [email, servers])).toEqual([
			['ben@example.com', ['server 2']],
			[ADA, []],
		]);
	});

	it('tell how long it took since the customer’s latest event before', () => {
		const events = [event(1), event(3), event(4, 'ben@example.com'), event(8)];
		expect(stepsOf([change(1, 5)], events)[0]?.seconds).toBe(2);
	});

	it('tell no time where none of the customer’s events was shortly before', () => {
		expect(stepsOf([change(1, 5)], [event(6)])[0]?.seconds).toBeNull();
		const late = [change(1, 0, { at: '2026-05-03T10:02:00.000Z' })];
		expect(stepsOf(late, [event(1)])[0]?.seconds).toBeNull();
	});
});
