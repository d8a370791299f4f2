/** What the suite plays on: a real n8n with the product, and three webhooks at which to knock. */
import { randomBytes } from 'node:crypto';

import { RECEIPT_HEADER } from '../../../simulators/events/sender.cjs';
import { setUp, type Set } from '../../../tools/lifecycle/stage.cjs';
import { genuine, PATH, request, type Forgery, type Genuine } from './forge.cjs';
import { publishTrigger } from './triggers.cjs';
import { bytesOf, chunked, exchange, type Answer } from './wire.cjs';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;

/** The secrets of the webhook that is being given a new one. */
export const ROTATED = { now: newSecret(), before: newSecret(), gone: newSecret() };

/** The key of the webhook that takes an HMAC of the body. */
export const KEY = randomBytes(24).toString('hex');

/** Filled by `openScene`. `rotated` is the id of that webhook's workflow. */
export const scene = {} as { stage: Set; port: number; rotated: string };

export async function openScene(folder: string): Promise<void> {
	scene.stage = await setUp(folder, () => undefined);
	scene.port = Number(new URL(scene.stage.n8n.url).port);
	const editor = await scene.stage.editor();
	scene.rotated = await publishTrigger(editor, {
		path: 'rotated',
		credential: {
			signing: 'standardWebhooks',
			signingSecret: ROTATED.now,
			previousSecret: ROTATED.before,
		},
	});
	await publishTrigger(editor, {
		path: 'hmac',
		credential: { signing: 'hmacBody', signingSecret: KEY, headerName: 'x-sig' },
	});
}

/** What only an accepted request may change. */
export async function seen() {
	const editor = await scene.stage.editor();
	const rows = await editor.rows('paymenter_events');
	const newest = async (workflowId: string) => (await editor.executions({ workflowId }))[0]?.id;
	return {
		rows: rows.length,
		execution: await newest('paymenterEvents'),
		rotated: await newest(scene.rotated),
	};
}

export async function one(...bytes: Buffer[]): Promise<Answer> {
	const [answer] = await exchange(scene.port, bytes);
	if (!answer) throw new Error('No answer came');
	return answer;
}

/** Sends a body that is signed well, unless something is done to its headers. */
export const knock = async (
	body: string | Buffer,
	forgery: Forgery = (headers) => headers,
	how: Partial<Genuine> = {},
	path = PATH,
) =>
	await one(
		request(body, forgery(genuine({ secret: scene.stage.secret, body, ...how })), { path }),
	);

/** One request with the body in chunks, and no length announced. */
export const inChunks = (body: string) =>
	bytesOf({
		path: PATH,
		headers: [...genuine({ secret: scene.stage.secret, body }), ['transfer-encoding', 'chunked']],
		body: chunked(body),
	});

export function expectRefusal(answer: Answer, status: number, why?: RegExp): void {
	expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(/^\{"error":"/)]);
	if (why) expect(answer.json?.error).toMatch(why);
	expectNothingTold(answer);
}

/** n8n itself refuses what it cannot read; 500 is its answer to a body above its limit. */
export function expectRefusalByN8n(answer: Answer, status: number): void {
	expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(/^\{"code":/)]);
	expectNothingTold(answer);
}

function expectNothingTold(answer: Answer): void {
	expect(answer.headers[RECEIPT_HEADER]).toBeUndefined();
	expect(answer.text).not.toMatch(/\bat \S+ \(|node_modules|\.js:\d/);
	for (const secret of secrets()) expect(answer.text).not.toContain(secret);
}

export const secrets = () =>
	[scene.stage.secret, ...Object.values(ROTATED), KEY].map((secret) =>
		secret.replace('whsec_', ''),
	);

export const executionsOf = async (workflowId: string) =>
	(await (await scene.stage.editor()).executions({ workflowId })).map(({ id }) => id);

export const eventsOf = async (subscription: string) =>
	(await (await scene.stage.editor()).rows('paymenter_events')).filter(
		({ subscription_id }) => subscription_id === subscription,
	);
