import { at, customer, event, override, tiers } from '../../support/billing.cjs';

const BARE = { customer_id: null } as const;
const names = (events: Parameters<typeof at>[0], when = '06-01') =>
	at(events, when).map((one) => `${one.customer} ${tiers(one).join('+')}`.trim());

describe('who a customer is', () => {
	it('is told by the id of Paymenter', () => {
		const moved = event('updated', '05-02', { customer_email: 'new@example.com' });
		expect(names([event('created', '05-01'), moved])).toEqual(['customer:77 knight']);
	});

	it('is told by the address where no event has an id', () => {
		expect(customer([event('created', '05-01', BARE)], '06-01')).toMatchObject({
			customer: 'email:ada@example.com',
			customer_id: null,
			customer_email: 'ada@example.com',
		});
	});

	it('is never told by the address where ids differ', () => {
		const other = { subscription_id: 's2', customer_id: '88', tier: 'master' };
		const both = names([event('created', '05-01'), event('created', '05-02', other)]);
		expect(both).toEqual(['customer:77 knight', 'customer:88 master']);
	});

	it('keeps an id that looks like an address apart from an address', () => {
		const odd = { subscription_id: 's2', customer_id: 'a:b', customer_email: 'x@example.com' };
		expect(customer([event('created', '05-01', odd)], '06-01')).toMatchObject({
			customer: 'customer:a:b',
			customer_id: 'a:b',
		});
	});
});

describe('whose a subscription is', () => {
	it('is not told as if they had had it before', () => {
		expect(customer([event('created', '05-01')], '06-01').former_subscriptions).toEqual([]);
	});

	it('is told of those who had it before, once for each', () => {
		const both = ['s1', 's2'].flatMap((subscription_id) => [
			event('created', '05-01', { subscription_id, event_id: `a ${subscription_id}` }),
			event('updated', '05-02', {
				subscription_id,
				event_id: `b ${subscription_id}`,
				customer_id: '88',
			}),
		]);
		expect(customer(both, '06-01', 'customer:77').former_subscriptions).toEqual(['s1', 's2']);
		expect(customer(both, '06-01', 'customer:88').former_subscriptions).toEqual([]);
	});

	it('says the event whose state was read last, whichever happened first', () => {
		const early = event('created', '05-01', { state_at: '2026-05-04T00:00:00.000Z' });
		const late = event('updated', '05-02', {
			customer_id: '88',
			state_at: '2026-05-03T00:00:00.000Z',
		});
		expect(names([early, late])).toEqual(['customer:77 knight', 'customer:88']);
		const latest = { ...late, event_id: 'e3', state_at: '2026-05-05T00:00:00.000Z' };
		expect(names([early, late, latest])).toEqual(['customer:88 knight', 'customer:77']);
	});
});

