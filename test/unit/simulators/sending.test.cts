import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { Webhook } from 'standardwebhooks';

import type { SubscriptionEvent } from '../../../simulators/paymenter/extension.cjs';
import type { Sending } from '../../../simulators/paymenter/sending.cjs';
import { createSending } from '../../../simulators/paymenter/sending.cjs';
import type { Shop } from '../../../simulators/paymenter/shop.cjs';
import { createShop } from '../../../simulators/paymenter/shop.cjs';

/** The queue of the extension's jobs, with a receiver that answers as it is told. */

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const delivered = { status: 200, headers: { 'x-paymenter-event': 'yes' } };

interface Answer {
	status: number;
	headers?: Record<string, string>;
}

/** The answers that the extension in PHP is held to as well. */
const known = JSON.parse(
	readFileSync(join(__dirname, '../../../paymenter-extension/tests/answers.json'), 'utf8'),
) as Array<Answer & { name: string; outcome: 'delivered' | 'refused' | 'again' }>;

interface Arrival {
	headers: Record<string, string>;
	body: SubscriptionEvent;
}

let arrivals: Arrival[];
let answers: Answer[];
let shop: Shop;
let sending: Sending;
let service: number;
let stop: () => void;

beforeEach(async () => {
	arrivals = [];
	answers = [];
	const receiver = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk) => (text += String(chunk)));
		request.on('end', () => {
			const headers = request.headers as Record<string, string>;
			new Webhook(secret).verify(text, headers);
			arrivals.push({ headers, body: JSON.parse(text) as SubscriptionEvent });
			const answer = answers.shift() ?? delivered;
			response.writeHead(answer.status, answer.headers).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	const { port } = receiver.address() as AddressInfo;
	sending = createSending({
		url: `http://127.0.0.1:${port}/webhook/paymenter`,
		secret,
		now: () => shop.now(),
		backoffMs: [10, 20],
	});
	shop = createShop({ dispatch: sending.take });
	const user = shop.addUser({ email: 'bea@example.test' });
	service = shop.buy(user.id, 'fire-knight').service.id;
	stop = () => {
		sending.close();
		receiver.closeAllConnections();
		receiver.close();
	};
});

afterEach(() => stop());

const names = () => arrivals.map(({ body }) => `${body.event} ${body.status}`);
const outcomes = () => sending.log().map(({ outcome, attempts }) => `${outcome} ${attempts}`);

describe('An event', () => {
	it('is signed as Standard Webhooks wants it, and delivered once', async () => {
		shop.pay(service);
		await sending.settled();
		expect(names()).toEqual(['subscription.created active']);
		expect(arrivals[0]?.headers['webhook-id']).toBe(arrivals[0]?.body.event_id);
		expect(outcomes()).toEqual(['delivered 1']);
	});

	it('is sent again with the same id and the state of then, until it is received', async () => {
		answers = [{ status: 503 }, { status: 200 }];
		shop.pay(service);
		shop.suspend(service);
		await sending.settled();
		// The second event follows at once; the first comes back after its pause, with today's state.
		expect(names()).toEqual([
			'subscription.created suspended',
			'subscription.updated suspended',
			'subscription.created suspended',
			'subscription.updated suspended',
		]);
		const ids = arrivals.map(({ body }) => body.event_id);
		expect([ids[2], ids[3]]).toEqual([ids[0], ids[1]]);
		expect(outcomes()).toEqual(['delivered 2', 'delivered 2']);
	});

	it('is given up when all pauses are used up, and at once when it is refused', async () => {
		answers = [{ status: 500 }, { status: 404 }, { status: 302, headers: { location: '/' } }];
		shop.pay(service);
		await sending.settled();
		expect(outcomes()).toEqual(['failed 3']);
		answers = [{ status: 422, headers: { 'x-paymenter-refused': 'paid_until' } }];
		shop.suspend(service);
		await sending.settled();
		expect(outcomes()).toEqual(['failed 3', 'refused 1']);
	});

	it.each(known)('that gets $status, $name: $outcome', async ({ outcome, ...answer }) => {
		answers = [answer];
		shop.pay(service);
		await sending.settled();
		expect(outcomes()).toEqual([outcome === 'again' ? 'delivered 2' : `${outcome} 1`]);
	});

	it('of something that is no longer so is not sent', async () => {
		shop.pay(service);
		await sending.settled();
		sending.mode('hold');
		shop.fail(service);
		shop.pay(service);
		sending.release();
		await sending.settled();
		expect(outcomes()).toEqual(['delivered 1', 'nothing 0', 'delivered 1']);
	});
});

describe('The queue', () => {
	it('loses what is reported while it is off', async () => {
		sending.mode('off');
		shop.pay(service);
		sending.mode('on');
		shop.suspend(service);
		await sending.settled();
		expect(names()).toEqual(['subscription.updated suspended']);
		expect(outcomes()).toEqual(['lost 0', 'delivered 1']);
	});

	it('holds back, and gives away from the last to the first', async () => {
		sending.mode('hold');
		shop.pay(service);
		shop.suspend(service);
		await sending.settled();
		expect(arrivals).toEqual([]);
		sending.release('reversed');
		await sending.settled();
		expect(names()).toEqual(['subscription.updated suspended', 'subscription.created suspended']);
	});

	it('ends what is under way when it is closed', async () => {
		answers = [{ status: 500 }];
		shop.pay(service);
		await new Promise((resolve) => setTimeout(resolve, 5));
		sending.close();
		await sending.settled();
		expect(arrivals.length).toBeLessThanOrEqual(1);
	});
});
