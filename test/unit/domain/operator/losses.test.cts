import { describeConfirmed, describeLosses } from '../../../../domain/operator/losses';

const row = (customer: string, more: object = {}) => ({
	customer,
	customer_email: `${customer}@example.com`,
	tiers: 'knight',
	state: 'active',
	held_changes: 'would lose Aurora',
	...more,
});

describe('The losses to confirm', () => {
	it('are listed with name, tier and what would be lost', () => {
		expect(
			describeLosses([row('ada'), row('bob', { tiers: '', held_changes: '' })], 'Olivia'),
		).toEqual({
			canConfirm: true,
			title: 'Losses to confirm',
			html: 'Customers who would lose access: 1<ul><li><b>ada@example.com</b> (knight) would lose Aurora</li></ul>',
		});
	});

	it('name the key without an address, and the state or nothing without a tier', () => {
		const { html } = describeLosses(
			[
				row('email:x', { customer_email: '', tiers: '' }),
				row('customer:2', { customer_email: null, tiers: null, state: null }),
			],
			'Olivia',
		);
		expect(html).toContain('<b>email:x</b> (active) ');
		expect(html).toContain('<b>customer:2</b> (no tier) ');
		expect(html).toContain('</li><li>');
	});

	it('show what customers wrote as it is', () => {
		const { html } = describeLosses([row('x', { customer_email: `<i>&"'{{ $env }}` })], 'Olivia');
		expect(html).toContain('<b>&#60;i&#62;&#38;&#34;&#39;&#123;&#123; $env &#125;&#125;</b>');
	});

	it('are at most 500 on the page', () => {
		const many = (count: number) =>
			describeLosses(
				Array.from({ length: count }, (_, index) => row(`c${index}`)),
				'Olivia',
			);
		expect(many(500).html).toMatch(/<\/ul>$/);
		expect(many(502).html).toContain('would lose access: 502<ul>');
		expect(many(502).html).toMatch(
			/c499@example.com.*<\/ul>and 2 more \(Data Table paymenter_customers, column held_changes\)\.$/,
		);
		expect(many(502).html).not.toContain('c500@');
	});

	it('cannot be confirmed where nothing is held back', () => {
		expect(describeLosses([row('ada', { held_changes: null })], 'Olivia')).toEqual({
			canConfirm: false,
			title: 'Nothing to confirm',
			html: 'Nobody’s loss is held back.',
		});
	});

	it('cannot be confirmed without a name', () => {
		expect(describeLosses([row('ada')], '  ')).toMatchObject({
			canConfirm: false,
			html: 'Enter your name.',
		});
	});
});

describe('The last page', () => {
	const page = (counts: object, alert: object | null = null) =>
		describeConfirmed({
			summary: { held: 0, let_through: 0, nothing_to_lose: 0, ...counts },
			alert,
		} as never);

	it('says how many are let through, and who does it', () => {
		expect(page({ let_through: 6 })).toEqual({
			title: 'Done',
			html: '6 of 6 are not held back any more. Apply Access is taking the access of 6 now: the result will be in the Data Table paymenter_customers.',
		});
	});

	it('says who has nothing to lose and how many are still held', () => {
		expect(page({ held: 2, nothing_to_lose: 3 }).html).toBe(
			'3 of 5 are not held back any more. 3 have nothing to lose by now. 2 are still held back: open this form again.',
		);
	});

	it('says what Reconcile would alert about, as text', () => {
		expect(page({}, { what_happened: 'Stop: <b>', what_to_do: 'Look.' })).toEqual({
			title: 'Look at this',
			html: 'Reconcile says: Stop: &#60;b&#62; Look.',
		});
	});
});
