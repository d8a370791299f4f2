/** How our commands end. */
import { constants } from 'node:os';

import { Unable } from './n8n/install.cjs';

/** Runs it, and ends with the code it gives, or with 1 and why it cannot go on. */
export function command(main: () => Promise<number>): void {
	main().then(
		(code) => process.exit(code),
		(error: unknown) => {
			const text =
				error instanceof Unable ? error.message : String((error as Error).stack ?? error);
			process.stderr.write(`\n${text}\n`);
			process.exit(1);
		},
	);
}

export interface Life {
	/** To be done when it ends, the last first. */
	atEnd: (undo: () => Promise<void> | void) => void;
	/** By a signal: what goes wrong from then on goes wrong because it ends, and is not told. */
	isStopped: () => boolean;
}

/** Runs it until it ends, or a signal ends it, and cleans up. @returns the code to exit with */
export async function untilEnded(run: (life: Life) => Promise<number>): Promise<number> {
	const undo: Array<() => Promise<void> | void> = [];
	let isStopped = false;
	const stopped = new Promise<number>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			// Not once: it may come twice, from the terminal and from whoever started us.
			process.on(signal, () => {
				isStopped = true;
				resolve(128 + constants.signals[signal]);
			});
		}
	});
	try {
		const atEnd: Life['atEnd'] = (one) => void undo.push(one);
		return await Promise.race([stopped, run({ atEnd, isStopped: () => isStopped })]);
	} finally {
		for (const one of undo.reverse()) await one();
	}
}
