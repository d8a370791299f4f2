import fc from 'fast-check';

import { TABLES } from '../../../../domain/tables';
import {
	AT,
	FORM,
	correction,
	failing,
	gaining,
	guarded,
	heldRow,
	losing,
	range,
	seen,
} from '../../support/guarded.cjs';

const four = range(4).map((id) => losing(id, 'Aurora'));
const cancelled = range(4).map((id) => correction(id));
const told = range(4).map((id) => heldRow(id, 'Aurora'));
const olivia = { actor: 'Olivia' };

describe('A night without surprises', () => {
	it('appends nothing and tells nothing if nobody differs', () => {
		const { events, alert, summary } = guarded({ preview: [seen(1), seen(2)] });
		expect(events).toEqual([]);
		expect(alert).toBeNull();
		expect(summary).toEqual({
			summary: '2 customers looked at, 0 corrections appended, 0 to apply again',
			customers: 2,
			with_access: 2,
			not_seen: 0,
			corrections: 0,
			apply_requested: 0,
			held: 0,
			let_through: 0,
			waiting: 0,
			waiting_until: null,
			new_subusers: [],
			nothing_to_lose: 0,
		});
	});

	it('tells nothing where there are no customers yet', () => {
		expect(guarded({})).toMatchObject({ events: [], alert: null, summary: { not_seen: 0 } });
	});

	it('appends what changed of customers, whoever else is held back', () => {
		const about = (id: number) =>
			correction(id, { event: 'customer.updated', event_id: `of-${id}`, subscription_id: '' });
		const { said, summary } = guarded({
			preview: [...four, seen(9)],
			corrections: [...cancelled, about(9), about(1)],
		});
		expect(said).toContain('customer.updated 9');
		expect(said).not.toContain('customer.updated 1');
		expect(summary).toMatchObject({ corrections: 1, held: 4 });
	});

	it('appends corrections as complete rows that wait for those of people', () => {
		const { events, summary } = guarded({
			preview: [losing(1, 'Aurora')],
			corrections: [correction(1)],
		});
		expect(events).toEqual([
			{
				...correction(1),
				received_at: AT,
				paid_until: '',
				is_overdue: null,
				ends_at: '',
				hold_until: '',
				customer_properties: '',
				override_until: null,
				actor: null,
				recorded: null,
				queue: `1 ${AT} ${correction(1).event_id}`,
			},
		]);
		for (const column of Object.keys(events[0] ?? {})) {
			expect(Object.keys(TABLES.paymenter_events)).toContain(column);
		}
		expect(summary).toMatchObject({ corrections: 1, apply_requested: 0 });
	});

	it('asks to apply those who differ without a correction, whatever they gain or lose', () => {
		const { said, events, summary } = guarded({
			preview: [gaining(1), losing(2, 'Aurora'), seen(3), seen(4, { outcome: 'skipped' })],
		});
		expect(said).toEqual(['apply.requested 1', 'apply.requested 2']);
		expect(events[0]).toMatchObject({
			event_id: 'reconcile-512-apply.requested-customer:1',
			occurred_at: AT,
			state_at: AT,
			received_at: AT,
			customer_email: null,
			reason: 'Knight: access given.',
			actor: null,
			source: 'reconcile',
			queue: `1 ${AT} reconcile-512-apply.requested-customer:1`,
		});
		expect(summary).toMatchObject({ with_access: 3, apply_requested: 2 });
	});

	it('tells why in no more than 300 characters', () => {
		const { events } = guarded({ preview: [{ ...gaining(1), summary: 'x'.repeat(400) }] });
		expect(events[0]?.reason).toBe('x'.repeat(300));
	});

	it('knows a customer without an id by the address', () => {
		const one = { ...gaining(1), customer: 'email:c1@example.com', customer_id: null };
		const { events } = guarded({ preview: [one] });
		expect(events[0]).toMatchObject({
			event_id: 'reconcile-512-apply.requested-email:c1@example.com',
			customer_id: null,
			customer_email: 'c1@example.com',
		});
	});

	it('does not ask twice for the two customers of a subscription that changed hands', () => {
		const { said } = guarded({
			preview: [losing(1, 'Aurora'), gaining(2)],
			corrections: [correction(2, { previous_customer_id: '1' })],
		});
		expect(said).toEqual(['subscription.cancelled 2']);
	});
});

