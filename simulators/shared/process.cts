import { readFileSync } from 'node:fs';

/** Parent and grandparent: with `npm run` the shell of npm is one of them. */
function ancestors(): string {
	try {
		const afterName = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ').pop();
		return `${process.ppid} ${afterName?.split(' ')[1]}`;
	} catch {
		return String(process.ppid);
	}
}

/** npm does not hand SIGTERM on through its shell; when it is gone, nobody is left to stop us. */
function endWithNpm(stop: () => void): void {
	if (process.env.npm_lifecycle_event === undefined) return;
	const before = ancestors();
	const watch = setInterval(() => {
		if (ancestors() === before) return;
		clearInterval(watch);
		stop();
	}, 250);
}

interface Running {
	/** Printed as one line of JSON. */
	told: object;
	close(): Promise<void>;
}

/** Starts it, and serves until SIGINT, SIGTERM or the end of npm; or says in one sentence why it does not start. */
export function serve(start: () => Promise<Running>): void {
	start().then(({ told, close }) => {
		process.stdout.write(`${JSON.stringify(told)}\n`);
		const stop = () => {
			void close().then(() => process.exit(0));
		};
		process.once('SIGINT', stop);
		process.once('SIGTERM', stop);
		endWithNpm(stop);
	}, failWith);
}

function failWith(error: NodeJS.ErrnoException & { port?: number }): never {
	const isBusy = error.code === 'EADDRINUSE';
	process.stderr.write(
		isBusy
			? `Port ${error.port} is already in use; choose another with --port.\n`
			: `${error.message}\n`,
	);
	process.exit(1);
}

export function wholeNumber(flag: string, text: string, most = 65_535): number {
	if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
	throw new Error(`--${flag} must be a whole number from 0 to ${most}, not "${text}".`);
}
