/** `npm run test:chaos`, `npm run test:queue`: the long form of suites that `npm test` runs in a short one. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

import { command } from './command.cjs';
import { installedN8n } from './n8n/install.cjs';

const [project = '', ...more] = process.argv.slice(2);

async function main(): Promise<number> {
	await installedN8n((line) => process.stdout.write(`${line}\n`));
	const { status } = spawnSync(
		'npm',
		['exec', '--', 'jest', '--selectProjects', project, '--runInBand', ...more],
		{
			cwd: resolve(__dirname, '..'),
			env: { ...process.env, LONG: '1' },
			stdio: 'inherit',
			shell: process.platform === 'win32',
		},
	);
	return status ?? 1;
}

command(main);
