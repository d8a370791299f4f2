import type { LogEvent } from '../../../../domain/events/event';
import type { Service } from '../../../../domain/reconcile/service';
import { subscription } from '../../support/billing.cjs';
import { compareAt, inShort, service, told } from '../../support/truth.cjs';

const created = told('created', '05-01');
const suspendedByHand = told('updated', '05-10', { status: 'suspended' });
const suspended = service({ status: 'suspended' });

const first = (when: string, log: LogEvent[], said: Partial<Service> = {}) =>
	compareAt(when, log, [service(said)])[0];

describe('A correction says why', () => {
	it.each<[Partial<Service>, LogEvent[], string]>([
		[{ product_id: 'frost-master' }, [created], 'Changed in Paymenter: product'],
		[{ customer_id: '78' }, [created], 'Changed in Paymenter: owner'],
		[
			{ customer_email: 'ada@new.example', product_id: 'x' },
			[created],
			'Changed in Paymenter: product, e-mail address',
		],
		[{ hold_until: '2026-06-05' }, [created], 'Changed in Paymenter: “Do not suspend until” date'],
		[
			{ paid_until: '2026-06-30' },
			[created],
			'Paid until 2026-06-30 in Paymenter, 2026-05-31 in the log',
		],
		[{ paid_until: null }, [created], 'Paid until forever in Paymenter, 2026-05-31 in the log'],
		[
			{},
			[told('created', '05-01', { paid_until: null })],
			'Paid until 2026-05-31 in Paymenter, no date in the log',
		],
		[
			{ paid_until: null },
			[
				told('created', '05-01', { paid_until: null }),
				told('updated', '05-10', { status: 'suspended', paid_until: null }),
			],
			'Paid until forever in Paymenter, suspended in the log',
		],
	])('%j', (said, log, reason) => {
		expect(first('05-20', log, said)?.reason).toBe(reason);
	});

	it('also if the failure or the end was never told', () => {
		expect(compareAt('06-05', [], [suspended]).map(({ reason }) => reason)).toEqual([
			'Was active until 2026-05-31',
			'Suspended in Paymenter, paid until 2026-05-31',
		]);
		expect(compareAt('05-20', [created], [])[0]?.reason).toBe('No longer exists in Paymenter');
		const vps = [service({ product_id: 'vps' })];
		expect(compareAt('05-20', [created], vps, ['fire-knight'])[0]?.reason).toBe(
			'Product changed to vps',
		);
	});
});

describe('A correction carries', () => {
	it('“Do not suspend until” where Paymenter has it, also that there is no such date', () => {
		const held = told('created', '05-01', { hold_until: '2026-06-05' });
		expect(first('05-20', [held], { hold_until: null })?.hold_until).toBeNull();
		expect(first('05-20', [created], { product_id: 'x' })).not.toHaveProperty('hold_until');
		expect(compareAt('05-20', [held], [service()])).toEqual([]);
		expect(compareAt('05-20', [held], [service({ hold_until: '2026-06-05' })])).toEqual([]);
	});

	it('the known product and tier where Paymenter has deleted the product', () => {
		expect(first('05-20', [created], { product_id: null, status: 'cancelled' })).toMatchObject({
			product_id: 'fire-knight',
			tier: 'knight',
		});
		expect(first('05-20', [created], { status: 'cancelled' })?.tier).toBeNull();
	});

	it('a change of owner today, and not in the past', () => {
		const truth = service({ status: 'suspended', customer_id: '78', customer_email: 'bob@x.y' });
		expect(compareAt('06-05', [created], [truth])).toMatchObject([
			{ event: 'payment.failed', customer_id: '78', previous_customer_id: null },
			{ event: 'subscription.updated', customer_id: '78', previous_customer_id: '77' },
		]);
	});

	it('an id that is short and tells who found it', () => {
		expect(first('05-20', [])?.event_id).toMatch(/^reconcile-[0-9a-f]{32}$/);
	});

	it('no status of today where it begins in the past', () => {
		expect(compareAt('06-05', [], [suspended]).map(({ status }) => status)).toEqual([
			null,
			'suspended',
		]);
	});

	it('the end of a subscription only to take it back: if it is paid for longer, or forever', () => {
		const ending = [created, told('updated', '05-05', { ends_at: '2026-06-20' })];
		expect(first('05-20', ending, { paid_until: '2026-06-20' })).not.toHaveProperty('ends_at');
		expect(first('05-20', ending, { paid_until: '2026-06-10' })).not.toHaveProperty('ends_at');
		expect(first('05-20', ending, { paid_until: '2026-06-21' })?.ends_at).toBeNull();
		expect(first('05-20', ending, { paid_until: null })?.ends_at).toBeNull();
		expect(first('05-20', [created], { paid_until: '2026-06-30' })).not.toHaveProperty('ends_at');
		expect(first('05-20', ending, { product_id: 'x' })).not.toHaveProperty('ends_at');
	});
});