describe('The limit', () => {
	it('lets three lose, and holds four', () => {
		expect(guarded({ preview: four.slice(1) }).summary).toMatchObject({ held: 0 });
		expect(guarded({ preview: four }).summary).toMatchObject({ held: 4, apply_requested: 0 });
	});

	it('is 5 % of those with access where that is more than three', () => {
		const others = range(95, 100).map((id) => seen(id));
		const five = range(5).map((id) => losing(id, 'Aurora'));
		expect(guarded({ preview: [...others, ...five] }).summary).toMatchObject({ held: 0 });
		expect(guarded({ preview: [...others.slice(1), ...five] }).summary).toMatchObject({ held: 5 });
	});

	it('does not count those without access', () => {
		const others = range(95, 100).map((id) => seen(id, { has_access: false }));
		const { summary } = guarded({ preview: [...others, ...four] });
		expect(summary).toMatchObject({ with_access: 4, held: 4 });
	});

	it('counts a server that takes no changes now, unless it stays theirs or never was', () => {
		const on = (server_id: string) => ({ server: server_id, server_id, permissions: [] });
		const blocked = (id: number, had: string[], plan: string[]) =>
			seen(id, {
				outcome: 'would change',
				summary: 'blocked',
				blocked: [{ server: 'Aurora', server_id: 'a', why: 'suspended' }],
				had: had.map(on),
				plan: plan.map(on),
			});
		const lost = range(4).map((id) => blocked(id, ['b', 'a'], ['b']));
		expect(guarded({ preview: lost }).events[0]).toMatchObject({
			event: 'changes.held',
			reason: 'would lose Aurora',
		});
		const kept = range(4).map((id) => blocked(id, ['a'], ['b', 'a']));
		expect(guarded({ preview: kept }).summary).toMatchObject({ held: 0 });
		const never = range(4).map((id) => blocked(id, ['b'], []));
		expect(guarded({ preview: never }).summary).toMatchObject({ held: 0 });
	});
});

describe('A loss of many at once', () => {
	it('appends nothing about those who would lose, but what is held back', () => {
		const { said, events, summary } = guarded({
			preview: [...four, gaining(5)],
			corrections: [...cancelled, correction(5)],
		});
		expect(said).toEqual([
			'subscription.cancelled 5',
			...range(4).map((id) => `changes.held ${id}`),
		]);
		expect(events[1]).toMatchObject({
			event_id: 'reconcile-512-changes.held-customer:1',
			reason: 'would lose Aurora',
			customer_email: null,
			actor: null,
		});
		expect(summary).toMatchObject({
			summary: '5 customers looked at, 1 corrections appended, 0 to apply again, 4 held back',
			held: 4,
			let_through: 0,
		});
	});

	it('is what a Paymenter restored from an old backup looks like: nothing is appended', () => {
		const half = range(50).map((id) => losing(id, 'Aurora', 'Ember'));
		const { said, summary } = guarded({
			preview: [...half, ...range(50, 51).map((id) => seen(id))],
			corrections: range(50).map((id) => correction(id)),
			rows: range(50).map((id) => heldRow(id, 'Aurora', 'Ember')),
		});
		expect(said).toEqual([]);
		expect(summary).toMatchObject({ with_access: 100, held: 50, corrections: 0 });
	});

	it('is not noted again while the row says the same, in whatever order the servers come', () => {
		const preview = range(4).map((id) => losing(id, 'Ember', 'Aurora', 'Ember'));
		const rows = [heldRow(1, 'Aurora', 'Ember'), heldRow(2, 'Aurora')];
		expect(guarded({ preview, rows }).said).toEqual([
			'changes.held 2',
			'changes.held 3',
			'changes.held 4',
		]);
	});

	it('keeps a subscription that would leave somebody who is held', () => {
		const moved = correction(9, { previous_customer_id: '1' });
		const { said } = guarded({ preview: [...four, gaining(9)], corrections: [moved] });
		expect(said).not.toContain('subscription.cancelled 9');
		expect(said).toContain('apply.requested 9');
	});

	it('keeps all corrections of a subscription together: one alone would move it, too', () => {
		const failed = correction(9, { event_id: 'f', event: 'payment.failed', subscription_id: 's' });
		const moved = correction(9, { previous_customer_id: '1', subscription_id: 's' });
		const { said } = guarded({ preview: [...four, gaining(9)], corrections: [failed, moved] });
		expect(said.filter((one) => one.startsWith('payment') || one.startsWith('sub'))).toEqual([]);
	});

	it('appends the correction of a customer who now has the address of one who is held', () => {
		const moved = correction(9, { customer_email: 'c1@example.com' });
		const { said } = guarded({ preview: [...four, seen(9)], corrections: [moved] });
		expect(said).toContain('subscription.cancelled 9');
	});

	it('holds the corrections of an address back for everybody who has it', () => {
		const byAddress = correction(1, { customer_id: null });
		const other = correction(7, { customer_id: null, customer_email: 'other@example.com' });
		const { said, summary } = guarded({ preview: four, corrections: [byAddress, other] });
		expect(summary).toMatchObject({ not_seen: 1 });
		expect(said[0]).toBe('subscription.cancelled other@example.com');
		expect(said.filter((one) => one.startsWith('subscription'))).toHaveLength(1);
	});

	it('is told with the names of five, and where to confirm', () => {
		const preview = range(7).map((id) => losing(id, 'Aurora'));
		const { alert } = guarded({
			preview: [
				...preview.slice(1),
				{ ...losing(1, 'Ember'), customer_email: null, summary: undefined },
			],
		});
		const names = range(4, 2).map(
			(id) => `c${id}@example.com (would lose Aurora; no access: access taken.)`,
		);
		expect(alert).toEqual({
			what_happened:
				'7 of 7 customers with access would lose servers, so nothing was taken from them. It is about customer 1 (would lose Ember; ); ' +
				`${names.join('; ')} and 2 more.`,
			what_to_do: `If these losses are right, open ${FORM} and confirm them.`,
		});
	});

	it('names five without a rest', () => {
		const { alert } = guarded({ preview: range(5).map((id) => losing(id, 'Aurora')) });
		expect(alert?.what_happened).toMatch(/c5@example\.com \([^)]+\)\.$/);
	});
});

