import type { LogEvent } from '../../../../domain/events/event';
import { customer, subscription } from '../../support/billing.cjs';
import { compareAt, inShort, service, told } from '../../support/truth.cjs';

const created = told('created', '05-01');
const NOON = '05-20 12:00';
const NOW = '2026-05-20T12:00Z';

describe('Where Paymenter and the log agree', () => {
	it.each([
		['active and paid', [created], service()],
		[
			'bought once',
			[told('created', '05-01', { paid_until: null })],
			service({ paid_until: null }),
		],
		[
			'suspended by hand',
			[created, told('updated', '05-10', { status: 'suspended' })],
			service({ status: 'suspended' }),
		],
		['cancelled', [created, told('cancelled', '05-10')], service({ status: 'cancelled' })],
		['not paid yet', [], service({ status: 'pending', paid_until: null })],
		['cancelled before the log began', [], service({ status: 'cancelled' })],
		['in grace for a card that failed early', [created, told('failed', '05-20')], service()],
	])('nothing is found: %s', (_, log, truth) => {
		expect(compareAt(NOON, log, [truth])).toEqual([]);
	});
});

describe('A gap between Paymenter and the log', () => {
	it.each([
		['a purchase that was never told', [], service(), [`subscription.created ${NOW}`]],
		[
			'a renewal that was never told',
			[told('created', '04-01', { paid_until: '2026-04-30' })],
			service(),
			[`payment.succeeded ${NOW}`],
		],
		[
			'a payment after a failure',
			[
				told('created', '04-01', { paid_until: '2026-04-30' }),
				told('failed', '04-29', { paid_until: '2026-04-30' }),
			],
			service(),
			[`payment.succeeded ${NOW}`],
		],
		[
			'a cancelled one that is active again',
			[created, told('cancelled', '05-02')],
			service(),
			[`subscription.created ${NOW}`],
		],
		[
			'one suspended by hand that is active again',
			[created, told('updated', '05-02', { status: 'suspended' })],
			service(),
			[`subscription.updated ${NOW}`],
		],
		[
			'a suspension by hand',
			[created],
			service({ status: 'suspended' }),
			[`subscription.updated ${NOW}`],
		],
		[
			'a cancellation',
			[created],
			service({ status: 'cancelled' }),
			[`subscription.cancelled ${NOW}`],
		],
		[
			'an order that was opened again',
			[created],
			service({ status: 'pending' }),
			[`subscription.updated ${NOW}`],
		],
		[
			'another product',
			[created],
			service({ product_id: 'frost-master' }),
			[`subscription.updated ${NOW}`],
		],
		[
			'another owner',
			[created],
			service({ customer_id: '78', customer_email: 'bob@example.com' }),
			[`subscription.updated ${NOW}`],
		],
		[
			'another address',
			[created],
			service({ customer_email: 'ada@new.example' }),
			[`subscription.updated ${NOW}`],
		],
		[
			'a date that was not told',
			[told('created', '05-01', { paid_until: undefined })],
			service(),
			[`subscription.updated ${NOW}`],
		],
		[
			'one-time made monthly',
			[told('created', '05-01', { paid_until: null })],
			service(),
			[`subscription.updated ${NOW}`],
		],
	])('is closed: %s', (_, log, truth, expected) => {
		const found = compareAt(NOON, log, [truth]);
		expect(inShort(found)).toEqual(expected);
		expect(found.every(({ source, reason }) => source === 'reconcile' && reason.length > 10)).toBe(
			true,
		);
		expect(compareAt(NOON, [...log, ...found], [truth])).toEqual([]);
		expect(compareAt('05-21', [...log, ...found], [truth])).toEqual([]);
	});

	it('names who had it before, and what their address was', () => {
		const [moved] = compareAt(
			NOON,
			[created],
			[service({ customer_id: '78', customer_email: 'bob@example.com' })],
		);
		expect(moved).toMatchObject({
			customer_id: '78',
			previous_customer_id: '77',
			previous_email: null,
		});
		const [renamed] = compareAt(NOON, [created], [service({ customer_email: 'ada@new.example' })]);
		expect(renamed).toMatchObject({
			customer_email: 'ada@new.example',
			previous_email: 'ada@example.com',
			previous_customer_id: null,
		});
	});

	it('is closed by one event where several things differ', () => {
		const truth = service({
			paid_until: '2026-06-30',
			product_id: 'frost-master',
			customer_email: 'ada@new.example',
		});
		expect(compareAt(NOON, [created], [truth])).toMatchObject([
			{
				event: 'payment.succeeded',
				product_id: 'frost-master',
				previous_email: 'ada@example.com',
				paid_until: '2026-06-30',
			},
		]);
	});
});

