import { parseArgs } from 'node:util';

import { endOnSignal, failWith } from '../shared/process.cjs';
import { demoServers } from './seed.cjs';
import { startPanel } from './server.cjs';

/**
 * npm run -s simulate:panel -- [--port N] [--latency measured] [--customers N] [--recorded-servers]
 *                              [--no-rate-limits] [--subuser-limit N] [--subuser-window SECONDS]
 *
 * --subuser-limit: attempts to create a subuser of one server within the window; 0: no limit. Left
 * out: 10 in 900 seconds, or no limit with --no-rate-limits.
 *
 * Its servers are described as the shipped tier plan asks; --recorded-servers: as they were recorded.
 *
 * Prints one line of JSON, {"url","applicationKey","accountKey"}, and serves until SIGINT or
 * SIGTERM. For the control API see control.cts.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			latency: { type: 'string', default: 'none' },
			'no-rate-limits': { type: 'boolean', default: false },
			'subuser-limit': { type: 'string' },
			'subuser-window': { type: 'string' },
			customers: { type: 'string', default: '0' },
			'recorded-servers': { type: 'boolean', default: false },
			'application-key': { type: 'string' },
			'account-key': { type: 'string' },
		},
	});
	const port = Number(values.port);
	const customers = wholeNumber('customers', values.customers);
	const subuserLimit = wholeNumber('subuser-limit', values['subuser-limit']);
	const subuserWindow = wholeNumber('subuser-window', values['subuser-window'], 1);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
	}
	if (values.latency !== 'none' && values.latency !== 'measured') {
		throw new Error(`--latency must be "none" or "measured", not "${values.latency}".`);
	}
	const panel = await startPanel({
		port,
		customers,
		...(values['recorded-servers'] ? {} : { servers: demoServers }),
		latency: values.latency,
		rateLimits: values['no-rate-limits'] ? false : {},
		subuserLimit,
		subuserWindow,
		applicationKey: values['application-key'],
		accountKey: values['account-key'],
	});
	const { url, applicationKey, accountKey } = panel;
	process.stdout.write(`${JSON.stringify({ url, applicationKey, accountKey })}\n`);
	endOnSignal(() => panel.close());
}

function wholeNumber(flag: string, text: string | undefined, least = 0): number | undefined {
	if (text === undefined) return undefined;
	const number = Number(text);
	if (!Number.isInteger(number) || number < least) {
		const from = least > 0 ? ` from ${least}` : '';
		throw new Error(`--${flag} must be a whole number${from}, not "${text}".`);
	}
	return number;
}

main().catch(failWith);
