import type { LogEvent } from '../../../../domain/events/event';
import { at, customer, customerUpdated, event, moment, said } from '../../support/billing.cjs';

const created = event('created', '05-01');
const properties = (events: LogEvent[], key?: string) =>
	customer(events, '05-20', key).customer_properties;
const named = (
	...[when, customer_properties, more]: [string, LogEvent['customer_properties'], object?]
) => customerUpdated(when, { customer_properties, ...more });

describe('What billing says of a customer', () => {
	it('changes name and address, and nothing that was bought', () => {
		const before = customer([created], '05-20');
		const moved = customerUpdated('05-02', {
			customer_name: 'Ada L',
			customer_email: 'ada@new.example',
			previous_email: 'ada@example.com',
			...{ product_id: 'x', tier: 'y', status: 'cancelled', paid_until: '2026-01-01' },
		});
		expect(customer([moved, created], '05-20')).toEqual({
			...before,
			customer_name: 'Ada L',
			customer_email: 'ada@new.example',
			previous_emails: ['ada@example.com'],
		});
	});

	it('leaves the address alone if it was read earlier', () => {
		const old = customerUpdated('05-02', {
			state_at: moment('04-30'),
			customer_email: 'ada@old.example',
		});
		expect(customer([created, old], '05-20')).toMatchObject({
			customer_email: 'ada@example.com',
			previous_emails: ['ada@old.example'],
		});
	});

	it('makes no customer of somebody without a purchase', () => {
		const stranger = { customer_id: '9', customer_email: 'ben@example.com' };
		expect(at([customerUpdated('05-02', stranger)], '05-20')).toEqual([]);
		expect(at([customerUpdated('05-02', { ...stranger, customer_id: null })], '05-20')).toEqual([]);
		const past = { ...stranger, previous_email: 'b@example.com', previous_customer_id: null };
		expect(at([created, customerUpdated('05-02', past)], '05-20')).toHaveLength(1);
	});

	it('says who had the address, for events that name only that', () => {
		const bought = event('created', '05-03', { customer_id: null, customer_email: 'new@x.y' });
		const moved = customerUpdated('05-02', { customer_email: 'new@x.y' });
		expect(at([bought], '05-20')).toMatchObject([{ customer: 'email:new@x.y' }]);
		expect(at([moved, bought], '05-20')).toMatchObject([{ customer: 'customer:77' }]);
		const at1 = { occurred_at: moment('05-01'), state_at: moment('05-01') };
		const earlier = { ...bought, ...at1, customer_email: 'old@x.y' };
		const past = { ...moved, previous_email: 'old@x.y' };
		expect(at([past, earlier], '05-20')).toMatchObject([
			{ customer: 'customer:77', previous_emails: ['old@x.y'] },
		]);
	});

	it('counts for somebody who is known by the address alone', () => {
		const who = { customer_id: null };
		const events = [event('created', '05-01', who), named('05-02', { player: 'ada' }, who)];
		expect(customer(events, '05-20')).toMatchObject({
			customer: 'email:ada@example.com',
			customer_properties: { player: 'ada' },
		});
	});
});

describe('The properties of a customer', () => {
	it('are none where nothing is known', () => {
		expect(properties([created])).toEqual({});
	});

	it('come with any event of billing, sorted, without empty ones', () => {
		const all = { player: 'ada', discord_id: '7', left: null };
		expect(
			Object.entries(properties([event('created', '05-01', { customer_properties: all })])),
		).toEqual([
			['discord_id', '7'],
			['player', 'ada'],
		]);
	});

	it('are all replaced by the newest that are said', () => {
		const first = event('created', '05-01', { customer_properties: { player: 'ada', x: 'y' } });
		const second = named('05-03', { player: 'bob' });
		const silent = event('updated', '05-04');
		expect(properties([first, second, silent])).toEqual({ player: 'bob' });
		const older = named('05-05', { player: 'old' }, { state_at: moment('05-02') });
		expect(properties([older, first, second])).toEqual({ player: 'bob' });
		expect(properties([first, second, named('05-06', {})])).toEqual({});
	});

	it('belong to whom the event names', () => {
		const other = { customer_id: '78', customer_email: 'bob@example.com' };
		const events = [
			event('created', '05-01', { customer_properties: { player: 'ada' } }),
			event('updated', '05-02', { ...other, customer_properties: { player: 'bob' } }),
		];
		expect(properties(events, 'customer:77')).toEqual({ player: 'ada' });
		expect(properties(events, 'customer:78')).toEqual({ player: 'bob' });
	});
});

describe('What an operator says of a player', () => {
	const billed = event('created', '05-01', {
		customer_properties: { player: 'ada', discord: '1' },
	});
	const set = (when: string, customer_properties: LogEvent['customer_properties']) =>
		said('override.player', when, { customer_properties });

	it('stays over what billing says, also later, until it is emptied', () => {
		const events = [billed, set('05-02', { player: 'eve', discord: null })];
		expect(properties(events)).toEqual({ player: 'eve', discord: '1' });
		const later = [...events, named('05-03', { player: 'bob', discord: '2' })];
		expect(properties(later)).toEqual({ player: 'eve', discord: '2' });
		expect(properties([...later, set('05-04', { player: null })])).toEqual({
			player: 'bob',
			discord: '2',
		});
		expect(properties([...later, set('05-04', undefined)])).toMatchObject({ player: 'bob' });
	});

	it('is replaced as a whole', () => {
		const events = [billed, set('05-02', { player: 'eve' }), set('05-03', { discord: '9' })];
		expect(properties(events)).toEqual({ player: 'ada', discord: '9' });
	});

	it('neither overrides what was bought nor ends what does', () => {
		const player = set('05-03', { player: 'eve' });
		expect(customer([billed, player], '05-20').override).toBeNull();
		const hold = said('override.hold', '05-02');
		expect(customer([billed, hold, player], '05-20').access).toBe('hold');
		const restore = said('restore.requested', '05-02', { recorded: '{}' });
		const restored = customer([billed, hold, restore, player], '05-20');
		expect(restored.restored_under_hold).toBe('{}');
	});
});
