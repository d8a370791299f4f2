import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import { permissionList } from '../../simulators/panel/state.cjs';
import { allApplied as untilApplied } from '../../tools/lifecycle/applied.cjs';
import { promisedPerks } from '../../tools/lifecycle/game.cjs';
import { promised, type AccessMap } from '../../tools/lifecycle/panelView.cjs';
import { play } from '../../tools/lifecycle/play.cjs';
import { ALERTS, ownPanel, type Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { customersOf, type TierName } from '../../tools/lifecycle/story.cjs';

/** Nobody waits so long but where n8n shares two slow cores with others. */
const PATIENCE_MS = 120_000;

/** Looks until it is so, or gives up and says what is. */
export async function eventually<T>(
	look: () => Promise<T>,
	isSo: (seen: T) => boolean,
	ms = PATIENCE_MS,
): Promise<T> {
	const end = Date.now() + ms;
	for (;;) {
		const seen = await look();
		if (isSo(seen) || Date.now() > end) return seen;
		await pause(250);
	}
}

export async function expectAccess(
	{ panel }: Stage,
	email: string,
	tier: TierName | null,
	ms?: number,
): Promise<void> {
	const expected = promised(tier, await panel.servers());
	const is = (access: AccessMap) => JSON.stringify(Object.entries(access).sort());
	const found = await eventually(
		() => panel.accessOf(email),
		(access) => is(access) === is(expected),
		ms,
	);
	expect(found).toEqual(expected);
}

export async function rowOf({ editor }: Stage, email: string) {
	const rows = await (await editor()).rows('paymenter_customers');
	return rows.find(({ customer_email }) => customer_email === email);
}

/** Until n8n has nothing more to do but to wait. */
export async function atRest({ editor }: Stage, ms = PATIENCE_MS): Promise<number> {
	const running = async () =>
		(await (await editor()).executions({ status: ['running', 'new'] })).length;
	return await eventually(running, (count) => count === 0, ms);
}

/** Until the writer has nothing to do: no event waits, nobody is due, and nobody holds the lease. */
export const allApplied = async (stage: Stage): Promise<void> =>
	await untilApplied(stage, PATIENCE_MS);

/** Does at once what the next minute would do. */
export async function applyDue(stage: Stage): Promise<void> {
	await (await stage.editor()).run('paymenterDue', 'Every Minute');
	await allApplied(stage);
}

export function simulatorOf({ simulator }: Stage) {
	if (!simulator) throw new Error('These tests need the simulated panel');
	return simulator;
}

/** How many calls have changed something on the panel so far. */
export function writesOf(stage: Stage): number {
	return simulatorOf(stage)
		.calls()
		.filter(({ method }) => method !== 'GET').length;
}

/** Takes the JSON that is posted to it, and answers the status that `take` returns. */
export async function openInbox<T>(take: (message: T) => number) {
	const server = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			const status = take(JSON.parse(Buffer.concat(parts).toString()) as T);
			response.writeHead(status, { 'Content-Type': 'application/json' }).end('{}');
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

/** Stands in for Discord: takes alerts, and keeps what they say. */
export async function openDiscord() {
	const alerts: string[] = [];
	const discord = { alerts, refuses: false };
	const { url, close } = await openInbox<{ content: string }>(({ content }) => {
		if (discord.refuses) return 404;
		alerts.push(content);
		return 200;
	});
	return Object.assign(discord, { url: `${url}/api/webhooks/1/secret`, close });
}

/** Switches on the Discord node of On Error. */
export async function sendAlerts({ editor }: Stage): Promise<void> {
	await (
		await editor()
	).edit('paymenterOnError', (nodes) => {
		for (const node of nodes.filter(({ name }) => name === 'Discord')) {
			node.disabled = false;
			node.credentials = { discordWebhookApi: ALERTS };
		}
	});
}

/** What accounts have, by the simulator's own tables. */
export function accessIn(stage: Stage, userIds: number[]): AccessMap {
	const { subusers, servers } = simulatorOf(stage).state;
	const access: AccessMap = {};
	for (const row of subusers.filter(({ userId }) => userIds.includes(userId))) {
		const server = servers.find(({ id }) => id === row.serverId)?.name ?? '?';
		const name = server in access ? `${server} (row 2)` : server;
		access[name] = permissionList(row.permissions).sort();
	}
	return access;
}

/** Plays the lives of the six customers, and holds every step against what was promised. */
export async function expectLives(stage: Stage): Promise<void> {
	const quiet = () => undefined;
	const customers = customersOf(Date.now().toString(36));
	const outcomes = await play({ ...stage, customers, say: quiet, tell: quiet });
	if (ownPanel()) {
		for (const { email } of customers.values()) await stage.panel.deleteUser(email);
	}
	expect(outcomes).toHaveLength(22);
	for (const { customer, what, then, found, expected, perks, error, matches } of outcomes) {
		expect({ customer, what, access: found, perks, error, matches }).toEqual({
			customer,
			what,
			access: expected,
			perks: stage.game && promisedPerks(then),
			error: undefined,
			matches: true,
		});
	}
}