describe('Nothing is corrected', () => {
	it.each<[string, string, LogEvent[], Partial<Service>]>([
		[
			'for a service without an owner',
			'05-20',
			[created],
			{ customer_id: null, status: 'cancelled' },
		],
		['where Paymenter leaves out the address', '05-20', [created], { customer_email: null }],
		[
			'where it ended as planned before the paid period does',
			'05-20',
			[created, told('updated', '05-05', { ends_at: '2026-05-10' })],
			{},
		],
		[
			'where a debt of one suspended by hand may be hidden',
			'06-05',
			[created, suspendedByHand],
			{},
		],
		[
			'for something else that changed with a cancellation',
			'05-20',
			[told('cancelled', '05-02')],
			{
				status: 'cancelled',
				product_id: 'x',
			},
		],
		['at the first moment after the last day of access', '06-02 00:00', [], {}],
	])('%s', (_what, when, log, said) => {
		expect(compareAt(when, log, [service(said)])).toEqual([]);
	});
});

describe('Subscriptions that Paymenter does not list', () => {
	it.each([
		['1', true],
		['12345', true],
		['12a', false],
		['a12', false],
	])('are asked for if Paymenter can have their id: %s', (subscription_id, isAsked) => {
		const found = compareAt('05-20', [told('created', '05-01', { subscription_id })], []);
		expect(found).toHaveLength(isAsked ? 1 : 0);
	});
});

it('A deleted product is not taken for one that is not sold', () => {
	const truth = [service({ product_id: null })];
	expect(compareAt('05-20', [created], truth, ['fire-knight'])).toEqual([]);
});

describe('A date', () => {
	it('that has passed is corrected if the log has another', () => {
		const found = compareAt('06-05', [created], [service({ paid_until: '2026-05-20' })]);
		expect(inShort(found)).toEqual(['subscription.updated 2026-06-05T10:00Z']);
	});

	it('that Paymenter no longer has is a payment', () => {
		const found = compareAt('05-20', [created], [service({ paid_until: null })]);
		expect(inShort(found)).toEqual(['payment.succeeded 2026-05-20T10:00Z']);
	});
});

describe('An overdue suspension that was never told', () => {
	it('is one from the first moment after the last paid day', () => {
		expect(inShort(compareAt('06-01 00:00', [created], [suspended]))).toEqual([
			'payment.failed 2026-05-31T00:00Z',
		]);
	});

	it('begins an order that the log knows as not yet paid', () => {
		const pending = told('created', '05-01', { status: 'pending' });
		expect(inShort(compareAt('06-05', [pending], [suspended]))).toEqual([
			'subscription.created 2026-05-31T00:00Z',
			'payment.failed 2026-05-31T00:00Z',
		]);
	});

	it('comes after an order was opened again, which settles older debts', () => {
		const log = [created, told('updated', '06-03', { status: 'pending' })];
		const found = compareAt('06-05', log, [suspended]);
		expect(subscription([...log, ...found], '06-05').state).toBe('grace');
	});

	it('is not put off by an event that settles nothing', () => {
		const log = [created, told('updated', '06-03')];
		expect(inShort(compareAt('06-05', log, [suspended]))).toEqual([
			'payment.failed 2026-05-31T00:00Z',
		]);
	});

	it('is dated after the last payment that was in the log when Paymenter was read', () => {
		const log = ['06-01', '06-03', '06-04 12:00', '06-04 12:01'].map((at) => told('succeeded', at));
		const found = compareAt('06-04 12:00', [created, ...log].reverse(), [suspended]);
		expect(inShort(found)).toEqual(['payment.failed 2026-06-03T10:00Z']);
	});
});
