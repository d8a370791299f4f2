import { BOUGHT, ENDED, FAILED, HANDED_OVER, OF_BO, PAID, RAISED, TAKEN_OVER } from './events.cjs';
import type { Situation } from './situation.cjs';

const BOUGHT_AND_ENDED = { events: [BOUGHT, ENDED], inOrder: true };

/** The second event arrives while an execution is suspended. */
const SUSPENDED = { ...BOUGHT_AND_ENDED, naps: 1, inNaps: true };

/** The race of version 1: 7 servers had two subusers of the same customer afterwards. */
export const PAYMENT_RACE: Situation = { events: [BOUGHT, FAILED, PAID], inOrder: true };

export const SCENARIOS = {
	'two events, in any order': { events: [BOUGHT, ENDED] },
	'two events, and no schedule': { events: [BOUGHT, ENDED], hasSchedule: false },
	'three events, in any order': { events: [BOUGHT, RAISED, ENDED], batch: 1 },
	'two customers, and rounds that do not reach both': {
		events: [BOUGHT, OF_BO, ENDED],
		inOrder: true,
		shortRounds: 1,
	},
	'a subscription that is handed over': {
		events: [BOUGHT, OF_BO, HANDED_OVER],
		applied: 1,
		shortRounds: 1,
	},
	'a subscription that is handed over, without its former owner being named': {
		events: [BOUGHT, TAKEN_OVER],
		applied: 1,
		shortRounds: 1,
		failures: 1,
	},
	'two deaths': { ...BOUGHT_AND_ENDED, deaths: 2 },
	'a failure and a death': { ...BOUGHT_AND_ENDED, failures: 1, deaths: 1 },
	'a request that lands late': { ...BOUGHT_AND_ENDED, lostAnswers: 1 },
	'a request that lands late, and a death': { ...BOUGHT_AND_ENDED, lostAnswers: 1, deaths: 1 },
	'a writer suspended before it sends': { ...SUSPENDED, napsBefore: ['send request'] },
	'a writer suspended before it renews, adds or saves': {
		...SUSPENDED,
		napsBefore: ['renew lease', 'add customers', 'save customer'],
	},
	'a writer suspended, and a death': { ...SUSPENDED, napsBefore: ['get customers'], deaths: 1 },
} satisfies Record<string, Situation>;

/** These take minutes. */
export const LONG_SCENARIOS = {
	'a writer suspended anywhere': { ...BOUGHT_AND_ENDED, naps: 1 },
	'a writer suspended before it saves, and a failure': {
		...SUSPENDED,
		events: [BOUGHT, RAISED, ENDED],
		applied: 1,
		napsBefore: ['save customer'],
		failures: 1,
	},
	'a writer suspended before it reads, and a failure': {
		...SUSPENDED,
		napsBefore: ['get due events'],
		failures: 1,
	},
	'a writer suspended anywhere, and a failure': { ...BOUGHT_AND_ENDED, naps: 1, failures: 1 },
	'a writer suspended anywhere, and a death': { ...BOUGHT_AND_ENDED, naps: 1, deaths: 1 },
	'a writer suspended anywhere, and a request that lands late': {
		...BOUGHT_AND_ENDED,
		naps: 1,
		lostAnswers: 1,
	},
	'two requests that land late': { ...BOUGHT_AND_ENDED, lostAnswers: 2 },
} satisfies Record<string, Situation>;
