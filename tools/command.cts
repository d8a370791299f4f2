/** How our commands end. */
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
