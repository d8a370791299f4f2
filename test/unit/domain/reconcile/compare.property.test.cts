import fc from 'fast-check';

import type { Status } from '../../../../domain/events/event';
import { at, subscription } from '../../support/billing.cjs';
import { compareAt, service, told } from '../../support/truth.cjs';

const day = (number: number) => new Date(Date.UTC(2026, 4, number)).toISOString();
const date = fc.option(
	fc.integer({ min: 1, max: 60 }).map((number) => day(number).slice(0, 10)),
	{ nil: null, freq: 8 },
);
const status = fc.constantFrom<Status>('active', 'active', 'suspended', 'cancelled', 'pending');
const person = fc.constantFrom(
	{ customer_id: '77', customer_email: 'ada@example.com' },
	{ customer_id: '77', customer_email: 'ada@new.example' },
	{ customer_id: '78', customer_email: 'bob@example.com' },
);
const product_id = fc.constantFrom('fire-knight', 'frost-master', 'vps');

const logged = fc.tuple(
	fc.constantFrom(
		...([
			'created',
			'updated',
			'failed',
			'succeeded',
			'refunded',
			'disputed',
			'cancelled',
		] as const),
	),
	fc.integer({ min: 1, max: 40 }),
	fc.record({ status, paid_until: date, product_id }),
	person,
	fc.option(date, { nil: undefined, freq: 2 }),
);
const truth = fc
	.record({ status, paid_until: date, product_id })
	.chain((state) => person.map((who) => service({ ...state, ...who })));

describe('A comparison', () => {
	it('finds nothing more when what it found is in the log, and little in the weeks after', () => {
		fc.assert(
			fc.property(
				fc.array(logged, { maxLength: 6 }),
				truth,
				fc.constantFrom<string[]>([], ['fire-knight', 'frost-master']),
				(events, one, products) => {
					const log = events.map(([short, number, state, who, endsAt], index) =>
						told(short, day(number), {
							...state,
							...who,
							...(endsAt === undefined ? {} : { ends_at: endsAt }),
							event_id: `evt-${index}`,
						}),
					);
					const found = compareAt(day(45), log, [one], products);
					expect(compareAt(day(45), [...log, ...found], [one], products)).toEqual([]);
					const isDue = one.paid_until !== null && one.paid_until < day(45).slice(0, 10);
					if (one.status === 'suspended' && isDue) {
						const customers = at([...log, ...found], day(45));
						const states = customers.flatMap((who) => who.subscriptions).map(({ state }) => state);
						expect(states).not.toContain('active');
					}
					// Time alone makes a suspended one overdue, or lets it end; but not each night anew.
					let later = [...log, ...found];
					for (let number = 46; number < 76; number++) {
						later = [...later, ...compareAt(day(number), later, [one], products)];
					}
					expect(later.length - log.length - found.length).toBeLessThanOrEqual(2);
				},
			),
			{ numRuns: 1000 },
		);
	});

	it('leads from an empty log to access for who is paid, and to none for who is not', () => {
		fc.assert(
			fc.property(truth, (one) => {
				const found = compareAt(day(45), [], [one]);
				const state = found.length > 0 ? subscription(found, day(45)).state : 'none';
				const today = day(45).slice(0, 10);
				const isPaid = one.paid_until === null || one.paid_until >= today;
				if (one.status === 'active' && isPaid) expect(state).toBe('active');
				if (one.status === 'suspended' && isPaid) expect(state).toBe('suspended');
				if (one.status === 'cancelled' || one.status === 'pending') expect(state).toBe('none');
			}),
		);
	});
});
