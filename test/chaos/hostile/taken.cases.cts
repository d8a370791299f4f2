import { RECEIPT_HEADER } from '../../../simulators/events/sender.cjs';
import { EVENT, GOOD, STRANGE } from './bodies.cjs';
import { genuine, HARMLESS, PATH, request } from './forge.cjs';
import { eventsOf, executionsOf, knock, one, ROTATED, scene } from './scene.cjs';
import { bytesOf, chunked, exchange } from './wire.cjs';

export function describeGenuine(): void {
	describe('A genuine event', () => {
		it.each(HARMLESS)('is taken %s', async (what, forgery) => {
			const body = JSON.stringify({ event: 'ping', what });
			expect((await knock(body, forgery)).status).toBe(200);
		});

		it('is taken by the present and the previous secret, and no other', async () => {
			const at = '/webhook/rotated';
			for (const secret of [ROTATED.now, ROTATED.before]) {
				const before = await executionsOf(scene.rotated);
				const answer = await knock(GOOD, undefined, { secret }, at);
				expect([answer.status, answer.headers[RECEIPT_HEADER]]).toEqual([200, 'evt_hostile']);
				expect(await executionsOf(scene.rotated)).toHaveLength(before.length + 1);
			}
		});

		it.each(STRANGE)('is taken, and says no more than it may, with %s', async (what, body) => {
			const id = `evt_strange_${what.replaceAll(/\W/g, '_')}`;
			const answer = await knock(body, undefined, { id });
			expect([answer.status, answer.headers[RECEIPT_HEADER]]).toEqual([200, id]);
			const stored = (await eventsOf(EVENT.subscription_id)).find((row) => row.event_id === id);
			expect(stored).toMatchObject({ ...EVENT, source: 'webhook' });
			for (const column of ['tier', 'override_until', 'reason']) {
				expect(stored?.[column] ?? '').toBe('');
			}
		});

		it('is taken in chunks of a byte, and in a pipeline', async () => {
			const drops = bytesOf({
				path: PATH,
				headers: [
					...genuine({ secret: scene.stage.secret, body: GOOD, id: 'evt_drops' }),
					['transfer-encoding', 'chunked'],
				],
				body: chunked(GOOD, 1),
			});
			const whole = request(
				GOOD,
				genuine({ secret: scene.stage.secret, body: GOOD, id: 'evt_whole' }),
			);
			const answers = await exchange(scene.port, [Buffer.concat([drops, whole])], { answers: 2 });
			expect(answers.map(({ headers }) => headers[RECEIPT_HEADER])).toEqual([
				'evt_drops',
				'evt_whole',
			]);
		});

		it('that is replayed within its time is stored again and counts once', async () => {
			const body = JSON.stringify({ ...EVENT, subscription_id: 'sub-replay' });
			const bytes = request(body, genuine({ secret: scene.stage.secret, body, id: 'evt_replay' }));
			for (let time = 0; time < 3; time++) expect((await one(bytes)).status).toBe(200);
			const rows = await eventsOf('sub-replay');
			expect(rows.map(({ event_id }) => event_id)).toEqual(Array(3).fill('evt_replay'));
		});

		it('cannot add a header to its answer', async () => {
			const body = JSON.stringify({
				...EVENT,
				event_id: 'a\r\nset-cookie: x=1',
				customer_name: 'Ada\r\nX-Admin: 1',
			});
			const { status, headers } = await knock(body);
			expect([status, headers[RECEIPT_HEADER]]).toEqual([200, 'a%20set-cookie%3A%20x%3D1']);
			expect(headers['set-cookie']).toBeUndefined();
			const rows = await eventsOf(EVENT.subscription_id);
			expect(rows.at(-1)).toMatchObject({
				event_id: 'a set-cookie: x=1',
				customer_name: 'Ada X-Admin: 1',
			});
		});
	});
}