describe('"active" is no proof of a payment', () => {
	const failed = told('failed', '05-28');

	it('where the date has passed', () => {
		expect(compareAt('06-01', [created, failed], [service()])).toEqual([]);
		expect(compareAt('06-15', [created, failed], [service()])).toEqual([]);
		expect(compareAt('06-02', [], [service()])).toEqual([]);
	});

	it('but what is paid for lasts to the end of its last day, and one more', () => {
		expect(inShort(compareAt('06-01', [], [service()]))).toEqual([
			'subscription.created 2026-06-01T10:00Z',
		]);
	});

	it('where it ended by its planned end and the date has not moved on', () => {
		const log = [created, told('updated', '05-05', { ends_at: '2026-05-31' })];
		expect(compareAt('06-01', log, [service()])).toEqual([]);
		expect(compareAt('06-02 00:30', log, [service()])).toEqual([]);
		expect(compareAt('06-02 00:30', log, [service({ status: 'suspended' })])).toEqual([]);
	});

	it('but a date that moved on past the planned end is, and takes that end back', () => {
		const log = [created, told('updated', '05-05', { ends_at: '2026-05-31' })];
		const found = compareAt('06-01', log, [service({ paid_until: '2026-06-30' })]);
		expect(found).toMatchObject([{ event: 'payment.succeeded', ends_at: null }]);
		expect(subscription([...log, ...found], '06-20').state).toBe('active');
	});

	it('and one that was cancelled at once is active again although an end was planned', () => {
		const log = [
			created,
			told('updated', '05-05', { ends_at: '2026-05-31' }),
			told('cancelled', '05-06'),
		];
		const found = compareAt('05-07', log, [service()]);
		expect(inShort(found)).toEqual(['subscription.created 2026-05-07T10:00Z']);
		expect(subscription([...log, ...found], '05-08').state).toBe('active');
	});
});

it.each([
	['the log knows a date', {}],
	['the log knows that, but a debt too', { paid_until: null }],
])('What runs out no more owes nothing: %s', (_what, more) => {
	const life = [
		told('created', '05-01'),
		told('failed', '05-29', { ends_at: '2026-06-10' }),
		told('updated', '05-30', more),
	];
	const truth = [service({ paid_until: null })];
	const found = compareAt('06-03', life, truth);
	expect(inShort(found)).toEqual(['payment.succeeded 2026-06-03T10:00Z']);
	const log = [...life, ...found];
	expect(subscription(log, '07-20').state).toBe('active');
	expect(compareAt('06-04', log, truth)).toEqual([]);
});

