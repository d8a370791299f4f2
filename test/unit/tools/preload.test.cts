/** Hosts that n8n's own nodes have fixed can be sent to a simulator. */
import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { startGame, type GameServer } from '../../../simulators/game/server.cjs';

const ROOT = resolve(__dirname, '..', '..', '..');
const run = promisify(execFile);

let game: GameServer;
beforeAll(async () => {
	game = await startGame();
	game.control.addMember('7');
});
afterAll(async () => await game.close());

/** What a process prints that n8n's preload file was loaded into. */
async function printed(script: string): Promise<unknown> {
	const preload = join(ROOT, 'tools', 'n8n', 'preload.cjs');
	const { stdout } = await run(process.execPath, ['--require', preload, '-e', script], {
		cwd: ROOT,
		env: {
			...process.env,
			N8N_SIMULATED_HOSTS: `discord.com=${game.url},api.mojang.com=${game.url}`,
		},
	});
	return JSON.parse(stdout);
}

/** n8n's helpers use axios; with `maxRedirects: 0` it calls Node's https itself. */
const asked = (method: string, url: string, more: object = {}) =>
	printed(`
		const config = ${JSON.stringify({ method, url, ...more })};
		require('axios').request({ ...config, validateStatus: () => true })
			.then(({ status, data }) => console.log(JSON.stringify({ status, data })))
			.catch(({ code }) => console.log(JSON.stringify({ code })));
	`);

describe('N8N_SIMULATED_HOSTS', () => {
	it.each([[{}], [{ maxRedirects: 0 }]])(
		'sends what is meant for Discord to it (%j)',
		async (more) => {
			const path = `/api/v10/guilds/${game.guild}/members/7/roles/200000000000000002`;
			const headers = { Authorization: `Bot ${game.discordToken}` };
			const url = `https://discord.com${path}`;
			expect(await asked('PUT', url, { headers, ...more })).toEqual({ status: 204, data: '' });
			expect(game.control.calls().at(-1)).toMatchObject({ method: 'PUT', path });
			expect(game.control.rolesOf('7')).toEqual(['200000000000000002']);
		},
	);

	it('sends several hosts, and sends bodies', async () => {
		const url = 'https://api.mojang.com/users/profiles/minecraft/nobody';
		expect(await asked('POST', url, { data: { a: 1 } })).toMatchObject({ status: 404 });
		expect(game.control.calls().at(-1)?.body).toEqual({ a: 1 });
	});

	it('leaves all other hosts alone', async () => {
		expect(await asked('GET', 'https://127.0.0.1:1/')).toEqual({ code: 'ECONNREFUSED' });
	});
});
