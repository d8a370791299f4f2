import { LONG_SCENARIOS } from './scenarios.cjs';
import type { Situation } from './situation.cjs';
import { tried } from './world.cjs';

jest.setTimeout(20 * 60_000);

it.each<[string, Situation]>(Object.entries(LONG_SCENARIOS))(
	'The writer, in every order of steps, with %s, ends with the access that the log entitles to',
	(_, situation) => {
		expect(tried(situation).wrong).toBeNull();
	},
);
