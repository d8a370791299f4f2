import { once } from 'node:events';
import { createServer, Server } from 'node:net';

import { Unable } from '../../../tools/n8n/install.cjs';
import { claimed, freePort, portOf } from '../../../tools/n8n/port.cjs';

const NAME = 'TRIED_PORT';
const say = (value: string) => {
	process.env[NAME] = value;
};

afterEach(() => delete process.env[NAME]);

describe('A port', () => {
	it.each([
		['', 5678],
		['0', 0],
		['65535', 65_535],
	])('is what is said, or the standard one: %j', (value, port) => {
		say(value);
		expect(portOf(NAME, 5678)).toBe(port);
	});

	it.each(['65536', '-1', '80.5', 'http', 'NaN'])('is not %j', (value) => {
		say(value);
		const sentence = `TRIED_PORT is "${value}", but a port is a whole number from 0 to 65535.`;
		expect(() => portOf(NAME, 5678)).toThrow(new Unable(sentence));
	});

	it('is had where nobody has it', async () => {
		const port = await freePort();
		expect(await claimed(port, NAME)).toBe(port);
	});

	it('is in use only where somebody uses it', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as { port: number };
		await expect(claimed(port, NAME)).rejects.toThrow(
			`Port ${port} is in use. Stop what uses it, or choose another with TRIED_PORT=${port + 1} npm start.`,
		);
		server.close();
	});

	it('is refused in the system’s own words otherwise', async () => {
		const error = Object.assign(new Error('listen EACCES: no'), { code: 'EACCES' });
		const listen = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (
			this: Server,
		) {
			queueMicrotask(() => this.emit('error', error));
			return this;
		});
		await expect(claimed(80, NAME)).rejects.toThrow(
			'Port 80 cannot be had: listen EACCES: no. TRIED_PORT chooses another.',
		);
		listen.mockRestore();
	});
});
