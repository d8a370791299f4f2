import { NO, YES } from './confirm';
import {
	customerHtml,
	describePreview,
	describeUndo,
	isAbout,
	isFound,
	nobodyHtml,
	type PreviewItem,
} from './describe';
import type { Page } from './html';
import { OVERRIDE_ACTIONS, type EventRow, type PropertyKeys } from './overrideEvent';

/** A customer to look at, and the events that are proposed for them. */
export interface Proposal {
	customer_id: string | null;
	customer_email: string | null;
	events: EventRow[];
}

/** A page that asks an operator something. */
export interface AccessPage extends Page {
	/** Key in `paymenter_customers`; empty: more than one. */
	customer: string;
	customer_id: string;
	customer_email: string;
	/** The fields of the page, as n8n's form node takes them. */
	fields: FormField[];
	button: string;
	property_keys: PropertyKeys;
	/** What is proposed. */
	events: EventRow[];
}

interface FormField {
	fieldName: string;
	fieldLabel: string;
	fieldType: 'dropdown' | 'date' | 'text' | 'textarea';
	requiredField?: boolean;
	fieldOptions?: { values: Array<{ option: string }> };
}

/** The page about customers as they are, or about what the proposed events would change. */
export function describeAccess(items: PreviewItem[], proposals: Proposal[]): AccessPage {
	const events = proposals.flatMap((one) => one.events);
	const [event] = events;
	if (!event) return describeCustomer(items, proposals[0]?.customer_email ?? '');
	const property_keys = keysOf(items);
	const confirming = { ...NOBODY, property_keys, fields: CONFIRM, button: 'Go on', events };
	if (events.some((one) => one.event === 'restore.requested')) {
		const looked = proposals.map((one) => items.find((item) => isAbout(item, one)) ?? {});
		return { ...confirming, title: 'Undo', html: describeUndo(looked) };
	}
	const { customer = '' } = items.find((item) => isAbout(item, event)) ?? {};
	return {
		...confirming,
		title: TITLE,
		html: describePreview(items, event, property_keys),
		customer,
	};
}

const TITLE = 'Manual override';

const NOBODY = { customer: '', customer_id: '', customer_email: '' };

/** Who has the address, what they are entitled to, and what they have on the panel. */
export function describeCustomer(items: PreviewItem[], searchedFor: string): AccessPage {
	const email = searchedFor.trim().toLowerCase();
	const found = items.filter(isFound);
	const one =
		found.find(({ entitlement }) => entitlement.customer_email === email) ??
		found.find(({ entitlement }) => entitlement.previous_emails.includes(email));
	const tiers = items.find(({ known_tiers: names }) => names)?.known_tiers ?? [];
	const { customer, customer_id, customer_email } = one?.entitlement ?? {};
	const property_keys = keysOf(items);
	return {
		customer: customer ?? `email:${email}`,
		customer_id: customer_id ?? '',
		customer_email: customer_email ?? email,
		title: TITLE,
		html: one ? customerHtml(one, property_keys) : nobodyHtml(email),
		fields: fieldsOf(tiers),
		button: 'Show what would change',
		property_keys,
		events: [],
	};
}

/** As the plan has them. */
const keysOf = (items: PreviewItem[]): PropertyKeys =>
	items.find((item) => item.property_keys)?.property_keys ?? {
		player: 'minecraft_username',
		discord: 'discord_id',
	};

const optionsOf = (names: string[]) => ({ values: names.map((option) => ({ option })) });

const CONFIRM: FormField[] = [
	{
		fieldName: 'confirm',
		fieldLabel: 'Do it?',
		fieldType: 'dropdown',
		requiredField: true,
		fieldOptions: optionsOf([YES, NO]),
	},
];

const fieldsOf = (tiers: string[]): FormField[] => [
	{
		fieldName: 'action',
		fieldLabel: 'What is to be done?',
		fieldType: 'dropdown',
		requiredField: true,
		fieldOptions: optionsOf(OVERRIDE_ACTIONS),
	},
	{
		fieldName: 'tier',
		fieldLabel: 'Tier (only to give one)',
		fieldType: 'dropdown',
		fieldOptions: optionsOf(tiers),
	},
	{
		fieldName: 'until',
		fieldLabel:
			'Last day (required to extend the grace; otherwise empty means until further notice)',
		fieldType: 'date',
	},
	{
		fieldName: 'player',
		fieldLabel: 'Name of the player (only to set the player; empty means as billing says)',
		fieldType: 'text',
	},
	{
		fieldName: 'discord',
		fieldLabel: 'Discord ID (only to set the player; empty means as billing says)',
		fieldType: 'text',
	},
	{ fieldName: 'reason', fieldLabel: 'Reason', fieldType: 'textarea', requiredField: true },
];
