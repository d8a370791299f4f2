/** `npm run test:chaos`, `npm run test:queue`: the long form of suites that `npm test` runs in a short one. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

import { installedN8n, Unable } from './n8n/install.cjs';

const [project = '', ...more] = process.argv.slice(2);

installedN8n((line) => process.stdout.write(`${line}\n`)).then(
	() => {
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
		process.exit(status ?? 1);
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Unable ? error.message : String(error)}\n`);
		process.exit(1);
	},
);
