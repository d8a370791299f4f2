import { createServer } from 'node:net';

import { Unable } from './install.cjs';

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as { port: number };
	await new Promise((done) => server.close(done));
	return port;
}

/** What an environment variable says, or the standard one. */
export function portOf(variable: string, standard: number): number {
	const said = process.env[variable] || String(standard);
	const port = Number(said);
	if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
	throw new Unable(`${variable} is "${said}", but a port is a whole number from 0 to 65535.`);
}

/** The port, if nobody has it; `variable` chooses another. */
export async function claimed(port: number, variable: string): Promise<number> {
	const server = createServer();
	await new Promise<void>((done, fail) => {
		server.once('error', ({ code, message }: NodeJS.ErrnoException) => {
			const why =
				code === 'EADDRINUSE'
					? `is in use. Stop what uses it, or choose another with ${variable}=${port + 1} npm start.`
					: `cannot be had: ${message}. ${variable} chooses another.`;
			fail(new Unable(`Port ${port} ${why}`));
		});
		server.listen(port, '127.0.0.1', done);
	});
	await new Promise((done) => server.close(done));
	return port;
}