describe('Confirmed losses', () => {
	it('are let through, in the name of who confirmed them', () => {
		const { said, events, alert, summary } = guarded({
			preview: four,
			corrections: cancelled.slice(0, 3),
			rows: told,
			confirmed: olivia,
		});
		expect(said).toEqual([
			'subscription.cancelled 1',
			'subscription.cancelled 2',
			'subscription.cancelled 3',
			'apply.requested 4',
			...range(4).map((id) => `changes.confirmed ${id}`),
		]);
		expect(events.at(-1)).toMatchObject({
			event_id: 'reconcile-512-changes.confirmed-customer:4',
			reason: 'would lose Aurora',
			actor: 'Olivia',
		});
		expect(alert).toBeNull();
		expect(summary).toMatchObject({
			summary: '4 customers looked at, 3 corrections appended, 1 to apply again, 4 let through',
			held: 0,
			let_through: 4,
		});
	});

	it('are only those that were told', () => {
		const more = range(4, 5).map((id) => losing(id, 'Aurora', 'Ember'));
		const { said, summary } = guarded({
			preview: [...four, ...more],
			rows: [...told, ...range(3, 5).map((id) => heldRow(id, 'Aurora'))],
			confirmed: olivia,
		});
		expect(said.filter((one) => one.startsWith('apply'))).toEqual(
			range(4).map((id) => `apply.requested ${id}`),
		);
		expect(said.filter((one) => one.startsWith('changes.held'))).toHaveLength(4);
		expect(summary).toMatchObject({ held: 4, let_through: 4 });
	});

	it('may be fewer than told, and of servers with commas in their names', () => {
		const preview = range(4).map((id) => losing(id, 'Frost, the cold one'));
		const rows = range(4).map((id) => heldRow(id, 'Ember', 'Frost, the cold one'));
		expect(guarded({ preview, rows, confirmed: olivia }).summary).toMatchObject({ let_through: 4 });
	});

	it('may be of several servers', () => {
		const preview = range(4).map((id) => losing(id, 'Ember', 'Aurora'));
		const rows = range(4).map((id) => heldRow(id, 'Aurora', 'Ember', 'Zephyr'));
		expect(guarded({ preview, rows, confirmed: olivia }).summary).toMatchObject({ let_through: 4 });
	});

	it('are held again without a confirmation', () => {
		expect(guarded({ preview: four, rows: told }).said).toEqual([]);
	});

	it('are nothing new when they were carried out', () => {
		const preview = range(4).map((id) => seen(id, { has_access: false }));
		const { said } = guarded({ preview, confirmed: olivia });
		expect(said).toEqual([]);
	});

	it('are released without anybody when they are few by now', () => {
		const { said, events } = guarded({ preview: four.slice(1), rows: told.slice(1) });
		expect(said.slice(3)).toEqual([
			'changes.confirmed 2',
			'changes.confirmed 3',
			'changes.confirmed 4',
		]);
		expect(events[3]).toMatchObject({ actor: null });
	});
});

