/**
 * Puts a real n8n into the user's cache directory, once, for every checkout to use.
 * n8n is no dependency of the package: it is 3 GB and needs a newer Node than we do.
 */
import { spawn } from 'node:child_process';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statfsSync,
	writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const N8N_VERSION = '2.40.7';
const NODE_MAJOR = '24';
const DISK_NEEDED_BYTES = 4.5e9;

/** A reason why something cannot go on, already a sentence that says what to do. */
export class Unable extends Error {}

export interface N8nInstallation {
	/** The Node that runs n8n (n8n needs 24, we need 20). */
	node: string;
	/** n8n's own command, a JavaScript file for that Node. */
	n8n: string;
}

function cacheHome(): string {
	if (process.env.N8N_CACHE_DIR) return process.env.N8N_CACHE_DIR;
	if (process.env.XDG_CACHE_HOME) return process.env.XDG_CACHE_HOME;
	if (process.platform === 'win32' && process.env.LOCALAPPDATA) return process.env.LOCALAPPDATA;
	if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
	return join(homedir(), '.cache');
}

function installationIn(directory: string): N8nInstallation {
	const nodePackage = join(directory, 'node_modules', nodePackageName());
	return {
		node:
			process.platform === 'win32'
				? join(nodePackage, 'bin', 'node.exe')
				: join(nodePackage, 'bin', 'node'),
		n8n: join(directory, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

function nodePackageName(): string {
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	return `node-${platform}-${process.arch}`;
}

/**
 * The n8n of this machine, installed first if it is not there yet (about 5 minutes).
 * Throws `Unable` with a sentence for the person at the keyboard.
 */
export async function installedN8n(say: (line: string) => void): Promise<N8nInstallation> {
	const home = join(cacheHome(), 'n8n-nodes-paymenter-pterodactyl');
	const directory = join(home, `n8n-${N8N_VERSION}-node${NODE_MAJOR}`);
	clearUnfinished(home);
	if (isComplete(directory)) return installationIn(directory);

	say(`Installing n8n ${N8N_VERSION} into ${directory}: once, about 5 minutes and 3 GB ...`);
	const unfinished = `${directory}.${process.pid}.part`;
	try {
		mkdirSync(unfinished, { recursive: true });
		const { bavail, bsize } = statfsSync(unfinished);
		if (bavail * bsize < DISK_NEEDED_BYTES) {
			throw new Unable(
				`Not enough disk: n8n needs ${DISK_NEEDED_BYTES / 1e9} GB in ${home} and there are ${((bavail * bsize) / 1e9).toFixed(1)} GB. Free some, or set N8N_CACHE_DIR to a folder on a larger disk.`,
			);
		}
		writeFileSync(
			join(unfinished, 'package.json'),
			JSON.stringify({
				private: true,
				dependencies: { n8n: N8N_VERSION, [nodePackageName()]: NODE_MAJOR },
			}),
		);
		await npm(
			unfinished,
			['install', '--ignore-scripts', '--omit=dev', '--no-package-lock'],
			explainDownload,
		);
		say('Building its SQLite driver: about 90 seconds ...');
		const headers = join(unfinished, 'node_modules', nodePackageName());
		await npm(
			unfinished,
			['rebuild', 'sqlite3', '--foreground-scripts', `--nodedir=${headers}`],
			explainCompiler,
		);
		writeFileSync(join(unfinished, 'complete'), new Date().toISOString());
		putInPlace(unfinished, directory);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
			throw new Unable(
				`The disk is full. Free 5 GB, or set N8N_CACHE_DIR to a folder on a larger disk.`,
			);
		}
		if (
			['EACCES', 'EROFS', 'ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
		) {
			throw new Unable(
				`Cannot write to ${home}. Set N8N_CACHE_DIR to a folder that you may write to.`,
			);
		}
		throw error;
	} finally {
		if (existsSync(unfinished)) rmSync(unfinished, { recursive: true, force: true });
	}
	return installationIn(directory);
}

const isComplete = (directory: string) => existsSync(join(directory, 'complete'));

/** Deletes what installations left that were interrupted. */
export function clearUnfinished(home: string): void {
	try {
		for (const name of readdirSync(home)) {
			const [, pid] = /\.(\d+)\.part$/.exec(name) ?? [];
			if (pid && !isRunning(Number(pid)))
				rmSync(join(home, name), { recursive: true, force: true });
		}
	} catch {
		// There is no folder yet, or they are somebody else's: they take room, nothing more.
	}
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

export function putInPlace(unfinished: string, directory: string): void {
	// Another checkout may have been faster; then its installation serves.
	if (isComplete(directory)) return;
	rmSync(directory, { recursive: true, force: true });
	renameSync(unfinished, directory);
}

async function npm(
	cwd: string,
	args: string[],
	explain: (output: string) => string,
): Promise<void> {
	const child = spawn('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd,
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32',
	});
	let output = '';
	const keep = (chunk: Buffer) => {
		output = (output + chunk.toString()).slice(-20_000);
	};
	child.stdout.on('data', keep);
	child.stderr.on('data', keep);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== 0) throw new Unable(`${explain(output)}\n\n${output.slice(-1500)}`);
}

/** npm's error codes, as sentences. */
export function explainDownload(output: string): string {
	if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(output)) {
		return "No network: npm could not reach its registry to download n8n. Connect (or set npm's proxy or registry) and run the command again.";
	}
	if (/ENOSPC/.test(output)) return 'The disk is full. Free 5 GB and run the command again.';
	if (/E404|ETARGET|notarget/.test(output)) {
		return `The npm registry in use does not have n8n ${N8N_VERSION} or a Node ${NODE_MAJOR} for ${process.platform}/${process.arch}.`;
	}
	return 'npm could not install n8n; this is what it said last:';
}

/** node-gyp's complaints, as sentences. */
export function explainCompiler(output: string): string {
	if (/not found: make|find Python|g\+\+|c\+\+|gcc|clang|Visual Studio|xcode/i.test(output)) {
		return "No compiler: n8n's SQLite driver has to be built here. Install one (Debian/Ubuntu: apt install build-essential python3; macOS: xcode-select --install; Windows: Visual Studio Build Tools) and run the command again.";
	}
	return "n8n's SQLite driver could not be built; this is what was said last:";
}

/** The version of n8n that an installation really holds. */
export function installedVersion({ n8n }: N8nInstallation): string {
	const { version } = JSON.parse(readFileSync(join(n8n, '..', '..', 'package.json'), 'utf8')) as {
		version: string;
	};
	return version;
}
