import { parseArgs } from 'node:util';

import { endOnSignal, failWith } from '../shared/process.cjs';
import { startPaymenter } from './server.cjs';

/** A whole number from 0 to `most`. */
function wholeNumber(flag: string, text: string, most: number): number {
	if (/^\d+$/.test(text) && Number(text) <= most) return Number(text);
	throw new Error(`--${flag} must be a whole number from 0 to ${most}, not "${text}".`);
}

/**
 * npm run -s simulate:paymenter -- [--port N] [--webhook URL] [--customers N] [--version 1.5.8]
 *     [--api-key PAYM…] [--webhook-secret whsec_…]
 *
 * Prints one line of JSON, {"url","apiKey","webhookSecret"}, and serves until SIGINT or SIGTERM. For
 * the control API see control.cts.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			webhook: { type: 'string' },
			customers: { type: 'string', default: '0' },
			version: { type: 'string' },
			'api-key': { type: 'string' },
			'webhook-secret': { type: 'string' },
		},
	});
	const paymenter = await startPaymenter({
		port: wholeNumber('port', values.port, 65_535),
		customers: wholeNumber('customers', values.customers, 100_000),
		webhook: values.webhook,
		version: values.version,
		apiKey: values['api-key'],
		webhookSecret: values['webhook-secret'],
	});
	const { url, apiKey, webhookSecret } = paymenter;
	process.stdout.write(`${JSON.stringify({ url, apiKey, webhookSecret })}\n`);
	endOnSignal(() => paymenter.close());
}

main().catch(failWith);
