import { createServer } from 'node:net';

import { Unable } from './install.cjs';

export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as { port: number };
	await new Promise((done) => server.close(done));
	return port;
}

/** The port, if nobody has it; `variable` chooses another. */
export async function claimed(port: number, variable: string): Promise<number> {
	const server = createServer();
	await new Promise<void>((done, fail) => {
		server.once('error', () =>
			fail(
				new Unable(
					`Port ${port} is in use. Stop what uses it, or choose another with ${variable}=${port + 1} npm start.`,
				),
			),
		);
		server.listen(port, '127.0.0.1', done);
	});
	await new Promise((done) => server.close(done));
	return port;
}
