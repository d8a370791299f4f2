import type { Exchange, Recording } from '../replay.cjs';
import { exchange } from '../replay.cjs';
import type { RecordedShop } from './recorded.cjs';
import {
	before,
	byHand,
	notReplayed,
	openRecordedShop,
	recordedUrl,
	recordings,
} from './recorded.cjs';

/** Every recorded exchange, sent again in its order. Only the address of the server differs. */

let shop: RecordedShop;

beforeAll(async () => {
	shop = await openRecordedShop();
});

afterAll(() => shop.close());

function headersFor({ description, request }: Recording): Record<string, string> {
	const headers = { ...request.headers };
	const name = /\(key: (\w+)\)/.exec(description)?.[1] ?? 'API_KEY';
	if (headers.Authorization === 'Bearer <api-key>') {
		headers.Authorization = `Bearer ${shop.keys[name]}`;
	}
	return headers;
}

/** When it was recorded, as far as the answer tells. */
function momentOf(body: unknown): number {
	const stamps = JSON.stringify(body ?? null).match(/"(upd|cre)ated_at":"[^"]+/g) ?? [];
	return Math.max(0, ...stamps.map((stamp) => Date.parse(stamp.slice(14))));
}

const told = [
	'content-type',
	'cache-control',
	'access-control-allow-origin',
	'allow',
	'retry-after',
];

function shown({ status, headers, body }: Exchange | Recording['response'], url: string): unknown {
	const placed = JSON.stringify(body === '' ? null : body).replaceAll(url, '<paymenter>');
	return {
		status,
		headers: Object.fromEntries(told.map((name) => [name, headers[name]])),
		body: JSON.parse(placed) as unknown,
	};
}

/** Events that the simulator has no use for, and what server extensions were called for. */
const unsaid = /^web:(.*\\(Creating|Updating|GeneratePdf|Finalized))$|^queue:/;

const observed = (events: string[]): string[] =>
	events
		.filter((event) => !unsaid.test(event))
		.map((event) => event.replace(/^web:/, '').replaceAll(/([:,]) /g, '$1'));

const replayed = recordings.filter(({ number }) => !(number in notReplayed));

it.each(replayed.map((one) => ({ ...one, title: `[${one.number}] ${one.description}` })))(
	'$title',
	async (recording) => {
		const { number, request, response, observed_events } = recording;
		shop.setClock(momentOf(response.body));
		before[number]?.(shop.paymenter);
		shop.takeEvents();
		const change = byHand[number];
		if (change) {
			change(shop.paymenter.shop);
			expect(shop.takeEvents()).toEqual(observed(observed_events ?? []));
			return;
		}
		const headers = headersFor(recording);
		const answer = await exchange(shop.paymenter.url, { ...request, headers });
		expect(shown(answer, shop.paymenter.url)).toEqual(shown(response, recordedUrl));
		const events = shop.takeEvents();
		if (observed_events) expect(events).toEqual(observed(observed_events));
	},
);
