import type { Paymenter } from '../../../simulators/paymenter/server.cjs';
import { startPaymenter } from '../../../simulators/paymenter/server.cjs';
import type { Send } from './target.cjs';
import { caller } from './target.cjs';

/** Odd requests: what Paymenter's Laravel, PHP and MariaDB make of them, not Paymenter itself. */

let paymenter: Paymenter;
let api: Send;

beforeEach(async () => {
	paymenter = await startPaymenter({
		customers: 3,
		now: () => new Date('2026-11-25T12:00:00Z'),
	});
	api = caller(paymenter.url, paymenter.apiKey);
});

afterEach(() => paymenter.close());

const told = async (method: string, path: string) => {
	const { status, data } = await api(method, path);
	return [status, data.errors ?? data.message];
};

describe('Parameters as arrays', () => {
	it.each([
		[
			'/services?include[]=user',
			'The include parameter must be a comma seperated list of relationship paths.',
		],
		['/services/1?include[]=nope', /^Requested include\(s\) `nope` are not allowed/],
		['/services?sort[]=nope', /^Requested sort\(s\) `nope` is not allowed/],
		['/services?filter[]=x', /^Requested filter\(s\) `0` are not allowed/],
		[
			'/services?fields[services][]=id',
			'The fields parameter value must be a comma seperated list of attributes.',
		],
	])('%s is refused', async (path, message) => {
		expect(await told('GET', path)).toEqual([400, expect.stringMatching(message)]);
	});

	it('sort, where they are sorts', async () => {
		const { data } = (await api('GET', '/services?sort[]=-id')).data;
		const ids = data.map(({ id }) => Number(id));
		expect(ids).toEqual([...ids].sort((one, other) => other - one));
		expect(ids.length).toBeGreaterThan(1);
	});
});

it('An address is the same with other accents and in other case', async () => {
	paymenter.shop.addUser({ email: 'zoë@example.test' });
	expect(() => paymenter.shop.addUser({ email: 'ZOE@example.test' })).toThrow('belongs to user');
	expect((await api('GET', '/users?filter[email]=zöe')).data.data).toHaveLength(1);
});
