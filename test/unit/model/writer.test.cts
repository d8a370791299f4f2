import { LONG_SCENARIOS, PAYMENT_RACE, SCENARIOS } from './scenarios.cjs';
import type { Situation } from './situation.cjs';
import { tried } from './world.cjs';
import type { Rules } from './writer.cjs';

jest.setTimeout(60_000);

const ALL = { ...SCENARIOS, ...LONG_SCENARIOS };

describe('The writer, in every order of steps,', () => {
	it.each<[string, Situation]>(Object.entries(SCENARIOS))(
		'with %s, ends with the access that the log entitles to',
		(_, situation) => {
			const { states, ends, wrong } = tried(situation);
			expect(wrong).toBeNull();
			expect(ends).toBeGreaterThan(0);
			expect(states).toBeGreaterThan(100);
		},
	);

	it('never creates a second subuser when a payment fails and succeeds while it works', () => {
		expect(tried(PAYMENT_RACE, {}, { neverDoubles: true }).wrong).toBeNull();
		const twoHolders = tried(PAYMENT_RACE, { compareAndSet: false }, { neverDoubles: true });
		expect(twoHolders.wrong?.why).toBe('there are two subusers');
	});
});

describe('A rule is needed:', () => {
	it.each<[keyof Rules, keyof typeof ALL, why: RegExp]>([
		['compareAndSet', 'a subscription that is handed over', /has \[\[.*\],\[.*\]\]/],
		['deadline', 'a writer suspended before it sends', /entitled/],
		['renew', 'a writer suspended before it reads, and a failure', /entitled/],
		['fence', 'a writer suspended before it saves, and a failure', /entitled/],
		['unconfirmed', 'a request that lands late', /entitled/],
		['takeover', 'a writer suspended, and a death', /entitled/],
		['keepRecheck', 'a request that lands late', /entitled/],
		['freeAtOnce', 'two events, and no schedule', /not processed/],
		['lookOnceMore', 'two events, and no schedule', /not processed/],
		['markClaimed', 'two events, in any order', /entitled/],
		['markSaved', 'a subscription that is handed over', /entitled/],
		['logFirst', 'a writer suspended before it renews, adds or saves', /not logged/],
	])('without "%s" and with %s, it can end wrong', (rule, name, why) => {
		expect(tried(ALL[name], { [rule]: false }).wrong?.why).toMatch(why);
	});
});
