/** `npm test`: the lint, then all tests; ends with a line `N passed, N failed`. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { missingForBrowser } from './browser.cjs';
import { command } from './command.cjs';
import { testExtension } from './extension.cjs';
import { makeTemplate } from './lifecycle/stage.cjs';
import { installedN8n } from './n8n/install.cjs';
import { TEMPLATE } from './n8n/instance.cjs';
import { missingForQueueMode } from './n8n/queue.cjs';

const root = resolve(__dirname, '..');
const say = (line: string) => process.stdout.write(`${line}\n`);

const WITH_NPM = { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' } as const;

const npm = (...args: string[]) => spawnSync('npm', args, WITH_NPM).status ?? 1;

/** Goes on while other things are done. @returns its exit code */
async function lint(): Promise<number | null> {
	const [code] = (await once(spawn('npm', ['run', '-s', 'lint'], WITH_NPM), 'exit')) as [
		number | null,
	];
	return code;
}

async function main(): Promise<number> {
	let passed = 0;
	let failed = 0;
	say('Lint: the n8n community rules, formatting, types');
	const linting = lint();

	say('Paymenter’s extension');
	const extension = testExtension(say);
	if ('missing' in extension) {
		say(`Not tested here: its tests need ${extension.missing}. Everything else goes on.`);
	} else {
		passed += extension.passed;
		failed += extension.failed;
	}

	const onN8n = ['e2e', 'chaos'];
	for (const [project, what, missing] of [
		['queue', 'Queue mode', missingForQueueMode()],
		['browser', 'The demo’s page', missingForBrowser()],
	] as const) {
		if (missing) say(`${what} is not tested here. ${missing}`);
		else onN8n.push(project);
	}
	await installedN8n(say);
	const folder = mkdtempSync(join(tmpdir(), 'paymenter-pterodactyl-test-'));
	process.env[TEMPLATE] = await makeTemplate(join(folder, 'template'));
	if ((await linting) === 0) passed++;
	else failed++;
	for (const projects of [['unit'], ['contract'], onN8n]) {
		const report = join(folder, `${projects[0]}.json`);
		// Those that start a real n8n: a few at a time.
		const workers = projects === onN8n ? ['--maxWorkers=3'] : [];
		npm(
			'exec',
			'--',
			'jest',
			'--selectProjects',
			...projects,
			...workers,
			'--json',
			`--outputFile=${report}`,
		);
		try {
			const result = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
			passed += result.numPassedTests ?? 0;
			failed += (result.numFailedTests ?? 0) + (result.numRuntimeErrorTestSuites ?? 0);
			if ((result.numTotalTests ?? 0) === 0) failed++;
		} catch {
			failed++;
		}
	}
	rmSync(folder, { recursive: true, force: true });
	say(`${passed} passed, ${failed} failed`);
	return failed === 0 ? 0 : 1;
}

command(async () => {
	try {
		return await main();
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		say('0 passed, 1 failed');
		return 1;
	}
});