describe('Who has nothing to lose any more', () => {
	it('is not held any more', () => {
		const { said, events, summary } = guarded({
			preview: [...four, seen(5)],
			rows: [heldRow(5, 'Ember')],
		});
		expect(said).toContain('changes.confirmed 5');
		expect(events.at(-1)).toMatchObject({ reason: 'nothing to lose any more', actor: null });
		expect(summary).toMatchObject({ nothing_to_lose: 1, let_through: 0 });
	});

	it('stays held while Paymenter cannot be compared', () => {
		const failures = [{ error: 'No answer', details: { advice: 'Start it' } }];
		expect(guarded({ preview: [seen(5)], rows: [heldRow(5, 'Ember')], failures }).said).toEqual([]);
	});

	it('stays held while nobody, or not they, can be looked at', () => {
		const rows = [heldRow(5, 'Ember')];
		expect(guarded({ preview: [], rows }).said).toEqual([]);
		const corrections = [correction(5)];
		expect(guarded({ preview: [seen(1), failing(5)], corrections, rows }).said).toEqual([]);
	});

	it('is asked for by rows that hold something only', () => {
		const rows = [{ customer: 'customer:1', held_changes: '' }, { customer: 'customer:2' }];
		expect(guarded({ preview: [seen(1), seen(2)], rows }).said).toEqual([]);
	});
});

describe('Customers who cannot be looked at', () => {
	it('are applied while they are few', () => {
		const { said, alert } = guarded({ preview: [...range(3).map(failing), seen(4)] });
		expect(said).toEqual(range(3).map((id) => `apply.requested ${id}`));
		expect(alert).toBeNull();
	});

	it('are left alone when they are many, and it is told', () => {
		const { said, alert, summary } = guarded({
			preview: [...range(3).map(failing), seen(4), gaining(5)],
			corrections: [correction(1), correction(6), correction(5)],
		});
		expect(said).toEqual(['subscription.cancelled 5']);
		expect(alert).toEqual({
			what_happened:
				'4 customers could not be looked at, so nothing was done about them: The panel is down.',
			what_to_do: 'Start the panel.',
		});
		expect(summary).toMatchObject({ not_seen: 4 });
		expect(summary.summary).toMatch(/, 4 not looked at$/);
	});

	it('are told of with the reason of one of them, whoever comes first', () => {
		const { alert } = guarded({ preview: [seen(0), ...range(4).map(failing)] });
		expect(alert?.what_happened).toContain('4 customers could not be looked at');
		expect(alert?.what_happened).toContain('The panel is down');
	});

	it('are those with corrections for an address that nobody looked at has, too', () => {
		const corrections = range(4).map((id) =>
			correction(id, { customer_id: null, customer_email: `new${id}@example.com` }),
		);
		const { said, summary } = guarded({ preview: [seen(9)], corrections });
		expect(said).toEqual([]);
		expect(summary).toMatchObject({ not_seen: 4 });
	});

	it('count once each', () => {
		const corrections = [correction(1), correction(1, { event_id: 'b' })];
		expect(guarded({ preview: [failing(1)], corrections }).summary).toMatchObject({ not_seen: 1 });
	});

	it('are left alone when nobody can be looked at, be they few', () => {
		const { said, alert } = guarded({ preview: [failing(1)], corrections: [correction(1)] });
		expect(said).toEqual([]);
		expect(alert).toEqual({
			what_happened: 'Nobody could be looked at: The panel is down.',
			what_to_do: 'Start the panel.',
		});
		expect(guarded({ corrections: [correction(1)] }).alert).toEqual({
			what_happened: 'Nobody could be looked at.',
			what_to_do: '',
		});
	});
});

