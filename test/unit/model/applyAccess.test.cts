import type { LogEvent } from '../../../domain/entitlement/entitlement';
import { modelOf, SHIPPED, type Rules, type Situation } from './applyAccess.cjs';
import { explore } from './explore.cjs';

const event = (minute: number, more: Partial<LogEvent>): LogEvent => {
	const at = `2026-05-01T10:0${minute}:00.000Z`;
	return {
		event_id: `evt_${minute}`,
		event: 'subscription.updated',
		occurred_at: at,
		state_at: at,
		subscription_id: '1',
		customer_id: '7',
		customer_email: 'ada@example.com',
		customer_name: 'Ada',
		previous_email: null,
		previous_customer_id: null,
		product_id: 'low',
		tier: null,
		status: 'active',
		paid_until: '2026-07-01',
		...more,
	};
};

const BOUGHT = event(1, { event: 'subscription.created' });
const RAISED = event(2, { product_id: 'high' });
const PAID = event(3, { event: 'payment.succeeded', product_id: 'high' });
const LOWERED = event(3, { product_id: 'low' });
const ENDED = event(4, { event: 'subscription.cancelled', status: 'cancelled' });

const tried = (
	situation: Situation,
	rules: Partial<Rules> = {},
	when: 'afterTheRun' | 'atOnce' = 'afterTheRun',
) => {
	const model = modelOf(situation, { ...SHIPPED, ...rules });
	return explore(model.start, model.moves, model[when]);
};

describe('Executions on one customer, in every order of their steps,', () => {
	it.each<[string, Situation]>([
		['two', { events: [BOUGHT, RAISED] }],
		['two, of which one takes what the other gives', { events: [BOUGHT, ENDED] }],
		[
			'two, on doubled rows',
			{ events: [BOUGHT, ENDED], rows: [['activity.read'], ['activity.read']] },
		],
		['two, of which one dies anywhere', { events: [BOUGHT, RAISED], deaths: 1 }],
		['two, of which both die anywhere', { events: [BOUGHT, ENDED], deaths: 2 }],
		['two, one of whose writes lands at any time', { events: [BOUGHT, ENDED], delays: 1 }],
		['two, with a death and a late write', { events: [BOUGHT, RAISED], deaths: 1, delays: 1 }],
		['three', { events: [BOUGHT, RAISED, ENDED] }],
		['three, of which two mean the same', { events: [BOUGHT, RAISED, PAID] }],
		['three, of which one dies anywhere', { events: [BOUGHT, RAISED, ENDED], deaths: 1 }],
		['three that go there and back', { events: [BOUGHT, RAISED, LOWERED] }],
	])('%s, end in exactly what all events entitle to, within one 5-minute run', (_, situation) => {
		const { wrong, states, ends } = tried(situation);
		expect(wrong).toBeNull();
		expect(ends).toBeGreaterThan(0);
		expect(states).toBeGreaterThan(100);
	});

	it.each<[string, Partial<Rules>, Situation]>([
		['without marks that are left', { leavesMark: false }, { events: [BOUGHT, RAISED] }],
		['with one mark for all', { ownMarks: false }, { events: [BOUGHT, ENDED], deaths: 1 }],
		['stopping after a write', { goesOn: false }, { events: [BOUGHT, ENDED] }],
		[
			'forgetting a doubt in the next round',
			{ remembersDoubt: false },
			{ events: [BOUGHT, ENDED], delays: 1 },
		],
		[
			'without repair of doubled rows',
			{ rebuilds: false },
			{ events: [BOUGHT, ENDED], rows: [['activity.read'], ['activity.read']] },
		],
	])('%s, can end wrong: the rule is needed', (_, rules, situation) => {
		const { wrong } = tried(situation, rules);
		expect(wrong?.why).toMatch(/^entitled to .*, has /);
		expect(wrong?.steps.length).toBeGreaterThan(5);
	});

	it.each<[string, Situation]>([
		['two', { events: [BOUGHT, RAISED] }],
		['two, of which one takes what the other gives', { events: [BOUGHT, ENDED] }],
		['three', { events: [BOUGHT, RAISED, ENDED] }],
	])(
		'%s, give the right access at once, if none dies; not so without a second look',
		(_, situation) => {
			expect(tried(situation, {}, 'atOnce').wrong).toBeNull();
			expect(tried(situation, { looksAgain: false }, 'atOnce').wrong).not.toBeNull();
		},
	);
});
