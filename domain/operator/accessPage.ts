import { customerHtml, describePreview, describeUndo, isAbout, type PreviewItem } from './describe';
import { NO, YES, type EventRow, type Proposal } from './nextStep';
import { OVERRIDE_ACTIONS, type PropertyKeys } from './overrideEvent';

/** A page that asks an operator something. */
export type AccessPage = ReturnType<typeof describeCustomer>;

const TITLE = 'Manual override';

/** The page about a customer as they are, or about what the proposed events would change. */
export function describeAccess(items: PreviewItem[], proposals: Proposal[]): AccessPage {
	const events = proposals.flatMap((one) => one.events);
	const property_keys = items.find((item) => item.property_keys)?.property_keys ?? {
		player: 'minecraft_username',
		discord: 'discord_id',
	};
	const [event] = events;
	if (!event) return describeCustomer(items, proposals[0]?.customer_email ?? '', property_keys);
	const nobody = { customer: '', customer_id: '', customer_email: '' };
	const confirming = { ...nobody, property_keys, fields: CONFIRM, button: 'Go on', events };
	if (events.some((one) => one.event === 'restore.requested')) {
		const looked = proposals.map((one) => items.find((item) => isAbout(item, one)) ?? {});
		return { ...confirming, title: 'Undo', html: describeUndo(looked) };
	}
	const one = items.find((item) => isAbout(item, event)) ?? {};
	const html = describePreview(one, event, property_keys);
	return { ...confirming, title: TITLE, html, customer: one.customer ?? '' };
}

/** Who has the address, what they are entitled to, and what they have on the panel. */
function describeCustomer(items: PreviewItem[], email: string, property_keys: PropertyKeys) {
	const one =
		items.find(({ entitlement }) => entitlement?.customer_email === email) ??
		items.find(({ entitlement }) => entitlement?.previous_emails.includes(email));
	const { customer = `email:${email}`, customer_id, customer_email } = one?.entitlement ?? {};
	const tiers = items.find(({ known_tiers: names }) => names)?.known_tiers ?? [];
	return {
		/** Key in `paymenter_customers`; empty: more than one. */
		customer: customer as string,
		customer_id: customer_id ?? '',
		customer_email: customer_email ?? email,
		title: TITLE,
		html: customerHtml(one, email, property_keys),
		fields: fieldsOf(tiers),
		button: 'Show what would change',
		property_keys,
		/** What is proposed. */
		events: [] as EventRow[],
	};
}

/** A field as n8n's form node takes it. */
const field = (
	fieldName: string,
	fieldLabel: string,
	fieldType: 'dropdown' | 'date' | 'text' | 'textarea',
	{ required = false, options }: { required?: boolean; options?: readonly string[] } = {},
) => ({
	...{ fieldName, fieldLabel, fieldType, requiredField: required },
	fieldOptions: options && { values: options.map((option) => ({ option })) },
});

const CONFIRM = [field('confirm', 'Do it?', 'dropdown', { required: true, options: [YES, NO] })];

const fieldsOf = (tiers: string[]) => [
	field('action', 'What is to be done?', 'dropdown', { required: true, options: OVERRIDE_ACTIONS }),
	field('tier', 'Tier (only to give one)', 'dropdown', { options: tiers }),
	field(
		'until',
		'Last day (required to extend the grace; otherwise empty means until further notice)',
		'date',
	),
	field(
		'player',
		'Name of the player (only to set the player; empty means as billing says)',
		'text',
	),
	field('discord', 'Discord ID (only to set the player; empty means as billing says)', 'text'),
	field('reason', 'Reason', 'textarea', { required: true }),
];
