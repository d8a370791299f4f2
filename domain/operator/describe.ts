import type { PreviewItem as Previewed } from '../access/preview';
import type { Access } from '../access/result';
import { sayDay } from '../dates';
import type { Entitlement, LogEvent } from '../entitlement/entitlement';
import { NO, YES } from './confirm';
import {
	bold,
	escapeHtml as esc,
	groupNames,
	listHtml,
	paragraphs,
	permissionList,
	type Page,
} from './html';
import type { Proposal } from './nextStep';
import { OVERRIDE_ACTIONS, actionOf, type EventRow } from './overrideEvent';

/** An item of Access → Preview. Without an entitlement: nobody was found. */
export type PreviewItem = Partial<Previewed> & { known_tiers?: string[] };

type Found = PreviewItem & { entitlement: Entitlement };

export interface AccessPage extends Page {
	/** Key in `paymenter_customers`; empty: more than one. */
	customer: string;
	customer_id: string;
	customer_email: string;
	/** The fields of the page, as n8n's form node takes them. */
	fields: FormField[];
	button: string;
	/** What is proposed. */
	events: EventRow[];
}

interface FormField {
	fieldName: string;
	fieldLabel: string;
	fieldType: 'dropdown' | 'date' | 'textarea';
	requiredField?: boolean;
	fieldOptions?: { values: Array<{ option: string }> };
}

/** The page about customers as they are, or about what the proposed events would change. */
export function describeAccess(items: PreviewItem[], proposals: Proposal[]): AccessPage {
	const events = proposals.flatMap((one) => one.events);
	const [event] = events;
	if (!event) return describeCustomer(items, proposals[0]?.customer_email ?? '');
	const confirming = { ...NOBODY, fields: CONFIRM, button: 'Go on', events };
	if (events.some((one) => one.event === 'restore.requested')) {
		const concerned = items.filter((item) => proposals.some((one) => isAbout(item, one)));
		return { ...confirming, title: 'Undo', html: describeUndo(concerned) };
	}
	const { customer = '' } = items.find((item) => isAbout(item, event)) ?? {};
	return { ...confirming, title: TITLE, html: describePreview(items, event), customer };
}

const TITLE = 'Manual override';

const NOBODY = { customer: '', customer_id: '', customer_email: '' };

type Who = Pick<Proposal, 'customer_id' | 'customer_email'>;

const isAbout = ({ entitlement }: PreviewItem, { customer_id, customer_email }: Who): boolean =>
	entitlement !== undefined &&
	(customer_id
		? entitlement.customer_id === customer_id
		: entitlement.customer_email === customer_email);

/** Who has the address, what they are entitled to, and what they have on the panel. */
export function describeCustomer(items: PreviewItem[], searchedFor: string): AccessPage {
	const email = searchedFor.trim().toLowerCase();
	const found = items.filter(isFound);
	const one =
		found.find(({ entitlement }) => entitlement.customer_email === email) ??
		found.find(({ entitlement }) => entitlement.previous_emails.includes(email));
	const tiers = items.find(({ known_tiers: names }) => names)?.known_tiers ?? [];
	const { customer, customer_id, customer_email } = one?.entitlement ?? {};
	return {
		customer: customer ?? `email:${email}`,
		customer_id: customer_id ?? '',
		customer_email: customer_email ?? email,
		title: TITLE,
		html: one ? customerHtml(one) : nobodyHtml(email),
		fields: fieldsOf(tiers),
		button: 'Show what would change',
		events: [],
	};
}

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
	{ fieldName: 'reason', fieldLabel: 'Reason', fieldType: 'textarea', requiredField: true },
];

const nobodyHtml = (email: string): string =>
	`<b>Nobody with the address ${esc(email)} is in the log.</b><br>Check the spelling. Did they buy under another address? If the event has not arrived, execute <i>Reconcile</i>. A tier that you give here creates an account for this address.`;

function customerHtml(item: Found): string {
	const { entitlement, error, advice } = item;
	const { customer_name: name, customer_id: id, customer_email: email } = entitlement;
	const access = accessLines(item);
	return paragraphs([
		`${bold(name ?? email)}, ${esc(email ?? 'no address')}${id ? `, customer ${esc(id)}` : ''}`,
		stateHtml(entitlement),
		esc(entitlement.explanation),
		entitlement.held_changes ? `Held back: ${esc(entitlement.held_changes)}` : '',
		error ? `${bold(error)} ${esc(advice)}` : '',
		access.length > 0
			? `On the panel now${listHtml(access)}`
			: error
				? 'What they have on the panel is not known.'
				: 'On the panel: no access.',
	]);
}