describe('A suspension that was never told', () => {
	const suspended = service({ status: 'suspended' });

	it('of one that is overdue is a failed payment, on the day to which it was paid', () => {
		const found = compareAt('06-05', [created], [suspended]);
		expect(inShort(found)).toEqual(['payment.failed 2026-05-31T00:00Z']);
		// To the end of that day and one more, and then seven days.
		expect(subscription([...[created], ...found], '06-05').grace_until).toBe(
			'2026-06-09T00:00:00.000Z',
		);
	});

	it('gives no fresh week for an old debt, however often and late it is compared', () => {
		let log = [created];
		for (const when of ['06-05', '06-06', '06-20', '07-20']) {
			log = [...log, ...compareAt(when, log, [suspended])];
		}
		expect(log).toHaveLength(2);
		expect(subscription(log, '06-08 23:59').state).toBe('grace');
		expect(subscription(log, '06-09').state).toBe('suspended');
	});

	it('gives to one that the log never knew what is left of its grace', () => {
		const found = compareAt('06-05', [], [suspended]);
		expect(inShort(found)).toEqual([
			'subscription.created 2026-05-31T00:00Z',
			'payment.failed 2026-05-31T00:00Z',
		]);
		expect(subscription(found, '06-05').grace_until).toBe('2026-06-09T00:00:00.000Z');
		expect(subscription(found, '06-10').state).toBe('suspended');
		expect(compareAt('06-06', found, [suspended])).toEqual([]);
	});

	it('is found for one whose first event came after the day to which it was paid', () => {
		const log = [told('updated', '06-01', { previous_email: 'old@example.com' })];
		const found = compareAt('06-05', log, [suspended]);
		expect(subscription([...log, ...found], '06-05').state).toBe('grace');
		expect(compareAt('06-06', [...log, ...found], [suspended])).toEqual([]);
	});

	it('of a later period is a new failure, also after an older one', () => {
		const log = [created, told('failed', '05-28')];
		const later = service({ status: 'suspended', paid_until: '2026-06-30' });
		const found = compareAt('07-03', log, [later]);
		expect(subscription([...log, ...found], '07-03')).toMatchObject({
			state: 'grace',
			grace_until: '2026-07-09T00:00:00.000Z',
		});
		expect(compareAt('07-04', [...log, ...found], [later])).toEqual([]);
	});

	it.each([
		['the log began after that day', [told('created', '06-01')], '06-03'],
		[
			'it was lifted and came again',
			[
				told('created', '05-01'),
				told('failed', '06-02', { status: 'suspended' }),
				told('succeeded', '06-02 12:00'),
			],
			'06-04',
		],
	])('begins a grace of a week, and no other, where %s', (_what, before, day) => {
		let log: LogEvent[] = before;
		const states = new Set<string>();
		for (const when of [day, '06-05', '06-08', '06-13']) {
			log = [...log, ...compareAt(when, log, [service({ status: 'suspended' })])];
			states.add(subscription(log, when).state);
		}
		expect([...states]).toEqual(['grace', 'suspended']);
		expect(log.length - before.length).toBeLessThanOrEqual(2);
	});

	it('read before a payment that is in the log already does not undo it', () => {
		const life = [told('created', '05-01'), told('succeeded', '06-04 12:01')];
		const found = compareAt('06-04 12:00', life, [service({ status: 'suspended' })]);
		expect(subscription([...life, ...found], '06-05').state).toBe('active');
	});

	it('by hand does not become a failed payment when its date passes', () => {
		const log = [created, told('updated', '05-10', { status: 'suspended' })];
		expect(compareAt('06-05', log, [suspended])).toEqual([]);
		expect(subscription(log, '06-05').state).toBe('suspended');
	});

	it('tells of an address that changed meanwhile too, as of today', () => {
		const truth = service({ status: 'suspended', customer_email: 'ada@new.example' });
		const found = compareAt('06-03', [created], [truth]);
		expect(inShort(found)).toEqual([
			'payment.failed 2026-05-31T00:00Z',
			'subscription.updated 2026-06-03T10:00Z',
		]);
		const now = customer([created, ...found], '06-03');
		expect(now).toMatchObject({
			state: 'grace',
			customer_email: 'ada@new.example',
			previous_emails: ['ada@example.com'],
		});
		expect(now.subscriptions[0]?.grace_until).toBe('2026-06-09T00:00:00.000Z');
	});
});

describe('Missing at Paymenter', () => {
	it('is cancelled, once', () => {
		const found = compareAt(NOON, [created], []);
		expect(found).toMatchObject([
			{
				event: 'subscription.cancelled',
				subscription_id: '1',
				customer_id: '77',
				status: 'cancelled',
			},
		]);
		expect(compareAt('05-21', [created, ...found], [])).toEqual([]);
	});

	it('means nothing for subscriptions of other senders, and for those that have ended', () => {
		expect(compareAt(NOON, [told('created', '05-01', { subscription_id: 'shop-1' })], [])).toEqual(
			[],
		);
		expect(compareAt(NOON, [created, told('cancelled', '05-02')], [])).toEqual([]);
	});
});