describe('an event with an address only', () => {
	const bare = (when: string) =>
		event('created', when, { ...BARE, subscription_id: 's2', tier: 'awakened' });

	it('belongs to the id that holds the address', () => {
		expect(names([event('created', '05-01'), bare('05-02')])).toEqual([
			'customer:77 awakened+knight',
		]);
	});

	it('belongs to an id that got the address at the same moment', () => {
		expect(names([bare('05-01'), event('updated', '05-01')])).toEqual([
			'customer:77 awakened+knight',
		]);
	});

	it('belongs to the id that held it then, though a later event names another address', () => {
		const moved = event('updated', '05-10', { customer_email: 'new@example.com' });
		expect(names([event('created', '05-01'), bare('05-02'), moved])).toEqual([
			'customer:77 awakened+knight',
		]);
	});

	it('belongs to the id that held the address then, not to who has it now', () => {
		const events = [
			event('created', '05-01'),
			event('updated', '05-10', {
				customer_email: 'new@example.com',
				previous_email: 'ada@example.com',
			}),
			event('created', '05-12', { subscription_id: 's3', customer_id: '88', tier: 'master' }),
		];
		expect(names([...events, bare('05-05')])).toEqual([
			'customer:77 awakened+knight',
			'customer:88 master',
		]);
		expect(names([...events, bare('05-15')])).toEqual([
			'customer:88 awakened+master',
			'customer:77 knight',
		]);
	});

	it('belongs to who came back to the address last', () => {
		const comes = (when: string, id: string, email: string) =>
			event('updated', when, { customer_id: id, subscription_id: `s${id}`, customer_email: email });
		const events = [
			comes('05-01', '77', 'ada@example.com'),
			comes('05-02', '88', 'ada@example.com'),
			comes('05-03', '77', 'new@example.com'),
			comes('05-04', '77', 'ada@example.com'),
		];
		expect(names([...events, bare('05-05')])).toContain('customer:77 awakened+knight');
	});

	it('belongs to the address where its holder had left it and nobody had come to it', () => {
		const left = event('updated', '05-10', {
			customer_email: 'new@example.com',
			previous_email: 'ada@example.com',
		});
		expect(names([event('created', '05-01'), left, bare('05-11')])).toEqual([
			'customer:77 knight',
			'email:ada@example.com awakened',
		]);
	});

	it('belongs to the id whose earlier address it was, though no event of then has the id', () => {
		const change = event('updated', '05-10', {
			customer_email: 'new@example.com',
			previous_email: 'ada@example.com',
		});
		expect(names([bare('05-05'), change])).toEqual(['customer:77 awakened+knight']);
	});

	it('belongs to the address where no id was known with it then', () => {
		expect(names([bare('05-01'), event('created', '05-05')])).toEqual([
			'customer:77 knight',
			'email:ada@example.com awakened',
		]);
	});
});

describe('a subscription that changes its owner', () => {
	const created = event('created', '05-01');
	const given = event('updated', '05-05', {
		customer_id: '88',
		customer_email: 'bob@example.com',
		previous_customer_id: '77',
	});

	it('is the new owner’s, and the old one comes out with nothing', () => {
		expect(names([created, given])).toEqual(['customer:88 knight', 'customer:77']);
	});

	it('lets the old owner come out even if nothing else is known of them', () => {
		const [bob, ada] = at([given], '06-01');
		expect(bob).toMatchObject({ customer: 'customer:88', grants: [{ tier: 'knight' }] });
		expect(ada).toMatchObject({ customer: 'customer:77', state: 'none', grants: [] });
	});

	it('does so without being told who had it before', () => {
		expect(names([created, { ...given, previous_customer_id: null }])).toEqual([
			'customer:88 knight',
			'customer:77',
		]);
	});

	it('does not hand the old owner’s address on', () => {
		const [bob] = at([created, given], '06-01');
		expect(bob?.previous_emails).toEqual([]);
	});

	it('is whose the latest read says, though an earlier event arrives last', () => {
		const late = event('created', '05-01', { event_id: 'z' });
		expect(names([given, late])).toEqual(['customer:88 knight', 'customer:77']);
	});

	it('may come back', () => {
		const back = event('updated', '05-09', { previous_customer_id: '88' });
		expect(names([created, given, back])).toEqual(['customer:77 knight', 'customer:88']);
	});
});

