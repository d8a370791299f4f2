import type { Created, Limited } from './limited.cjs';
import { numbers, openLimited, wish } from './limited.cjs';
import { isReal } from './target.cjs';

/** The limit on new subusers of one server: Pterodactyl since 1.12, Pelican since January 2026. */

jest.setTimeout(isReal ? 120_000 : 20_000);

const tooMany = {
	errors: [{ code: 'ThrottleRequestsException', status: '429', detail: 'Too Many Attempts.' }],
};

describe('New subusers of one server', () => {
	let limited: Limited | undefined;

	beforeAll(async () => {
		limited = await openLimited();
	});

	afterAll(() => limited?.close());

	/** Passes on a real panel without the limit. */
	const onLimitedPanel = (title: string, check: (panel: Limited) => Promise<void>) =>
		it(title, async () => {
			if (isReal && !limited) return;
			await check(limited as Limited);
		});

	onLimitedPanel('count down to nothing, also those that are refused', async (panel) => {
		const { limit, servers } = panel;
		const [server] = servers;
		const { email } = (server.first.body as Created).attributes;
		const left = (attempt: number) => [String(limit), String(limit - attempt)];
		expect(numbers(server.first)).toEqual([200, ...left(1)]);
		expect(numbers(await server.create(wish(email)))).toEqual([400, ...left(2)]);
		expect(numbers(await server.create(wish('x')))).toEqual([422, ...left(3)]);
		for (let attempt = 4; attempt <= limit; attempt++) {
			const answer = await server.create(wish());
			expect(numbers(answer)).toEqual([200, ...left(attempt)]);
			expect(answer.headers).not.toHaveProperty('retry-after');
			expect(answer.headers).not.toHaveProperty('x-ratelimit-reset');
		}
	});

	onLimitedPanel(
		'are then refused for the rest of the window, whatever they are',
		async (panel) => {
			const { limit, servers } = panel;
			const [server] = servers;
			for (const body of [wish(), wish('x')]) {
				const answer = await server.create(body);
				expect(numbers(answer)).toEqual([429, String(limit), '0']);
				expect(answer.body).toEqual(tooMany);
				const wait = Number(answer.headers['retry-after']);
				expect(wait).toBeGreaterThan(60);
				expect(wait).toBeLessThanOrEqual(900);
				const reset = Number(answer.headers['x-ratelimit-reset']);
				expect(Math.abs(Date.now() / 1000 + wait - reset)).toBeLessThan(5);
			}
		},
	);

	onLimitedPanel('do not hold up lists, changes and removals', async (panel) => {
		const { limit, servers } = panel;
		const [server] = servers;
		const { uuid } = (server.first.body as Created).attributes;
		const answers = [
			await server.send('GET', ''),
			await server.send('POST', `/${uuid}`, { permissions: ['control.start'] }),
			await server.send('DELETE', `/${uuid}`),
		];
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 204]);
		for (const { headers } of answers) {
			expect(Number(headers['x-ratelimit-limit'])).toBeGreaterThan(limit);
		}
	});

	onLimitedPanel('are counted for each server by itself', async ({ limit, servers }) => {
		const [, other] = servers;
		expect(numbers(other.first)).toEqual([200, String(limit), String(limit - 1)]);
		expect(numbers(await other.create(wish()))).toEqual([200, String(limit), String(limit - 2)]);
	});
});
