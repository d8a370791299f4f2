import { parseArgs } from 'node:util';

import { endOnSignal, failWith } from '../shared/process.cjs';
import { demoServers } from './seed.cjs';
import { startPanel } from './server.cjs';

/**
 * npm run -s simulate:panel -- [--panel pterodactyl|pelican] [--port N] [--latency measured]
 *                              [--customers N] [--recorded-servers] [--no-rate-limits]
 *                              [--subuser-limit N] [--subuser-window SECONDS]
 *                              [--server-identifiers serv] [--game URL]
 *
 * --subuser-limit: attempts to create a subuser of one server within the window; 0: no limit. Left
 * out: 10 in 900 seconds, or no limit with --no-rate-limits.
 *
 * --server-identifiers serv: as Pterodactyl 1.12 and later with PTERODACTYL_USE_SERVER_IDENTIFIERS.
 *
 * --game: the simulated game that gets the commands for the servers' consoles.
 *
 * Its servers are described as the shipped tier plan asks; --recorded-servers: as they were recorded.
 *
 * Prints one line of JSON, {"url","applicationKey","accountKey"}, and serves until SIGINT or
 * SIGTERM. For the control API see control.cts.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			panel: { type: 'string', default: 'pterodactyl' },
			port: { type: 'string', default: '0' },
			latency: { type: 'string', default: 'none' },
			'no-rate-limits': { type: 'boolean', default: false },
			'subuser-limit': { type: 'string' },
			'subuser-window': { type: 'string' },
			customers: { type: 'string', default: '0' },
			'server-identifiers': { type: 'string', default: 'short' },
			'recorded-servers': { type: 'boolean', default: false },
			'application-key': { type: 'string' },
			'account-key': { type: 'string' },
			game: { type: 'string' },
		},
	});
	const port = Number(values.port);
	const customers = wholeNumber('customers', values.customers);
	const subuserLimit = wholeNumber('subuser-limit', values['subuser-limit']);
	const subuserWindow = wholeNumber('subuser-window', values['subuser-window'], 1);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
	}
	const latency = oneOf('latency', values.latency, ['none', 'measured']);
	const panelName = oneOf('panel', values.panel, ['pterodactyl', 'pelican']);
	const serverIdentifiers = oneOf('server-identifiers', values['server-identifiers'], [
		'short',
		'serv',
	]);
	if (panelName === 'pelican' && serverIdentifiers === 'serv') {
		throw new Error('--server-identifiers serv is Pterodactyl’s.');
	}
	const panel = await startPanel({
		panel: panelName,
		serverIdentifiers,
		port,
		customers,
		...(values['recorded-servers'] ? {} : { servers: demoServers }),
		latency,
		rateLimits: values['no-rate-limits'] ? false : {},
		subuserLimit,
		subuserWindow,
		applicationKey: values['application-key'],
		accountKey: values['account-key'],
		gameUrl: values.game,
	});
	const { url, applicationKey, accountKey } = panel;
	process.stdout.write(`${JSON.stringify({ url, applicationKey, accountKey })}\n`);
	endOnSignal(() => panel.close());
}

function oneOf<T extends string>(flag: string, text: string, known: [T, T]): T {
	const found = known.find((one) => one === text);
	if (found) return found;
	throw new Error(`--${flag} must be "${known.join('" or "')}", not "${text}".`);
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
