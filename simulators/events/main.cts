/**
 * Sends one signed event from the command line:
 * `npm run -s simulate:events -- --url URL --secret whsec_… '{"event":"ping"}'`
 */
import { parseArgs } from 'node:util';

import { send } from './sender.cjs';

async function main(): Promise<void> {
	const { values, positionals } = parseArgs({
		options: { url: { type: 'string' }, secret: { type: 'string' } },
		allowPositionals: true,
	});
	const secret = values.secret ?? process.env.WEBHOOK_SECRET;
	const [json] = positionals;
	if (!values.url || !secret || !json) {
		throw new Error(
			'Usage: npm run -s simulate:events -- --url URL --secret whsec_… \'{"event":"ping"}\' (or WEBHOOK_SECRET in the environment)',
		);
	}
	const delivery = await send(JSON.parse(json) as Record<string, unknown>, {
		url: values.url,
		secret,
	});
	process.stdout.write(`${JSON.stringify(delivery)}\n`);
}

main().catch((error: Error) => {
	process.stderr.write(`${error.message}\n`);
	process.exit(1);
});
