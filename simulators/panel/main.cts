import { parseArgs } from 'node:util';

import { endOnSignal, failWith } from '../shared/process.cjs';
import { demoServers } from './seed.cjs';
import { startPanel } from './server.cjs';

/**
 * npm run -s simulate:panel -- [--port N] [--latency measured] [--no-rate-limits] [--customers N]
 *                              [--recorded-servers]
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
			customers: { type: 'string', default: '0' },
			'recorded-servers': { type: 'boolean', default: false },
			'application-key': { type: 'string' },
			'account-key': { type: 'string' },
		},
	});
	const port = Number(values.port);
	const customers = Number(values.customers);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
	}
	if (!Number.isInteger(customers) || customers < 0) {
		throw new Error(`--customers must be a whole number, not "${values.customers}".`);
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
		applicationKey: values['application-key'],
		accountKey: values['account-key'],
	});
	const { url, applicationKey, accountKey } = panel;
	process.stdout.write(`${JSON.stringify({ url, applicationKey, accountKey })}\n`);
	endOnSignal(() => panel.close());
}

main().catch(failWith);
