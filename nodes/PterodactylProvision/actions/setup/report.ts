const LEVELS = ['ok', 'note', 'warning', 'problem'] as const;

type Level = (typeof LEVELS)[number];

/** One thing that was looked at: how it is, and what to do about it. */
export interface Finding {
	check: string;
	level: Level;
	finding: string;
	what_to_do: string;
	details?: { servers: string[]; permissions: string[] };
}

/** Why something could not be read, and what to do about it. */
export interface Trouble {
	message: string;
	advice: string;
}

/** Collects findings in reading order. */
export class Report {
	readonly findings: Finding[] = [];

	/** Functions that add findings of one check: what is found, and what to do about it. */
	on(check: string) {
		const adding =
			(level: Level) =>
			(finding: string, what_to_do = '', more: Pick<Finding, 'details'> = {}) =>
				void this.findings.push({ check, level, finding, what_to_do, ...more });
		const problem = adding('problem');
		return {
			ok: adding('ok'),
			note: adding('note'),
			warning: adding('warning'),
			problem,
			trouble: ({ message, advice }: Trouble, before = '') =>
				problem(`${before}${message}.`.replace(/\.\.$/, '.'), advice),
		};
	}

	/** All findings, with a summary first. */
	summarized(): Finding[] {
		const count = (level: Level) => this.findings.filter((one) => one.level === level).length;
		const words = (['problem', 'warning', 'note'] as const)
			.filter((level) => count(level) > 0)
			.map((level) => `${count(level)} ${level}${count(level) === 1 ? '' : 's'}`);
		const level = LEVELS.findLast((one) => count(one) > 0) ?? 'ok';
		const summary: Finding = {
			check: 'Summary',
			level,
			finding: [...words, `${count('ok')} in order`].join(', '),
			what_to_do: level === 'problem' ? 'Fix the problems before you let customers in.' : '',
		};
		return [summary, ...this.findings];
	}
}
