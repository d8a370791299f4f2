import { describeOutcome } from '../../../../domain/operator/outcome';
import type { ReadRow } from '../../../../domain/tables';

type StoredEvent = ReadRow<'paymenter_events'>;
type CustomerOutcome = ReadRow<'paymenter_customers'>;

const DONE_AT = '2026-05-03T10:00:05.000Z';
const event: StoredEvent = {
	event: 'override.set',
	customer_id: '77',
	customer_email: 'ada@example.com',
	processed_at: DONE_AT,
};
const row: CustomerOutcome = {
	customer: 'customer:77',
	customer_id: '77',
	customer_email: 'ada@example.com',
	state: 'active',
	tiers: 'knight',
	why: 'Overridden by Olivia, has the tier knight: a <b>prize</b> {{ 7*7 }}.',
	last_result: 'subscriber_knight: access given ×3.',
	last_error: '',
	what_to_do: '',
	retry_at: null,
	execution_url: 'https://n8n.example.com/workflow/paymenterApply/executions/5',
};

const outcome = (
	said: Partial<StoredEvent>,
	customer: Partial<CustomerOutcome> = {},
	last = false,
) => describeOutcome([{ ...event, ...said }], [{ ...row, ...customer }], last);

describe('The outcome of an override', () => {
	it('is what was done, with the state and a link to the execution', () => {
		const page = outcome({});
		expect(page?.title).toBe('Done');
		expect(page?.html).toMatch(
			/^<b>subscriber_knight: access given ×3\.<\/b><br><br>State: active, knight\. /,
		);
		expect(page?.html).toContain('a &#60;b&#62;prize&#60;/b&#62; &#123;&#123; 7*7 &#125;&#125;.');
		expect(page?.html).toContain(
			'<a href="https://n8n.example.com/workflow/paymenterApply/executions/5" target="_blank">',
		);
	});

	it('is waited for until the event is processed', () => {
		expect(outcome({ processed_at: null })).toBeNull();
		expect(describeOutcome([], [row], false)).toBeNull();
	});

	it('is in the table of customers if it takes too long', () => {
		const page = outcome({ processed_at: null }, {}, true);
		expect(page).toEqual({
			title: 'Stored',
			html: 'Stored; the result will be in <b>paymenter_customers</b> within a few minutes.',
		});
		expect(describeOutcome([], [], true)).toEqual(page);
	});

	it('says what failed, what to do, and whether it is tried again', () => {
		const failed = { last_error: 'The panel <is> down.', what_to_do: 'Start it.' };
		expect(outcome({}, failed)).toMatchObject({
			title: 'It failed',
			html: expect.stringMatching(
				/^<b>The panel &#60;is&#62; down\. Start it\.<\/b><br>/,
			) as string,
		});
		expect(outcome({}, { ...failed, what_to_do: null, retry_at: DONE_AT })?.html).toMatch(
			/down\.<\/b> It is tried again automatically\./,
		);
	});

	it('is not done where the panel takes no changes yet', () => {
		const last_result = 'no access: access taken. Blocked on Aurora: it is suspended.';
		expect(outcome({}, { last_result, retry_at: DONE_AT })).toMatchObject({
			title: 'Stored, but not done yet',
			html: expect.stringContaining('suspended.</b> It is tried again') as string,
		});
	});

	it('is not done where the panel stays as it is', () => {
		const last_result = 'Nothing done: the account is an administrator.';
		expect(outcome({}, { last_result })?.title).toBe('Stored, but the panel stays as it is');
	});

	it('is why the event could not be used', () => {
		expect(outcome({ rejected: 'Unknown tier "x".' })).toEqual({
			title: 'It failed',
			html: '<b>Unknown tier &#34;x&#34;.</b>',
		});
	});

	it('is read from the row of this customer', () => {
		expect(outcome({}, { customer_id: '88' })).toEqual({
			title: 'Done',
			html: 'See the row in <b>paymenter_customers</b>.',
		});
		const byAddress = { customer_id: null };
		expect(outcome(byAddress, { customer_id: '' })?.html).toContain('access given');
		expect(outcome(byAddress, { customer_email: 'bob@example.com' })?.html).toContain(
			'See the row',
		);
		expect(outcome({ customer_id: null, customer_email: null }, byAddress)?.html).toContain('See');
	});

	it('leaves out what is not known, and links to nothing but a web page', () => {
		const unknown = { state: '', tiers: '', execution_url: 'javascript:alert(1)' };
		expect(outcome({}, unknown)?.html).toBe('<b>subscriber_knight: access given ×3.</b>');
		expect(outcome({}, { execution_url: 'javascript:"https://x"' })?.html).not.toContain('href');
		expect(outcome({}, { execution_url: 'http://n8n.local/5' })?.html).toContain(
			'href="http://n8n',
		);
		expect(outcome({}, { tiers: '', execution_url: '' })?.html).toMatch(
			/^<b>[^<]*<\/b><br><br>State: active\. Overridden/,
		);
	});
});

describe('The outcome of an undo', () => {
	const restore = (id: string, more: Partial<StoredEvent> = {}): StoredEvent[] => [
		{ ...event, event: 'override.hold', customer_id: id, customer_email: `${id}@example.com` },
		{
			...event,
			event: 'restore.requested',
			customer_id: id,
			customer_email: `${id}@example.com`,
			...more,
		},
	];
	const rowFor = (id: string, more: Partial<CustomerOutcome> = {}) => ({
		...row,
		customer_id: id,
		...more,
	});

	it('counts who was put back', () => {
		const events = [...restore('a'), ...restore('b')];
		expect(describeOutcome(events, [rowFor('a'), rowFor('b')], false)).toEqual({
			title: 'Done',
			html: 'Put back: 2 of 2. All of them are held.',
		});
	});

	it('names who was not, and why', () => {
		const events = ['a', 'b', 'c'].flatMap((id) => restore(id));
		const page = describeOutcome(
			[...events, ...restore('d', { rejected: 'No <record>.' })],
			[
				rowFor('a'),
				rowFor('b', { last_error: 'Panel {down}.', what_to_do: 'Start it.' }),
				rowFor('c', { retry_at: DONE_AT, last_result: 'Blocked on Aurora.' }),
			],
			false,
		);
		expect(page?.html).toBe(
			[
				'Put back: 1 of 4. All of them are held.',
				'b@example.com: Panel &#123;down&#125;. Start it.',
				'c@example.com: Blocked on Aurora.',
				'd@example.com: No &#60;record&#62;.',
				'Run it again for these.',
			].join('<br>'),
		);
	});

	it('is waited for until all of its events are processed', () => {
		const open = { processed_at: null };
		const events = [...restore('a'), ...restore('b', open)];
		expect(describeOutcome(events, [], false)).toBeNull();
		expect(describeOutcome(events, [], true)).toEqual({
			title: 'Stored, but not done yet',
			html: expect.stringMatching(/^Put back: 1 of 2\..*<br>Stored; /) as string,
		});
	});
});
