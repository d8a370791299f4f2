/** The demo's page: a small shop, and beside it what n8n and the panel make of it, live. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import express, { type NextFunction, type Request, type Response } from 'express';

import type { Set as Stage } from '../tools/lifecycle/stage.cjs';
import { actsOn, Refusal, type Acts } from './acts.cjs';
import { lookAt, type View } from './look.cjs';

export interface Demo {
	url: string;
	during: Acts['during'];
	/** A line about what is going on, for the page. */
	tell: (line: string) => void;
	close: () => Promise<void>;
}

const EVERY_MS = 500;
/** Two calls each: somebody's own panel allows 240 a minute, and the shop needs some. */
const EVERY_ON_THEIR_PANEL_MS = 5000;
const AFTER_A_FAILURE_MS = 2000;

export async function serveDemo(stage: Stage, port: number): Promise<Demo> {
	const acts = actsOn(stage);
	const look = lookAt(stage);
	const pages = new Set<Response>();
	let told = '';
	let seen: View | null = null;
	let latest = '';
	const closing = new AbortController();
	const rest = async (ms: number) =>
		await pause(ms, undefined, { signal: closing.signal }).catch(() => undefined);

	const app = express();
	app.disable('x-powered-by');
	app.use((request, response, next) => {
		// Another site's page in the same browser has no business here, nor has a name that leads to us.
		const isOurs = ['127.0.0.1', 'localhost'].includes(request.hostname);
		const from = request.headers['sec-fetch-site'] ?? 'same-origin';
		if (isOurs && (request.method === 'GET' || from === 'same-origin')) next();
		else response.status(403).json({ problem: 'Only this page may do that.' });
	});
	app.use(express.static(join(__dirname, 'page')));
	// Preact and its templates in one file, beside the one that Node finds.
	const preact = join(dirname(require.resolve('htm/preact')), 'standalone.module.js');
	app.get('/preact.js', (_request, response) => {
		response.sendFile(preact, { dotfiles: 'allow' });
	});
	app.get('/live', (request, response) => {
		response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
		if (latest) response.write(`data: ${latest}\n\n`);
		pages.add(response);
		request.once('close', () => pages.delete(response));
	});
	app.post('/do/:what', express.json(), async (request: Request<{ what: string }>, response) => {
		await acts.act(request.params.what, (request.body ?? {}) as Record<string, unknown>);
		response.status(202).json({});
	});
	app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
		response.status(error instanceof Refusal ? 422 : 500).json({ problem: error.message });
	});

	const server = app.listen(port, '127.0.0.1');
	await once(server, 'listening');

	/** Looks while anybody does, and sends what is new. */
	async function keepLooking(): Promise<void> {
		const every = stage.simulator ? EVERY_MS : EVERY_ON_THEIR_PANEL_MS;
		while (!closing.signal.aborted) {
			if (pages.size === 0) {
				await rest(EVERY_MS);
				continue;
			}
			const now = { busy: acts.busy(), told };
			try {
				seen = await look(now);
				send(seen);
				await rest(every);
			} catch (error) {
				const { message } = error as Error;
				process.stderr.write(`The page was not renewed: ${message}\n`);
				send({ ...seen, ...now, problem: `What is below may be old: ${message}.` });
				await rest(Math.max(every, AFTER_A_FAILURE_MS));
			}
		}
	}
	function send(view: Partial<View>): void {
		const text = JSON.stringify(view);
		if (text !== latest) for (const page of pages) page.write(`data: ${text}\n\n`);
		latest = text;
	}
	const looking = keepLooking();

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		during: acts.during,
		tell: (line) => (told = line),
		close: async () => {
			closing.abort();
			for (const page of pages) page.end();
			server.close();
			server.closeAllConnections();
			await looking;
		},
	};
}