function stateHtml({ state, access, override, next_change_at: next }: Entitlement): string {
	const forced = access === 'hold' ? ', held' : override ? ', overridden' : '';
	const change = next
		? `. Changes by itself on ${sayDay(next)}, ${new Date(next).toISOString().slice(11, 16)} UTC`
		: '';
	return `State: ${bold(state)}${forced}${change}`;
}

/** Servers by name; those with the same access share a line. */
function accessLines({ had = [], plan = [] }: PreviewItem): string[] {
	const servers = [...new Set([...had, ...plan].map(({ server }) => server))].sort();
	const lines = servers.map((server): [string, string] => {
		const has = permissionsOn(had, server);
		const should = permissionsOn(plan, server);
		return [has === should ? has : `${has}; should be ${should}`, server];
	});
	return groupNames(lines).map(([what, names]) => `${bold(names.join(', '))}: ${esc(what)}`);
}

/** More than one subuser on a server is a duplicate. */
const permissionsOn = (list: Access[], name: string): string =>
	list
		.filter(({ server }) => server === name)
		.map(({ permissions }) => permissions.join(', '))
		.join(' and again ') || 'nothing';

type Proposed = Pick<
	LogEvent,
	'event' | 'tier' | 'status' | 'customer_id' | 'customer_email' | 'override_until' | 'reason'
>;

/** What would change if the event were appended. */
export function describePreview(items: PreviewItem[], event: Proposed): string {
	const one = items.find((item) => isAbout(item, event));
	const { entitlement, error, advice, account_kept: kept } = one ?? {};
	const changes = changeLines(one ?? {});
	return paragraphs([
		`${bold(actionOf(event))}${event.tier ? `: ${esc(event.tier)}` : ''}${event.override_until ? `, until ${esc(event.override_until)}` : ''}. ${esc(event.reason)}`,
		entitlement
			? `They would then be: ${bold(entitlement.state)}. ${esc(entitlement.explanation)}`
			: '',
		error ? `${bold(`It would fail: ${error}`)} ${esc(advice)}` : '',
		event.event === 'grace.extend' && !isGraceExtended(entitlement)
			? '<b>No grace would be extended</b>: no payment has failed, or the grace lasts longer already.'
			: '',
		kept ? `The account would be kept: ${esc(kept)}.` : '',
		changes.length > 0
			? `<b>This would change on the panel</b>${listHtml(changes)}`
			: error
				? ''
				: 'Nothing would change on the panel.',
	]);
}

const isGraceExtended = (entitlement: Entitlement | undefined): boolean =>
	(entitlement?.subscriptions ?? []).some(({ grace_extended: extended }) => extended);

/** Servers with the same change share a line; changes of the account name none. */
function changeLines({ changes = [], blocked = [] }: PreviewItem): string[] {
	const made = changes.map(({ what, server, before, after }): [string, string] => [
		`${what}: ${permissionList(before)} → ${permissionList(after)}`,
		server ?? '',
	]);
	return [
		...groupNames(made).map(
			([what, servers]) => `${servers[0] ? `${bold(servers.join(', '))}, ` : ''}${esc(what)}`,
		),
		...blocked.map(({ server, why }) => `blocked on ${esc(server)}: ${esc(why)}`),
	];
}

const isFound = (item: PreviewItem): item is Found => item.entitlement !== undefined;

const MOST_LINES = 200;

/** What an undo would put back. */
export function describeUndo(items: PreviewItem[]): string {
	const failed = items.filter(({ error, outcome }) => error !== undefined || !outcome);
	const lines = items.filter((item) => !failed.includes(item)).flatMap(restoreLine);
	const more = lines.length - MOST_LINES;
	return [
		`Customers with changes in that time: ${items.length}. They are held as they are afterwards, until an operator chooses “Back to automatic”.`,
		lines.length > 0
			? `<b>This would be put back</b>${listHtml(lines.slice(0, MOST_LINES))}${more > 0 ? `and ${more} more.` : ''}`
			: failed.length < items.length
				? 'Everything is as it was recorded already; they would only be held.'
				: '',
		...failed.map(
			({ error, advice }) =>
				`${bold(error ?? 'A customer could not be looked up on the panel.')} ${esc(advice)}`,
		),
	]
		.filter((part) => part !== '')
		.join('<br>');
}

function restoreLine(item: PreviewItem): string[] {
	const { customer_id: id, customer_email: email, changes = [], blocked = [] } = item;
	if (changes.length + blocked.length === 0) return [];
	const lines = [
		...changes.map(
			({ what, server, before, after }) =>
				`${esc(server ?? what)}: ${esc(permissionList(before))} → ${esc(permissionList(after))}`,
		),
		...blocked.map(({ server, why }) => `${esc(server)}: blocked, ${esc(why)}`),
		...(item.warnings ?? []).map((warning) => esc(warning)),
	];
	return [`${bold(email ?? id)}${listHtml(lines)}`];
}