describe('A Paymenter that does not answer', () => {
	it('is told, and the rest goes on', () => {
		const failures = [{ error: 'Paymenter refused the key', details: { advice: 'Create one' } }];
		const { said, alert } = guarded({ preview: [gaining(1)], failures });
		expect(said).toEqual(['apply.requested 1']);
		expect(alert).toEqual({
			what_happened: 'Paymenter could not be compared: Paymenter refused the key.',
			what_to_do: 'Create one.',
		});
	});

	it('is told without a reason, too', () => {
		expect(guarded({ preview: [seen(1)], failures: [{}] }).alert).toEqual({
			what_happened: 'Paymenter could not be compared: .',
			what_to_do: '',
		});
	});
});

describe('Whatever happens', () => {
	const customer = fc
		.integer({ min: 1, max: 60 })
		.chain((id) =>
			fc
				.constantFrom('seen', 'gaining', 'losing', 'losing', 'failing')
				.map((kind) =>
					kind === 'losing'
						? losing(id, 'Aurora')
						: { seen: seen(id), gaining: gaining(id), failing: failing(id) }[kind],
				),
		);
	const preview = fc
		.uniqueArray(customer, { maxLength: 60, selector: (one) => one?.customer })
		.map((list) => list.flatMap((one) => (one ? [one] : [])));
	const corrections = fc
		.uniqueArray(
			fc.tuple(fc.integer({ min: 1, max: 70 }), fc.option(fc.integer({ min: 1, max: 60 }))),
			{
				maxLength: 30,
				selector: ([id]) => id,
			},
		)
		.map((list) =>
			list.map(([id, previous]) =>
				correction(id, { previous_customer_id: previous === null ? null : String(previous) }),
			),
		);
	const rows = fc
		.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 30 })
		.map((ids) => ids.map((id) => heldRow(id, 'Aurora')));
	const confirmed = fc.constantFrom(null, olivia);
	const input = fc.record({ preview, corrections, rows, confirmed });

	const touched = (events: ReturnType<typeof guarded>['events']) =>
		new Set(
			events
				.filter(({ event }) => !event.startsWith('changes.'))
				.flatMap((one) => [one.customer_id, one.previous_customer_id]),
		);

	it('no more lose than the limit and a confirmation allow', () => {
		fc.assert(
			fc.property(input, (given) => {
				const result = guarded(given);
				const owners = touched(result.events);
				const toldTo = new Set(given.confirmed ? given.rows.map((row) => row.customer_id) : []);
				const losers = given.preview.filter(
					({ changes, customer_id: id }) =>
						changes?.some(({ what }) => what === 'access taken') && !toldTo.has(id),
				);
				const lost = losers.filter(({ customer_id: id }) => owners.has(id));
				const live = given.preview.filter((one) => one.has_access).length;
				expect(lost.length).toBeLessThanOrEqual(Math.max(3, live * 0.05));
				// All or none of them.
				expect([0, losers.length]).toContain(result.summary.held);
			}),
		);
	});

	it('nobody is both held and applied', () => {
		fc.assert(
			fc.property(input, (given) => {
				const { events } = guarded(given);
				const owners = touched(events);
				for (const { event, customer_id: id } of events) {
					if (event === 'changes.held') expect(owners).not.toContain(id);
				}
			}),
		);
	});

	it('the order of customers and rows does not matter', () => {
		fc.assert(
			fc.property(input, (given) => {
				const turned = {
					...given,
					preview: [...given.preview].reverse(),
					corrections: [...given.corrections].reverse(),
					rows: [...given.rows].reverse(),
				};
				const [one, other] = [guarded(given), guarded(turned)];
				expect([...one.said].sort()).toEqual([...other.said].sort());
				expect([one.alert, one.summary]).toEqual([other.alert, other.summary]);
			}),
		);
	});

	it('what is held is noted once, and a confirmation too', () => {
		fc.assert(
			fc.property(input, (given) => {
				const first = guarded(given);
				const kept = new Map(given.rows.map((row) => [row.customer, row]));
				for (const { event, customer_id: id, reason } of first.events) {
					const customer = `customer:${id}`;
					const held_changes = event === 'changes.held' ? reason : '';
					if (event.startsWith('changes.')) {
						kept.set(customer, { customer, customer_id: id, held_changes });
					}
				}
				// By then the writer has done what was appended.
				const done = touched(first.events);
				const again = guarded({
					...given,
					preview: given.preview.map((one) =>
						done.has(one.customer_id) ? seen(Number(one.customer_id), { has_access: false }) : one,
					),
					corrections: given.corrections.filter(({ customer_id: id }) => !done.has(id)),
					rows: [...kept.values()],
				}).said;
				const heldFirst = first.said
					.filter((one) => one.startsWith('changes.held'))
					.map((one) => one.replace('held', 'confirmed'));
				// A second confirmation is about those who were not told before the first.
				const may = given.confirmed ? heldFirst : [];
				expect(may).toEqual(
					expect.arrayContaining(again.filter((one) => one.startsWith('changes.'))),
				);
			}),
		);
	});

	it('each row has an id of its own', () => {
		fc.assert(
			fc.property(input, (given) => {
				const ids = guarded(given).events.map(({ event_id: id }) => id);
				expect(new Set(ids).size).toBe(ids.length);
			}),
		);
	});
});

