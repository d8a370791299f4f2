/** What Paymenter's API does wrong while it is compared with the log. */
import type { Fault } from '../../simulators/faults.cjs';
import type { Set as Stage } from '../../tools/lifecycle/stage.cjs';
import { allApplied, expectAccess } from '../e2e/support.cjs';
import { isLong } from '../long.cjs';

const all: Array<[string, Fault, RegExp]> = [
	['cuts connections', { kind: 'refuse' }, /closed the connection/],
	['cuts its answer in the middle', { kind: 'reset-after', mid: true }, /connection failed/],
	['is silent', { kind: 'hang' }, /took too long/],
	['says 401', { kind: 'status', status: 401 }, /401/],
	['says 403', { kind: 'status', status: 403 }, /403/],
	['says 404 of its list', { kind: 'status', status: 404 }, /404/],
	['says 429', { kind: '429', retryAfter: 1 }, /429/],
	['says 429 without a time', { kind: '429' }, /429/],
	['says 500', { kind: 'status', status: 500 }, /500/],
	['says 502', { kind: 'status', status: 502 }, /502/],
	['says 503', { kind: 'status', status: 503 }, /503/],
	['says 504', { kind: 'status', status: 504 }, /504/],
	['shows a page', { kind: 'html' }, /not Paymenter’s/],
	['redirects to its login', { kind: 'redirect' }, /302/],
	['answers half a JSON', { kind: 'truncated' }, /not Paymenter’s/],
	['says it is JSON, and is not', { kind: 'not-json' }, /not Paymenter’s/],
];

const telling = ['shows a page', 'answers half a JSON'];
const kinds = all.filter(([name]) => isLong || telling.includes(name));

/** The error of an execution, as n8n stores it: a list in which objects name the places of their values. */
function errorIn(data: string): { message: string; description: string } {
	const parts = JSON.parse(data) as Array<Record<string, string> | string>;
	const at = (place?: string) => parts[Number(place)];
	const outcome = at((parts[0] as Record<string, string>).resultData) as Record<string, string>;
	const error = (at(outcome.error) ?? {}) as Record<string, string>;
	return { message: String(at(error.message)), description: String(at(error.description)) };
}

export function describePaymenter(of: () => Stage): void {
	const stage = () => of();
	const shop = () => stage().paymenter.shop;
	const steady = ['steady@example.com', 'leaver@example.com'];
	const lost: string[] = [];
	const sells = (email: string) => {
		shop().addUser({ email, first_name: email.split('@')[0] });
		const { service } = shop().buy(email, 'fire-knight');
		shop().pay(service.id);
		return service.id;
	};
	const events = async () => await (await stage().editor()).rows('paymenter_events');
	const reconcile = async () => {
		const editor = await stage().editor();
		const { id, status } = await editor.run('paymenterReconcile', 'Every Night');
		const { data } = (await editor.api.get<{ data: { data: string } }>(`/executions/${id}`)).data;
		return { status, ...errorIn(data.data) };
	};

	describe('While it is compared, Paymenter', () => {
		let leaver: number;

		beforeAll(async () => {
			const [, left] = steady.map((email) => sells(email));
			leaver = left ?? NaN;
			expect((await reconcile()).status).toBe('success');
			for (const email of steady) await expectAccess(stage(), email, 'knight');
			await allApplied(stage());
			shop().cancelNow(leaver);
		});

		it.each(kinds)(
			'%s: nobody loses anything, nothing is written, and the execution says why',
			async (name, fault, words) => {
				const before = await events();
				const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`;
				sells(email);
				lost.push(email);
				stage().paymenter.control.fault(fault);
				const { status, message, description } = await reconcile();
				stage().paymenter.control.clearFaults();
				expect(status).toBe('error');
				expect(message).toMatch(/^Paymenter could not be compared: /);
				expect(message).toMatch(words);
				expect(description).toMatch(/^[A-Z]\w+ .*\.$/);
				expect(await events()).toEqual(before);
				for (const one of steady) await expectAccess(stage(), one, 'knight', 0);
			},
		);

		it('answers again: all that was lost is made good', async () => {
			expect((await reconcile()).status).toBe('success');
			for (const email of ['steady@example.com', ...lost]) {
				await expectAccess(stage(), email, 'knight');
			}
			await expectAccess(stage(), 'leaver@example.com', null);
		});
	});
}
