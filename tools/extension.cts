/** The tests of Paymenter's extension, for those who have PHP: `npm run test:extension`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = resolve(__dirname, '..', 'paymenter-extension');

export type Tested = { passed: number; failed: number } | { missing: string };

function run(command: string, ...args: string[]) {
	return spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
}

/** Installs what they need and runs them; says what is missing where they cannot be run. */
export function testExtension(say: (text: string) => void): Tested {
	const php = run('php', '-r', 'echo PHP_VERSION_ID;');
	if (php.status !== 0 || Number(php.stdout) < 80200) return { missing: 'PHP 8.2 or newer' };
	if (run('composer', '--version').status !== 0) return { missing: 'composer' };

	const installed = run('composer', 'install', '--no-interaction', '--quiet');
	if (installed.status !== 0) {
		say(`composer install failed:\n${installed.stdout}${installed.stderr}`);
		return { passed: 0, failed: 1 };
	}
	const reports = mkdtempSync(join(tmpdir(), 'paymenter-extension-'));
	const report = join(reports, 'junit.xml');
	const tested = run('php', 'vendor/bin/phpunit', '--no-progress', `--log-junit=${report}`);
	say(`${tested.stdout}${tested.stderr}`);
	try {
		// The first suite is the sum of all.
		const [suite = ''] = /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8')) ?? [];
		const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
		const failed = count('failures') + count('errors');
		const passed = count('tests') - failed - count('skipped');
		return { passed, failed: failed === 0 && tested.status !== 0 ? 1 : failed };
	} catch {
		return { passed: 0, failed: 1 };
	} finally {
		rmSync(reports, { recursive: true, force: true });
	}
}

if (require.main === module) {
	const say = (text: string) => process.stdout.write(`${text}\n`);
	const result = testExtension(say);
	if ('missing' in result) say(`These tests need ${result.missing}.`);
	process.exit('missing' in result || result.failed > 0 ? 1 : 0);
}
