import { parseArgs } from 'node:util';

import { serve, wholeNumber } from '../shared/process.cjs';
import { demoServers } from './seed.cjs';
import { startPanel } from './server.cjs';

/**
 * npm run -s simulate:panel -- [--panel pelican] [--port N] [--subuser-limit N]
 *
 * --subuser-limit: attempts to create a subuser of one server in 15 minutes; 0: no limit.
 *
 * Its servers are described as the shipped tier plan asks. For the control API see control.cts.
 */
serve(async () => {
	const { values } = parseArgs({
		options: {
			panel: { type: 'string', default: 'pterodactyl' },
			port: { type: 'string', default: '0' },
			'subuser-limit': { type: 'string', default: '10' },
		},
	});
	const { panel } = values;
	if (panel !== 'pterodactyl' && panel !== 'pelican') {
		throw new Error(`--panel must be "pterodactyl" or "pelican", not "${panel}".`);
	}
	const { url, applicationKey, accountKey, close } = await startPanel({
		panel,
		port: wholeNumber('port', values.port),
		subuserLimit: wholeNumber('subuser-limit', values['subuser-limit']),
		servers: demoServers,
	});
	return { told: { url, applicationKey, accountKey }, close };
});
