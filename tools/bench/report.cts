/** What a benchmark found, and where it is written down. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join, resolve } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { installedN8n, installedVersion } from '../n8n/install.cjs';
import { columns } from '../numbers.cjs';

export interface Finding {
	/** The first row is the head. */
	table: string[][];
	/** What the figures say, and what they do not. */
	notes: string[];
}

export interface Benchmark {
	name: string;
	title: string;
	/** What is done, and what is compared with what. */
	what: string;
	run: (say: (line: string) => void) => Promise<Finding>;
}

const FILE = join(resolve(__dirname, '..', '..'), 'BENCHMARKS.md');

/** `1.27`, `12.7`, `127`, `1,270`. */
export const figure = (value: number): string =>
	value >= 100
		? Math.round(value).toLocaleString('en-US')
		: value.toPrecision(3).replace(/\.?0+$/, '');

export const ratio = (value: number, to: number): string => `${figure(value / to)} ×`;

export const print = ({ table, notes }: Finding): string => [columns(table), ...notes].join('\n');

/** The machine, and whatever else the figures depend on. */
export async function conditions(): Promise<string> {
	const [cpu] = cpus();
	const n8n = installedVersion(await installedN8n(() => undefined));
	return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}, n8n ${n8n}, simulators on Node ${process.version}`;
}

/** Puts a benchmark's figures in place of those that BENCHMARKS.md has of it. */
export async function writeDown(
	{ name, title, what }: Benchmark,
	{ table, notes }: Finding,
	seconds: number,
	where: string,
): Promise<void> {
	const [head = [], ...rows] = table;
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	const section = [
		`<!-- ${name} -->`,
		'',
		`## ${title}`,
		'',
		what,
		'',
		line(head),
		line(head.map(() => '---')),
		...rows.map(line),
		'',
		...notes.map((note) => `- ${note}`),
		'',
		`\`npm run bench -- ${name}\`, ${Math.round(seconds)} s, ${new Date().toISOString().slice(0, 10)}.`,
		'',
		`<!-- end of ${name} -->`,
	].join('\n');
	const text = readFileSync(FILE, 'utf8').replace(/^Measured on .*$/m, `Measured on ${where}.`);
	const before = text.indexOf(`<!-- ${name} -->`);
	const end = `<!-- end of ${name} -->`;
	const after = text.indexOf(end) + end.length;
	const isThere = before !== -1 && after > before;
	const whole = isThere
		? text.slice(0, before) + section + text.slice(after)
		: `${text.trimEnd()}\n\n${section}\n`;
	const style = await resolveConfig(FILE);
	writeFileSync(FILE, await format(whole, { ...style, filepath: FILE }));
}