describe('Customers who wait for the panel’s limit on new subusers', () => {
	const rowOf = (id: number, more: object = {}) => ({
		customer: `customer:${id}`,
		retry_at: '2026-05-20T09:00:00.000Z',
		granted: '{"aurora":["websocket.connect"]}',
		...more,
	});

	it('are left out, and counted: they are tried in time', () => {
		const later = { retry_at: new Date('2026-05-21T03:05:00.000Z') };
		const { said, summary } = guarded({
			preview: range(3).map(gaining),
			rows: [rowOf(1), rowOf(2, later)],
		});
		expect(said).toEqual(['apply.requested 3']);
		expect(summary).toMatchObject({ waiting: 2, waiting_until: '2026-05-21T03:05:00.000Z' });
		expect(summary.summary).toBe(
			'3 customers looked at, 0 corrections appended, 1 to apply again, 2 wait for the panel’s limit on new subusers until 2026-05-21 03:05 UTC at the latest',
		);
	});

	it('are asked for if the workflow was executed by hand: the limit may have been raised', () => {
		const { said, summary } = guarded({ preview: [gaining(1)], rows: [rowOf(1)], hurries: true });
		expect(said).toEqual(['apply.requested 1']);
		expect(summary).toMatchObject({ waiting: 0, waiting_until: null });
	});

	it.each([
		['wait for nothing', gaining(1), rowOf(1, { retry_at: null })],
		['fail', gaining(1), rowOf(1, { failing_since: '2026-05-20T01:00:00.000Z' })],
		[
			'lack one more server',
			{
				...gaining(1),
				changes: ['Aurora', 'Ember'].flatMap((name) => {
					const [first] = gaining(1).changes ?? [];
					return first ? [{ ...first, server: name, server_id: name.toLowerCase() }] : [];
				}),
			},
			rowOf(1),
		],
		['lack a server that is newer still', gaining(1), rowOf(1, { granted: '{"ember":["a.b"]}' })],
		['have a row that cannot be read', gaining(1), rowOf(1, { granted: '{' })],
		['have a row that records nothing', gaining(1), rowOf(1, { granted: null })],
		['would lose something, too', losing(1, 'Aurora'), rowOf(1)],
		['could not be looked at', failing(1), rowOf(1)],
		[
			'need a server that accepts no changes',
			{ ...gaining(1), blocked: [{ server: 'Ember', server_id: 'ember', why: 'suspended' }] },
			rowOf(1),
		],
	])('are asked for as ever if they %s', (_, one, row) => {
		expect(guarded({ preview: [one, seen(2)], rows: [row] }).said).toEqual(['apply.requested 1']);
	});
});

describe('A server that is new for many', () => {
	it('is in the summary, with the time by which all of them have it', () => {
		const { summary } = guarded({ preview: range(400).map(gaining) });
		expect(summary.new_subusers).toEqual([
			{ server: 'Aurora', count: 400, done_by: '2026-05-20T19:29:00.000Z' },
		]);
		expect(summary.summary).toMatch(
			/400 to apply again, 400 new subusers of Aurora, by 2026-05-20 19:29 UTC if the panel allows ten in 15 minutes$/,
		);
	});

	it('is not one on which access of many only changes or ends', () => {
		const others = range(20).map((id) => losing(id, 'Aurora'));
		expect(
			guarded({ preview: [...others, ...range(400, 21).map((id) => seen(id))] }).summary,
		).toMatchObject({
			apply_requested: 20,
			new_subusers: [],
		});
	});

	it('is nothing to speak of where one window is enough', () => {
		expect(guarded({ preview: range(7).map(gaining) }).summary.new_subusers).toEqual([]);
		expect(guarded({ preview: range(8).map(gaining) }).summary.new_subusers).toHaveLength(1);
	});
});
