import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
	clearUnfinished,
	explainCompiler,
	explainDownload,
	putInPlace,
} from '../../../tools/n8n/install.cjs';

describe('What goes wrong while n8n is installed', () => {
	it.each([
		['npm error code ENOTFOUND\nnpm error network request failed', /^No network/],
		['npm error code EAI_AGAIN', /^No network/],
		['npm error code ENOSPC', /^The disk is full/],
		['npm error code ETARGET\nNo matching version found for n8n', /does not have n8n/],
		['something new', /could not install/],
	])('is a sentence that says what to do: %j', (output, sentence) => {
		expect(explainDownload(output)).toMatch(sentence);
	});

	it.each([
		['gyp ERR! stack Error: not found: make', /^No compiler/],
		['gyp ERR! find Python Python is not set', /^No compiler/],
		['make: g++: No such file or directory', /^No compiler/],
		['something new', /could not be built/],
	])('names the missing compiler: %j', (output, sentence) => {
		expect(explainCompiler(output)).toMatch(sentence);
	});
});

describe('An installation', () => {
	let home: string;
	const folder = (name: string, ...files: string[]) => {
		const path = join(home, name);
		mkdirSync(path);
		for (const file of files) writeFileSync(join(path, file), '');
		return path;
	};

	beforeEach(() => {
		home = mkdtempSync(join(tmpdir(), 'install-'));
	});

	afterEach(() => rmSync(home, { recursive: true }));

	it('that was interrupted is deleted, one that goes on is not', () => {
		const { pid: dead } = spawnSync(process.execPath, ['--version']);
		folder(`n8n-1.${dead}.part`, 'package.json');
		const others = [`n8n-1.${process.ppid}.part`, 'n8n-1', 'n8n-0.part'];
		for (const name of others) folder(name);
		clearUnfinished(home);
		expect(readdirSync(home).sort()).toEqual(others.sort());
		expect(() => clearUnfinished(join(home, 'none'))).not.toThrow();
	});

	it('takes the place of one that is not complete', () => {
		const target = folder('n8n-1', 'half');
		putInPlace(folder('n8n-1.1.part', 'complete'), target);
		expect(readdirSync(home)).toEqual(['n8n-1']);
		expect(readdirSync(target)).toEqual(['complete']);
	});

	it('gives way to one that is', () => {
		const target = folder('n8n-1', 'complete', 'theirs');
		putInPlace(folder('n8n-1.1.part', 'complete'), target);
		expect(readdirSync(target)).toEqual(['complete', 'theirs']);
	});
});
