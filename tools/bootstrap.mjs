// `npm start`, `npm test` and the like on a fresh machine: installs what is missing, then runs the real thing.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [task, ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) < 20) {
	fail(
		`This needs Node 20 or newer; here is ${process.version}. Install one from https://nodejs.org.`,
	);
}
if (!existsSync(join(root, 'node_modules', '.package-lock.json'))) {
	console.log('Installing the development dependencies: once, about a minute ...');
	const { status, output } = npm(['ci']);
	if (status !== 0) fail(explain(output));
}
const build = npm(['run', '-s', 'build']);
if (build.status !== 0) fail(`The package could not be built:\n${build.output}`);

const scripts = {
	start: 'tools/start.cts',
	test: 'tools/test.cts',
	long: 'tools/long.cts',
	bench: 'tools/bench/main.cts',
};
const child = spawn(process.execPath, ['--require', 'tsx/cjs', scripts[task], ...args], {
	cwd: root,
	stdio: 'inherit',
	env: { ...process.env, ...withoutProxy() },
});
// The child has it from the terminal too, and takes its time to clean up.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('error', (error) => fail(error.message));
child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));

/** n8n and the simulators are on this machine: a proxy is not asked for them. */
function withoutProxy() {
	const { NO_PROXY, no_proxy } = process.env;
	const names = [NO_PROXY || no_proxy, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
	return { NO_PROXY: names, no_proxy: names };
}

function npm(command) {
	const { status, stdout, stderr } = spawnSync('npm', command, {
		cwd: root,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	return { status, output: `${stdout}${stderr}` };
}

function explain(output) {
	if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(output)) {
		return 'No network: npm could not reach its registry. Connect (or set npm’s proxy or registry) and run the command again.';
	}
	if (/ENOSPC/.test(output)) return 'The disk is full. Free 5 GB and run the command again.';
	return `npm could not install the development dependencies:\n${output}`;
}

function fail(sentence) {
	console.error(sentence);
	process.exit(1);
}