describe('the address and the name', () => {
	it('are the latest, and earlier addresses are told', () => {
		const events = [
			event('created', '05-01', { customer_name: 'Ada L' }),
			event('updated', '05-02', {
				customer_email: 'new@example.com',
				previous_email: 'older@example.com',
				customer_name: 'Ada Lovelace',
			}),
		];
		const ada = customer(events, '06-01');
		expect(ada.customer_email).toBe('new@example.com');
		expect(ada.customer_name).toBe('Ada Lovelace');
		expect([...ada.previous_emails].sort()).toEqual(['ada@example.com', 'older@example.com']);
	});

	it('stay where an event says none', () => {
		const named = event('created', '05-01', { customer_name: 'Ada' });
		const silent = event('updated', '05-02', { customer_email: null });
		expect(customer([named, silent], '06-01')).toMatchObject({
			customer_email: 'ada@example.com',
			customer_name: 'Ada',
		});
	});

	it('are those that were read last, not those of the event that happened last', () => {
		const fresh = event('created', '05-01', {
			state_at: '05-09',
			customer_email: 'new@example.com',
			customer_name: 'New',
		});
		const stale = event('updated', '05-02', { customer_name: 'Old' });
		expect(customer([fresh, stale], '06-01')).toMatchObject({
			customer_email: 'new@example.com',
			customer_name: 'New',
			previous_emails: ['ada@example.com'],
		});
	});

	it('are those that were read last where there is no address at all', () => {
		const none = { customer_email: null };
		const fresh = event('created', '05-01', { ...none, state_at: '05-09', customer_name: 'New' });
		const stale = event('updated', '05-02', { ...none, customer_name: 'Old' });
		expect(customer([fresh, stale], '06-01').customer_name).toBe('New');
	});

	it('do not turn an address that they had before into the present one', () => {
		const events = [event('updated', '05-02', { customer_email: null, previous_email: 'o@x.y' })];
		expect(customer(events, '06-01')).toMatchObject({
			customer_email: null,
			previous_emails: ['o@x.y'],
		});
	});

	it('say which earlier address somebody else has now', () => {
		const events = [
			event('created', '05-01'),
			event('updated', '05-02', { customer_email: 'new@example.com' }),
			event('created', '05-03', { subscription_id: 's2', customer_id: '88' }),
		];
		expect(customer(events, '06-01', 'customer:77')).toMatchObject({
			previous_emails: ['ada@example.com'],
			taken_emails: ['ada@example.com'],
		});
	});
});

describe('an address that two customers have', () => {
	const before = event('created', '05-01', { customer_id: null, subscription_id: 's0' });
	const now = event('created', '05-10');

	it('is told of the one who is entitled to nothing, so that the other’s account is left alone', () => {
		const life = [
			before,
			event('cancelled', '05-02', { customer_id: null, subscription_id: 's0' }),
			now,
		];
		const isLive = (key: string) => customer(life, '05-11', key).address_is_live;
		expect(isLive('email:ada@example.com')).toBe(true);
		expect(isLive('customer:77')).toBe(false);
	});

	it('is nobody’s where neither is entitled to anything', () => {
		const life = [before, now, event('cancelled', '05-11')].map((one) => ({
			...one,
			status: null,
		}));
		const gone = event('cancelled', '05-11', { customer_id: null, subscription_id: 's0' });
		for (const one of at([...life, gone], '05-12')) expect(one.address_is_live).toBe(false);
	});
});

describe('what an operator says', () => {
	const hold = override('set', '05-20', { customer_email: 'old@example.com' });

	it('tells nothing of the address: the page may have been open since before it changed', () => {
		const life = [
			event('created', '05-01', { customer_email: 'old@example.com' }),
			event('updated', '05-10', {
				customer_email: 'new@example.com',
				previous_email: 'old@example.com',
			}),
			hold,
		];
		expect(customer(life, '05-21')).toMatchObject({
			customer: 'customer:77',
			customer_email: 'new@example.com',
			override: expect.anything(),
		});
		const later = event('created', '05-21', {
			subscription_id: 's2',
			customer_id: null,
			customer_email: 'new@example.com',
		});
		expect(customer([...life, later], '05-22').subscriptions).toHaveLength(2);
	});

	it('is the address where billing says none', () => {
		const life = [event('created', '05-01', { customer_email: null }), hold];
		expect(customer(life, '05-21').customer_email).toBe('old@example.com');
	});
});

describe('an override by address', () => {
	it('belongs to the id that holds the address', () => {
		const said = override('set', '05-05', { ...BARE, tier: 'master' });
		expect(names([event('created', '05-01'), said])).toEqual(['customer:77 master']);
	});
});
