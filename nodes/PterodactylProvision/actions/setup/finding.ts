import type { Trouble } from './facts';

export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at: how it is, and what to do about it. */
export interface Finding {
	check: string;
	level: Level;
	finding: string;
	what_to_do: string;
	details?: { servers: string[]; permissions: string[] };
}

export const finding = (check: string, level: Level, words: string, whatToDo = ''): Finding => ({
	check,
	level,
	finding: words,
	what_to_do: whatToDo,
});

export const troubled = (check: string, { message, advice }: Trouble): Finding =>
	finding(check, 'problem', `${message}.`.replace(/\.\.$/, '.'), advice);
