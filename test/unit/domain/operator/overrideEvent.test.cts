import {
	OVERRIDE_ACTIONS,
	actionOf,
	planOverride,
} from '../../../../domain/operator/overrideEvent';
import type { Said } from '../../../../domain/operator/nextStep';
import { readRow } from '../../../../domain/events/row';
import { TABLES } from '../../../../domain/tables';

const NOW = new Date('2026-05-03T10:00:00.000Z');

interface Entered extends Partial<Said['answer']> {
	actor?: string;
	customer_id?: string;
	customer_email?: string;
}

function plan({
	actor = 'Olivia',
	customer_id = '77',
	customer_email = 'ada@example.com',
	...entered
}: Entered) {
	const blank = { tier: '', until: '', player: '', discord: '', confirm: '' };
	const answer = { action: 'Suspend', reason: 'why', ...blank, ...entered };
	const property_keys = { player: 'minecraft_username', discord: 'discord_id' };
	const page = { customer_id, customer_email, property_keys };
	return planOverride({ answer, actor }, page, 'operator-1', NOW);
}

function rowFor(said: Entered) {
	const planned = plan(said);
	if (typeof planned === 'string') throw new Error(planned);
	const [row] = planned.flatMap(({ events }) => events);
	if (!row) throw new Error('No event');
	return row;
}

describe('An override', () => {
	it.each([
		['Give a tier', { tier: 'knight' }, { event: 'override.set', tier: 'knight', status: null }],
		['Suspend', {}, { event: 'override.set', tier: null, status: null }],
		['Remove', {}, { event: 'override.set', tier: null, status: 'cancelled' }],
		['Back to automatic', {}, { event: 'override.clear', tier: null, status: null }],
		['Extend the grace', { until: '2026-05-09' }, { event: 'grace.extend', tier: null }],
		['Set player', {}, { event: 'override.player', tier: null, status: null }],
		['Apply again', {}, { event: 'apply.requested', tier: null, status: null }],
	])('"%s" becomes its event, and is named by it', (action, said, event) => {
		const row = rowFor({ action, ...said });
		expect(row).toMatchObject(event);
		expect(actionOf(row)).toBe(action);
	});

	it('covers every action of the form', () => {
		expect(OVERRIDE_ACTIONS).toEqual([
			'Give a tier',
			'Suspend',
			'Back to automatic',
			'Extend the grace',
			'Set player',
			'Remove',
			'Apply again',
		]);
	});

	it('is a complete row of the event log, to be processed before bulk work', () => {
		const row = rowFor({ reason: ' abuse ', actor: ' Olivia ' });
		expect(row).toMatchObject({
			event_id: 'operator-1',
			occurred_at: NOW.toISOString(),
			state_at: NOW.toISOString(),
			received_at: NOW.toISOString(),
			subscription_id: '',
			customer_id: '77',
			customer_email: 'ada@example.com',
			reason: 'abuse',
			actor: 'Olivia',
			source: 'operator',
			queue: `0 ${NOW.toISOString()} operator-1`,
		});
		for (const column of Object.keys(row)) {
			expect(Object.keys(TABLES.paymenter_events)).toContain(column);
		}
		expect(readRow(row)).toMatchObject({ event: 'override.set', reason: 'abuse' });
	});

	it('says who plays only where that is chosen', () => {
		const who = { player: ' Ada ', discord: ' 1132456789012345678 ' };
		const propertiesOf = (said: Entered) =>
			readRow(rowFor({ action: 'Set player', ...said })).customer_properties;
		expect(propertiesOf(who)).toEqual({
			minecraft_username: 'Ada',
			discord_id: '1132456789012345678',
		});
		expect(propertiesOf({ player: 'Ada' })).toEqual({
			minecraft_username: 'Ada',
			discord_id: null,
		});
		expect(propertiesOf({})).toEqual({ minecraft_username: null, discord_id: null });
		expect(propertiesOf({ player: 'x'.repeat(64) })).toMatchObject({ discord_id: null });
		expect(rowFor({ action: 'Suspend', ...who }).customer_properties).toBe('');
		expect(rowFor({ action: 'Set player', until: '2026-05-09' }).override_until).toBeNull();
	});

	it('takes the tier and the day only where they count', () => {
		const until = '2026-05-09';
		expect(rowFor({ tier: 'knight' }).tier).toBeNull();
		expect(rowFor({ until }).override_until).toBe(until);
		expect(rowFor({ action: 'Extend the grace', until }).override_until).toBe(until);
		expect(rowFor({ action: 'Back to automatic', until }).override_until).toBeNull();
		expect(rowFor({ action: 'Apply again', until }).override_until).toBeNull();
	});

	it('is about an address if the customer has no id', () => {
		expect(rowFor({ customer_id: '', customer_email: ' Ada@Example.com ' })).toMatchObject({
			customer_id: null,
			customer_email: 'ada@example.com',
		});
		expect(rowFor({ customer_id: '0' }).customer_id).toBeNull();
		expect(rowFor({ customer_email: '' }).customer_email).toBeNull();
	});

	it.each([
		[{ action: 'Give a tier' }, 'Choose the tier to give.'],
		[{ action: 'Extend the grace' }, 'Enter the day until which the grace is to last.'],
		[{ until: '2026-05-02' }, 'The day 2026-05-02 is over.'],
		[{ until: 'soon' }, 'soon is not a date such as 2026-05-31.'],
		[{ until: '2026-02-30' }, '2026-02-30 is not a date such as 2026-05-31.'],
		[
			{ action: 'Set player', player: 'x'.repeat(65) },
			'The player’s name is longer than 64 characters.',
		],
		[
			{ action: 'Set player', discord: 'ada' },
			'The Discord ID must be a number such as 1132456789012345678, not ada.',
		],
		[
			{ action: 'Set player', discord: ' <@1132456789012345678> ' },
			'The Discord ID must be a number such as 1132456789012345678, not <@1132456789012345678>.',
		],
		[
			{ action: 'Set player', discord: '1132456789012345678 ada' },
			'The Discord ID must be a number such as 1132456789012345678, not 1132456789012345678 ada.',
		],
		[
			{ action: 'Set player', discord: '@1132456789012345678' },
			'The Discord ID must be a number such as 1132456789012345678, not @1132456789012345678.',
		],
		[
			{ action: 'Set player', discord: '12345678901234' },
			'The Discord ID must be a number such as 1132456789012345678, not 12345678901234.',
		],
		[{ reason: ' ' }, 'Enter a reason.'],
		[{ actor: ' ' }, 'Enter your name on the first page.'],
		[{ customer_id: '', customer_email: ' ' }, 'Enter the e-mail of the customer.'],
	])('of %j is refused: %s', (said, problem) => {
		expect(plan(said)).toBe(`${problem} Go back, or open the form again.`);
	});

	it('may end today', () => {
		expect(rowFor({ until: '2026-05-03' }).override_until).toBe('2026-05-03');
	});

	it.each(['', 'suspend', 'toString'])('is not made of a page without a choice (%j)', (action) => {
		expect(plan({ action, reason: '' })).toEqual([]);
	});
});
