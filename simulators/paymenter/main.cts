import { parseArgs } from 'node:util';

import { serve, wholeNumber } from '../shared/process.cjs';
import { startPaymenter } from './server.cjs';

/**
 * npm run -s simulate:paymenter -- [--port N] [--webhook URL]
 *
 * For the control API see control.cts.
 */
serve(async () => {
	const { values } = parseArgs({
		options: { port: { type: 'string', default: '0' }, webhook: { type: 'string' } },
	});
	const { url, apiKey, webhookSecret, close } = await startPaymenter({
		port: wholeNumber('port', values.port),
		webhook: values.webhook,
	});
	return { told: { url, apiKey, webhookSecret }, close };
});
