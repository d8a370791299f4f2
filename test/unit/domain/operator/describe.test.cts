import { describeAccess } from '../../../../domain/operator/accessPage';
import { describeUndo, type PreviewItem } from '../../../../domain/operator/describe';
import { customer, event, override, said } from '../../support/billing.cjs';

const EVIL = `<i>Ada</i> & "{{ 7*7 }}"'`;
const created = event('created', '05-01', { customer_name: 'Ada' });
const entitlement = customer([created], '05-03');
const access = (server: string, ...permissions: string[]) => ({
	server,
	server_id: 'aaaaaaaa',
	permissions,
});

const KEYS = { player: 'minecraft_username', discord: 'discord_id' };
const describeCustomer = (items: PreviewItem[], customer_email: string) =>
	describeAccess(items, [{ customer_id: null, customer_email, events: [] }]);

const preview = (items: PreviewItem[], proposed: object) => {
	const events = [proposed as never];
	return describeAccess(items, [{ customer_id: null, customer_email: null, events }]).html;
};

const page = (item: PreviewItem, email = 'ada@example.com') =>
	describeCustomer([{ entitlement, ...item }], email);

describe('The page about a customer', () => {
	it('says who it is, why they have access, and what they have', () => {
		const { html, ...keys } = page({
			had: [access('Aurora', 'control.start'), access('Borealis', 'control.start')],
			plan: [access('Aurora', 'control.start'), access('Borealis', 'control.start')],
		});
		expect(html).toBe(
			[
				'<b>Ada</b>, ada@example.com, customer 77',
				'State: <b>active</b>',
				'Subscription s1 (fire-knight): active.',
				'On the panel now<ul><li><b>Aurora, Borealis</b>: control.start</li></ul>',
			].join('<br><br>'),
		);
		expect(keys).toMatchObject({
			customer: 'customer:77',
			customer_id: '77',
			customer_email: 'ada@example.com',
		});
	});

	it('lists servers by name', () => {
		const { html } = page({ had: [access('Borealis', 'a.b'), access('Aurora', 'c.d')], plan: [] });
		expect(html).toMatch(/Aurora.*Borealis/);
	});

	it('shows where the panel differs, and duplicates', () => {
		const { html } = page({
			had: [access('Aurora', 'a.b'), access('Cirrus', 'a.b'), access('Cirrus', 'c.d')],
			plan: [access('Aurora', 'a.b', 'c.d'), access('Borealis', 'a.b')],
		});
		expect(html).toContain('<b>Aurora</b>: a.b; should be a.b, c.d');
		expect(html).toContain('<b>Borealis</b>: nothing; should be a.b');
		expect(html).toContain('<b>Cirrus</b>: a.b and again c.d; should be nothing');
	});

	it('says when the state changes by itself, and that it is forced or held', () => {
		const late = customer([created, event('failed', '05-03')], '05-04');
		expect(page({ entitlement: late }).html).toContain(
			'State: <b>grace</b>. Changes by itself on 10 May 2026, 10:00 UTC',
		);
		const forced = customer([created, override('set', '05-03', { tier: null })], '05-04');
		expect(page({ entitlement: forced }).html).toContain('State: <b>suspended</b>, overridden');
		const held = customer([created, said('override.hold', '05-03')], '05-04');
		expect(page({ entitlement: held }).html).toContain('</b>, held');
		const guarded = { ...entitlement, held_changes: 'loses <Aurora>' };
		expect(page({ entitlement: guarded }).html).toContain('Held back: loses &#60;Aurora&#62;');
	});

	it('does not say that they have nothing where the panel could not be read', () => {
		expect(page({}).html).toContain('On the panel: no access.');
		const { html } = page({ error: 'No response.', advice: 'Start it.' });
		expect(html).toContain('<b>No response.</b> Start it.');
		expect(html).toContain('What they have on the panel is not known.');
		expect(html).not.toContain('no access');
	});

	it('finds a customer by an earlier address, but first by the present one', () => {
		const moved = { ...entitlement, customer_email: 'new@example.com' };
		const one = { ...moved, customer_name: 'Moved', previous_emails: ['ada@example.com'] };
		const items = [{ entitlement: one }];
		expect(describeCustomer(items, 'ada@example.com')).toMatchObject({
			customer_email: 'new@example.com',
			html: expect.stringContaining('<b>Moved</b>') as string,
		});
		expect(describeCustomer([...items, { entitlement }], 'ada@example.com').html).toContain(
			'<b>Ada</b>',
		);
	});

	it('finds nobody where all that was found has other addresses', () => {
		expect(page({}, 'bob@example.com')).toMatchObject({
			customer: 'email:bob@example.com',
			html: expect.stringContaining('Nobody with the address bob@example.com') as string,
		});
	});

	it('takes the searched address for a customer without one', () => {
		const one = {
			...entitlement,
			customer_name: null,
			customer_email: null,
			customer_id: null,
			previous_emails: ['ada@example.com'],
		};
		expect(page({ entitlement: one })).toMatchObject({
			customer_id: '',
			customer_email: 'ada@example.com',
			html: expect.stringContaining('<b></b>, no address<br>') as string,
		});
	});

	it('offers to give a tier to somebody who is not in the log', () => {
		const { html, ...keys } = describeCustomer([{ known_tiers: ['knight'] }], 'guest@example.com');
		expect(html).toContain('Nobody with the address guest@example.com is in the log');
		expect(keys).toMatchObject({
			customer: 'email:guest@example.com',
			customer_id: '',
			customer_email: 'guest@example.com',
		});
		expect(keys.fields[1]?.fieldOptions).toEqual({ values: [{ option: 'knight' }] });
		expect(describeCustomer([], '<b>@x').html).toContain('&#60;b&#62;@x');
	});

	it('names the player and the Discord ID, where they are known', () => {
		const known = (customer_properties: Record<string, string>, property_keys?: typeof KEYS) =>
			page({ entitlement: { ...entitlement, customer_properties }, property_keys }).html;
		expect(known({ minecraft_username: 'ada<', discord_id: '7', x: 'y' })).toContain(
			'active.<br><br>Player: <b>ada&#60;</b>, Discord ID: <b>7</b><br><br>',
		);
		expect(known({ discord_id: '7' })).toContain('<br><br>Discord ID: <b>7</b><br><br>');
		const own = { player: 'name', discord: 'dc' };
		const html = known({ minecraft_username: 'ada', name: 'eve' }, own);
		expect(html).toContain('<br><br>Player: <b>eve</b><br><br>');
		expect(page({ property_keys: own }).property_keys).toEqual(own);
		expect(page({}).property_keys).toEqual(KEYS);
	});

	it('asks for action, tier, day, player and reason, in this order', () => {
		const { fields } = page({});
		const names = ['action', 'tier', 'until', 'player', 'discord', 'reason'];
		expect(fields.map(({ fieldName }) => fieldName)).toEqual(names);
		expect(fields[0]?.fieldOptions?.values).toHaveLength(7);
		expect(fields[1]?.fieldOptions?.values).toEqual([]);
		expect(fields.map(({ fieldType }) => fieldType)).toEqual([
			'dropdown',
			'dropdown',
			'date',
			'text',
			'text',
			'textarea',
		]);
		const required = fields.filter(({ requiredField }) => requiredField);
		expect(required.map(({ fieldName }) => fieldName)).toEqual(['action', 'reason']);
		for (const { fieldLabel } of fields) expect(fieldLabel).not.toBe('');
	});

	it('escapes whatever a customer or a panel wrote', () => {
		const { html } = page({
			entitlement: { ...entitlement, customer_name: EVIL, explanation: EVIL },
			had: [access(EVIL, 'a.b')],
			error: EVIL,
			advice: EVIL,
		});
		expect(html).not.toMatch(/<i>|\{|\}|"|& /);
		expect(html.split('&#60;i&#62;Ada')).toHaveLength(6);
	});
});

describe('The page that shows what would change', () => {
	const event = {
		...override('set', '05-03', { tier: 'legend', reason: 'a prize' }),
		override_until: '2026-05-09',
	};
	const change = (server: string | null, what = 'access changed' as const) => ({
		what,
		server,
		server_id: null,
		before: ['a.b'],
		after: ['a.b', 'c.d'],
	});

	it('says what was chosen, what they would be, and each change', () => {
		const html = preview(
			[
				{
					entitlement,
					changes: [
						{ ...change(null), what: 'account created', before: [], after: [] },
						change('Aurora'),
						change('Borealis'),
					],
					blocked: [{ server: 'Cirrus', server_id: 'c', why: 'it is suspended' }],
				},
			],
			event,
		);
		expect(html).toBe(
			[
				'<b>Give a tier</b>: legend, until 2026-05-09. a prize',
				'They would then be: <b>active</b>. Subscription s1 (fire-knight): active.',
				'<b>This would change on the panel</b><ul>' +
					'<li>account created: nothing → nothing</li>' +
					'<li><b>Aurora, Borealis</b>, access changed: a.b → a.b, c.d</li>' +
					'<li>blocked on Cirrus: it is suspended</li></ul>',
			].join('<br><br>'),
		);
	});

	it('says that nothing would change', () => {
		expect(preview([{ entitlement }], event)).toContain('Nothing would change on the panel.');
		expect(preview([], { ...event, tier: null, override_until: null })).toBe(
			'<b>Suspend</b>. a prize<br><br>Nothing would change on the panel.',
		);
	});

	it('says that it would fail, and not that nothing would change', () => {
		const html = preview([{ entitlement, error: 'No tier.', advice: 'Add it.' }], event);
		expect(html).toContain('<b>It would fail: No tier.</b> Add it.');
		expect(html).not.toContain('Nothing would change');
	});

	it('says why an account would be kept', () => {
		const html = preview([{ entitlement, account_kept: 'it owns a server' }], event);
		expect(html).toContain('The account would be kept: it owns a server.');
	});

	it('says that no grace would be extended, unless one would', () => {
		const extension = { ...event, event: 'grace.extend', tier: null } as const;
		expect(preview([{ entitlement }], extension)).toContain('No grace would be extended');
		const extended = customer(
			[
				created,
				{ ...said('payment.failed' as never, '05-03'), subscription_id: 's1', status: 'active' },
				said('grace.extend', '05-04', { override_until: '2026-06-01', reason: 'x', actor: 'O' }),
			],
			'05-05',
		);
		expect(preview([{ entitlement: extended }], extension)).not.toContain('No grace');
		const another = customer([created], '05-05').subscriptions;
		const both = { ...extended, subscriptions: [...extended.subscriptions, ...another] };
		expect(preview([{ entitlement: both }], extension)).not.toContain('No grace');
		expect(preview([], extension)).toContain('No grace would be extended');
	});

	it('is about the customer of the event', () => {
		const other = { ...entitlement, customer_id: '88', explanation: 'Another.' };
		expect(preview([{ entitlement: other }, { entitlement }], event)).toContain('fire-knight');
		const guest = { ...event, customer_id: null };
		const nameless = { ...other, customer_email: 'bob@example.com' };
		expect(preview([{ entitlement: nameless }, { entitlement }], guest)).toContain('fire-knight');
	});

	it('escapes whatever anybody wrote', () => {
		const html = preview(
			[
				{
					entitlement: { ...entitlement, explanation: EVIL },
					error: EVIL,
					advice: EVIL,
					account_kept: EVIL,
					changes: [change(EVIL)],
					blocked: [{ server: EVIL, server_id: 'c', why: EVIL }],
				},
			],
			{ ...event, tier: EVIL, override_until: EVIL, reason: EVIL },
		);
		expect(html).not.toMatch(/<i>|\{|\}|"|& /);
		expect(html.split('&#60;i&#62;Ada')).toHaveLength(11);
	});

	it('says who would be the player', () => {
		const set = said('override.player', '05-03', {
			reason: 'new name',
			customer_properties: { minecraft_username: 'eve', discord_id: null },
		});
		const entitled = customer([created, set], '05-03');
		expect(preview([{ entitlement: entitled }], set)).toBe(
			[
				'<b>Set player</b>. new name',
				`They would then be: <b>active</b>. ${entitled.explanation}`,
				'Player: <b>eve</b>',
				'Nothing would change on the panel.',
			].join('<br><br>'),
		);
		const cleared = { ...set, customer_properties: {} };
		const html = preview([{ entitlement: customer([created, cleared], '05-03') }], cleared);
		expect(html).toContain('Neither the player nor the Discord ID would be known.');
		const hold = said('override.hold', '05-03');
		expect(preview([{ entitlement: entitled }], hold)).not.toContain('eve');
		expect(preview([], set)).not.toContain('known');
	});
});

describe('The page that shows what an undo would put back', () => {
	const change = {
		what: 'access taken',
		server: 'Aurora',
		server_id: 'a',
		before: ['a.b'],
		after: [],
	};
	const item = {
		customer_email: 'ada@example.com',
		outcome: 'would change',
		changes: [change],
		blocked: [{ server: 'Cirrus', server_id: 'c', why: 'it is suspended' }],
		warnings: ['The server x no longer exists on the panel.'],
	};
	const unchanged = { customer_email: 'bob@example.com', outcome: 'unchanged' };
	const describeItems = (items: object[]) => describeUndo(items as never);

	it('lists each customer with changes, before → after', () => {
		const html = describeItems([item, unchanged]);
		expect(html).toContain('Customers with changes in that time: 2. They are held');
		expect(html).toContain(
			'<b>This would be put back</b><ul><li><b>ada@example.com</b><ul>' +
				'<li>Aurora: a.b → nothing</li><li>Cirrus: blocked, it is suspended</li>' +
				'<li>The server x no longer exists on the panel.</li></ul></li></ul>',
		);
		expect(html).not.toContain('bob@');
	});

	it('names a change of the account, and a customer without an address', () => {
		const created = {
			...change,
			what: 'account created',
			server: null,
			before: [],
			after: ['ada'],
		};
		const html = describeItems([
			{ outcome: 'would change', customer_id: '77', changes: [created] },
		]);
		expect(html).toContain('<b>77</b><ul><li>account created: nothing → ada</li></ul>');
	});

	it('says that everything is as it was recorded', () => {
		expect(describeItems([unchanged])).toContain('Everything is as it was recorded already');
	});

	it('names failures, and does not take them for customers without changes', () => {
		const html = describeItems([
			{ error: 'Panel {down}.', advice: 'Start it.' },
			{ customer: 'customer:77' },
		]);
		expect(html).toContain('in that time: 2.');
		expect(html).toContain('<b>Panel &#123;down&#125;.</b> Start it.');
		expect(html).toContain('<b>A customer could not be looked up on the panel.</b>');
		expect(html).not.toContain('Everything');
	});

	it('shows at most 200 customers', () => {
		const html = describeItems(Array.from({ length: 203 }, () => item));
		expect(html.split('ada@example.com')).toHaveLength(201);
		expect(html).toContain('and 3 more.');
		expect(describeItems(Array.from({ length: 200 }, () => item))).not.toContain('more.');
	});

	it('escapes whatever anybody wrote', () => {
		const html = describeItems([
			{
				...item,
				customer_email: EVIL,
				changes: [{ ...change, server: EVIL }],
				blocked: [{ server: EVIL, why: EVIL }],
				warnings: [EVIL],
			},
			{ error: EVIL, advice: EVIL },
		]);
		expect(html).not.toMatch(/<i>|\{|\}|"|& /);
		expect(html.split('&#60;i&#62;Ada')).toHaveLength(8);
	});
});

describe('The page after a proposal', () => {
	const row = (name: string, more: object = {}) =>
		({ event: name, customer_id: '77', customer_email: 'ada@example.com', ...more }) as never;
	const of = (events: never[]) => [
		{ customer_id: '77', customer_email: 'ada@example.com', events },
	];
	const items = [{ customer: 'customer:77', entitlement }];

	it('offers the actions while nothing is proposed', () => {
		const shown = describeAccess(items, of([]));
		expect(shown).toMatchObject({ title: 'Manual override', button: 'Show what would change' });
		expect(shown.fields.map(({ fieldName }) => fieldName)).toContain('action');
		expect(shown.events).toEqual([]);
		expect(shown.html).toContain('ada@example.com, customer 77');
	});

	it('asks for a yes to what an override would change', () => {
		const events = [row('override.set', { reason: 'why' })];
		const shown = describeAccess(items, of(events));
		expect(shown).toMatchObject({ button: 'Go on', customer: 'customer:77', events });
		expect(shown.fields).toEqual([
			{
				fieldName: 'confirm',
				fieldLabel: 'Do it?',
				fieldType: 'dropdown',
				requiredField: true,
				fieldOptions: {
					values: [{ option: 'Yes, do it' }, { option: 'No, change nothing' }],
				},
			},
		]);
		expect(shown.html).toContain('<b>Suspend</b>. why');
	});

	it('asks for a yes to an undo, and counts those it is about only', () => {
		const other = { customer: 'customer:88', entitlement: { ...entitlement, customer_id: '88' } };
		const events = [row('override.hold'), row('restore.requested')];
		const shown = describeAccess([...items, other], of(events));
		expect(shown).toMatchObject({ title: 'Undo', customer: '', events });
		expect(shown.html).toContain('in that time: 1.');
		const found = { ...items[0], outcome: 'unchanged' as const };
		expect(describeAccess([other, found], of(events)).html).toContain('as it was recorded already');
		const nobody = { customer_id: '99', customer_email: null, events };
		const { html } = describeAccess(items, [...of(events), nobody]);
		expect(html).toContain('in that time: 2.');
		expect(html).toContain('A customer could not be looked up');
	});
});
