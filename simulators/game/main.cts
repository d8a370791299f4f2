import { parseArgs } from 'node:util';

import { endOnSignal, failWith } from '../shared/process.cjs';
import { startGame } from './server.cjs';

/**
 * npm run -s simulate:game -- [--port N] [--luckperms-key KEY] [--discord-token TOKEN] [--no-replace]
 *
 * --no-replace: a LuckPerms REST API that does not know `?replace=true`.
 *
 * Prints one line of JSON, {"url","luckPermsKey","discordToken","guild"}, and serves until SIGINT or
 * SIGTERM. For the control API see control.cts.
 */
async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '0' },
			'luckperms-key': { type: 'string' },
			'discord-token': { type: 'string' },
			'no-replace': { type: 'boolean', default: false },
		},
	});
	const port = Number(values.port);
	if (!Number.isInteger(port) || port < 0 || port > 65_535) {
		throw new Error(`--port must be a number from 0 to 65535, not "${values.port}".`);
	}
	const game = await startGame({
		port,
		luckPermsKey: values['luckperms-key'],
		discordToken: values['discord-token'],
		knowsReplace: !values['no-replace'],
	});
	const { url, luckPermsKey, discordToken, guild } = game;
	process.stdout.write(`${JSON.stringify({ url, luckPermsKey, discordToken, guild })}\n`);
	endOnSignal(() => game.close());
}

main().catch(failWith);
