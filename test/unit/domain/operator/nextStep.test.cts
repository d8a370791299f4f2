import { eventRow } from '../../../../domain/events/append';
import { describeAccess, type AccessPage } from '../../../../domain/operator/accessPage';
import { nextStep, type Said } from '../../../../domain/operator/nextStep';
import { customer, event } from '../../support/billing.cjs';

const NOW = new Date('2026-05-03T10:00:00.000Z');
const entitlement = customer([event('created', '05-01')], '05-03');

type Answer = Partial<Said['answer']>;

const BLANK = { action: '', tier: '', until: '', player: '', discord: '', reason: '', confirm: '' };

const next = ({ answer = {}, ...said }: Partial<Omit<Said, 'answer'>> & { answer?: Answer } = {}) =>
	nextStep(
		{
			email: '',
			actor: 'Olivia',
			minutes: null,
			reason: '',
			changes: [],
			customers: [],
			page: null,
			answer: { ...BLANK, ...answer },
			...said,
		},
		'form-1',
		NOW,
	);

const end = (html: string) => ({ end: { title: 'Nothing was changed', html } });

/** What the form showed of Ada, with these events proposed. */
const page = (...events: AccessPage['events']): AccessPage =>
	describeAccess(
		[{ customer: 'customer:77', entitlement }],
		[{ customer_id: '77', customer_email: 'ada@example.com', events }],
	);

describe('An operator who opens the override form', () => {
	it('first sees the customer with the address', () => {
		expect(next({ email: ' Ada@Example.com ' })).toEqual({
			look: [{ customer_id: null, customer_email: 'ada@example.com', events: [] }],
		});
	});

	it('then sees what their choice would change', () => {
		const answer = {
			action: 'Give a tier',
			tier: 'legend',
			until: '2026-06-01',
			reason: 'a prize',
		};
		expect(next({ page: page(), answer })).toEqual({
			look: [
				{
					customer_id: '77',
					customer_email: 'ada@example.com',
					events: [
						expect.objectContaining({
							event_id: 'form-1-override',
							event: 'override.set',
							tier: 'legend',
							override_until: '2026-06-01',
							reason: 'a prize',
							actor: 'Olivia',
							occurred_at: NOW.toISOString(),
						}),
					],
				},
			],
		});
	});

	it('sees whom they set as the player, and that an empty field leaves it to billing', () => {
		const proposed = (answer: Answer) => {
			const step = next({ page: page(), answer: { action: 'Set player', reason: 'x', ...answer } });
			return step.look?.[0]?.events[0]?.customer_properties;
		};
		expect(proposed({ player: 'ada', discord: '1132456789012345678' })).toBe(
			'{"minecraft_username":"ada","discord_id":"1132456789012345678"}',
		);
		expect(proposed({})).toBe('{"minecraft_username":null,"discord_id":null}');
	});

	it('is told what is missing, with nothing changed', () => {
		const step = (answer: Answer) => next({ page: page(), answer });
		const again = 'Go back, or open the form again.';
		expect(step({ action: 'Give a tier', reason: 'x' })).toEqual(
			end(`Choose the tier to give. ${again}`),
		);
		expect(step({ action: 'Extend the grace', reason: 'x' })).toEqual(
			end(`Enter the day until which the grace is to last. ${again}`),
		);
		expect(step({ action: 'Suspend', until: '{x}', reason: 'x' })).toEqual(
			end(`&#123;x&#125; is not a date such as 2026-05-31. ${again}`),
		);
		expect(step({ action: 'Suspend' })).toEqual(end(`Enter a reason. ${again}`));
	});

	it('may leave the page open without choosing anything', () => {
		expect(next({ page: page() })).toEqual({ look: [] });
	});
});

describe('An operator who sees what would change', () => {
	const row = eventRow(
		{ event_id: 'form-1-override', event: 'override.set', customer_id: '77', reason: 'a prize' },
		{ at: '2026-05-03T09:00:00.000Z', source: 'operator' },
	);
	const answered = (confirm: string) => next({ page: page(row), answer: { confirm } });

	it('lets it happen with a yes, at the time of the answer', () => {
		const at = NOW.toISOString();
		const times = { occurred_at: at, state_at: at, received_at: at };
		const queue = `0 ${at} form-1-override`;
		expect(answered('Yes, do it')).toEqual({ append: [{ ...row, ...times, queue }] });
	});

	it('changes nothing with a no', () => {
		expect(answered('No, change nothing')).toEqual(end('You said no.'));
	});

	it.each(['', 'Yes', 'yes, do it', 'Yes, do it '])(
		'is taken at their exact word (%j)',
		(answer) => {
			expect(answered(answer)).toEqual({});
		},
	);
});

describe('An operator who opens the undo form', () => {
	const undo = { minutes: 60, reason: 'a wrong plan' };
	const changes = [
		{
			customer: 'customer:77',
			customer_email: 'ada@example.com',
			server_id: 'aaaaaaaa',
			before: 'schedule.read',
		},
	];

	it('first sees what would be put back for whom', () => {
		const moved = { customer: 'customer:77', customer_email: 'new@example.com' };
		expect(next({ ...undo, changes, customers: [moved] })).toMatchObject({
			look: [
				{
					customer_id: '77',
					customer_email: 'new@example.com',
					events: [{ event_id: 'form-1-1-hold' }, { event_id: 'form-1-1-restore' }],
				},
			],
		});
	});

	it('is told why there is nothing to undo', () => {
		expect(next(undo)).toEqual(
			end('In that time no access was changed, so there is nothing to undo.'),
		);
	});
});
