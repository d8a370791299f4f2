import { dangerFindings } from './dangerFindings';
import type { Facts } from './facts';
import { finding, type Finding, type Level } from './finding';
import {
	clockFindings,
	keyFindings,
	panelFindings,
	strangerFindings,
	unreadFindings,
} from './panelFindings';
import {
	permissionFindings,
	planFindings,
	productFindings,
	serverFindings,
	tierFindings,
} from './planFindings';
import { rankFindings } from './rankFindings';
import { tableFindings } from './tableFindings';

const LEVELS: Level[] = ['ok', 'note', 'warning', 'problem'];

/** All findings in reading order, with a summary first. */
export function findings(facts: Facts): Finding[] {
	const { plan, servers } = facts;
	const all = [
		...panelFindings(facts),
		...keyFindings(facts),
		...unreadFindings(facts),
		...clockFindings(facts),
		...dangerFindings(facts),
		...planFindings(facts),
		...(plan && servers ? [...tierFindings(plan, servers), ...serverFindings(plan, servers)] : []),
		...(plan ? [...permissionFindings(plan, facts), ...productFindings(plan, facts)] : []),
		...rankFindings(facts),
		...strangerFindings(facts),
		...tableFindings(facts),
	];
	return [summary(all), ...all];
}

function summary(all: Finding[]): Finding {
	const count = (level: Level) => all.filter((one) => one.level === level).length;
	const words = (['problem', 'warning', 'note'] as const)
		.filter((level) => count(level) > 0)
		.map((level) => `${count(level)} ${level}${count(level) === 1 ? '' : 's'}`);
	const worst = LEVELS[Math.max(...all.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok';
	return finding(
		'Summary',
		worst,
		[...words, `${count('ok')} in order`].join(', '),
		worst === 'problem' ? 'Fix the problems before you let customers in.' : '',
	);
}