describe('Products that the tier plan does not know', () => {
	const vps = service({ subscription_id: '2', product_id: 'vps' });

	it('are left out where the products are named', () => {
		expect(compareAt(NOON, [created], [service(), vps], ['fire-knight'])).toEqual([]);
		expect(compareAt(NOON, [created], [service(), vps])).toHaveLength(1);
	});

	it('end a subscription that is changed to one of them', () => {
		const truth = [service({ product_id: 'vps' })];
		const found = compareAt(NOON, [created], truth, ['fire-knight']);
		expect(inShort(found)).toEqual([`subscription.cancelled ${NOW}`]);
		expect(subscription([created, ...found], '05-21').state).toBe('cancelled');
		expect(compareAt('05-21', [created, ...found], truth, ['fire-knight'])).toEqual([]);
	});

	it('that were deleted leave a known subscription as it is, and cannot begin one', () => {
		const truth = service({ product_id: null });
		expect(compareAt(NOON, [created], [truth])).toEqual([]);
		expect(compareAt(NOON, [], [truth])).toEqual([]);
	});
});

describe('The ids of what is found', () => {
	const suspended = service({ status: 'suspended' });

	it('are the same for the same finding, so that two comparisons at once count once', () => {
		const ids = (when: string) =>
			compareAt(when, [created], [suspended]).map(({ event_id }) => event_id);
		expect(ids(NOON)).toEqual(ids('05-20 12:03'));
	});

	it('are new for the same finding later on', () => {
		let log = [created];
		for (const [when, truth] of [
			['05-10', suspended],
			['05-11', service()],
			['05-12', suspended],
		] as const) {
			log = [...log, ...compareAt(when, log, [truth])];
		}
		expect(log).toHaveLength(4);
		expect(subscription(log, '05-13').state).toBe('suspended');
	});
});

describe('What happened while Paymenter was read', () => {
	it('outranks what was read', () => {
		const found = compareAt('05-20 12:00', [], [service()]);
		const meanwhile = told('cancelled', '05-20 12:01');
		expect(subscription([...found, meanwhile], '05-20 12:02').state).toBe('cancelled');
	});
});

describe('A refunded or disputed subscription, of which Paymenter says nothing', () => {
	const refunded = told('refunded', '05-05');

	it.each([
		['refunded', refunded],
		['disputed', told('disputed', '05-05')],
		['refunded while a payment was missing', told('refunded', '05-05', { status: null })],
	])('is not reported as %s', (_, stop) => {
		expect(compareAt(NOON, [created, stop], [service()])).toEqual([]);
	});

	it('is not lifted by a later date, which is corrected all the same', () => {
		const truth = [service({ paid_until: '2026-06-30' })];
		const found = compareAt(NOON, [created, refunded], truth);
		expect(inShort(found)).toEqual([`subscription.updated ${NOW}`]);
		expect(subscription([created, refunded, ...found], '05-21')).toMatchObject({
			state: 'suspended',
			paid_until: '2026-06-30',
		});
		expect(compareAt('05-21', [created, refunded, ...found], truth)).toEqual([]);
	});

	it('is not lifted where it never expires any more', () => {
		const truth = [service({ paid_until: null })];
		const found = compareAt(NOON, [created, refunded], truth);
		expect(subscription([created, refunded, ...found], '05-21').state).toBe('suspended');
		expect(compareAt('05-21', [created, refunded, ...found], truth)).toEqual([]);
	});

	it('is reported once it was paid', () => {
		const paid = told('succeeded', '05-10');
		const truth = [service({ paid_until: '2026-06-30' })];
		const found = compareAt(NOON, [created, refunded, paid], truth);
		expect(inShort(found)).toEqual([`payment.succeeded ${NOW}`]);
	});

	it('is cancelled, or suspended, with Paymenter', () => {
		const cancelled = compareAt(NOON, [created, refunded], [service({ status: 'cancelled' })]);
		expect(inShort(cancelled)).toEqual([`subscription.cancelled ${NOW}`]);
		const suspended = compareAt(NOON, [created, refunded], [service({ status: 'suspended' })]);
		expect(inShort(suspended)).toEqual([`subscription.updated ${NOW}`]);
	});
});
