import type { LogEvent } from '../../../../domain/events/event';
import type { CustomerProperties } from '../../../../domain/events/customerProperties';
import { propertyCorrections } from '../../../../domain/reconcile/corrections';
import { customerUpdated, event, moment, said } from '../../support/billing.cjs';

const KEYS = ['player', 'discord'];
const created = event('created', '05-01');
const known = (customer_properties: CustomerProperties) =>
	customerUpdated('05-02', { customer_properties });

function found(log: LogEvent[], truth: Record<string, CustomerProperties>, keys = KEYS) {
	const readAt = moment('05-20');
	return propertyCorrections(log, new Map(Object.entries(truth)), keys, readAt);
}

describe('Properties of customers that differ in Paymenter', () => {
	it('become an event about the customer', () => {
		expect(found([created], { 77: { player: 'ada', discord: null, other: 'x' } })).toEqual([
			{
				event_id: expect.stringMatching(/^reconcile-[0-9a-f]{32}$/) as string,
				event: 'customer.updated',
				occurred_at: moment('05-20'),
				state_at: moment('05-20'),
				received_at: moment('05-20'),
				subscription_id: '',
				customer_id: '77',
				customer_email: null,
				customer_name: null,
				previous_email: null,
				previous_customer_id: null,
				product_id: null,
				tier: null,
				status: null,
				customer_properties: { player: 'ada' },
				source: 'reconcile',
				reason: 'Changed in Paymenter: player',
			},
		]);
	});

	it.each<[string, CustomerProperties, CustomerProperties, CustomerProperties, string]>([
		['changed', { player: 'ada' }, { player: 'eve' }, { player: 'eve' }, 'player'],
		['removed', { player: 'ada' }, {}, {}, 'player'],
		['emptied', { player: 'ada', x: 'y' }, { player: null, x: 'z' }, { x: 'y' }, 'player'],
		[
			'added',
			{ player: 'a' },
			{ player: 'a', discord: '1' },
			{ player: 'a', discord: '1' },
			'discord',
		],
		['both', { player: 'a' }, { discord: '1' }, { discord: '1' }, 'player, discord'],
	])('%s: the others stay as they are', (_, before, truth, after, keys) => {
		const log = [created, known(before)];
		const corrections = found(log, { 77: truth });
		expect(corrections).toMatchObject([
			{ customer_properties: after, reason: `Changed in Paymenter: ${keys}` },
		]);
		expect(corrections[0]?.customer_properties).toEqual(after);
		expect(found([...log, ...corrections], { 77: truth })).toEqual([]);
	});

	it('are none where both agree, or nobody asks', () => {
		const log = [created, known({ player: 'ada', other: 'x', discord: null })];
		expect(found(log, { 77: { player: 'ada' } })).toEqual([]);
		expect(found(log, { 77: { player: 'eve' } }, [])).toEqual([]);
		expect(found([created], { 77: {} })).toEqual([]);
	});

	it('are none for strangers, for somebody deleted, or known by the address only', () => {
		expect(found([created], { 78: { player: 'ada' } })).toEqual([]);
		expect(found([customerUpdated('05-02')], { 77: { player: 'ada' } })).toEqual([]);
		expect(found([created, known({ player: 'ada' })], {})).toEqual([]);
		const byMail = event('created', '05-01', { customer_id: null });
		expect(found([byMail], { 77: { player: 'ada' }, null: { player: 'ada' } })).toEqual([]);
	});

	it('are none where an operator set something else', () => {
		const set = said('override.player', '05-03', { customer_properties: { player: 'eve' } });
		expect(found([created, known({ player: 'ada' }), set], { 77: { player: 'ada' } })).toEqual([]);
	});

	it('have one id as long as nothing else happens, and a new one afterwards', () => {
		const log = [created, known({ player: 'ada' })];
		const truth = { 77: { player: 'eve' } };
		const [first] = found(log, truth);
		expect(found([...log].reverse(), truth)).toEqual([first]);
		const back = customerUpdated('05-25', { customer_properties: { player: 'ada' } });
		const [again] = found([...log, ...(first ? [first] : []), back], truth);
		expect(again?.event_id).not.toBe(first?.event_id);
		const [other] = found(log, { 77: { player: 'bob' } });
		expect(other?.event_id).not.toBe(first?.event_id);
		const stranger = event('created', '05-10', { customer_id: '78', subscription_id: 's2' });
		expect(found([...log, stranger], truth)).toEqual([first]);
	});
});
