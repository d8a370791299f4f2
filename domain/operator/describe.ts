import type { PreviewItem as Previewed } from '../access/preview';
import type { Access } from '../access/result';
import { sayDay } from '../dates';
import type { Entitlement } from '../entitlement/entitlement';
import { bold, escapeHtml as esc, groupNames, listHtml, paragraphs, permissionList } from './html';
import type { EventRow, Proposal } from './nextStep';
import { actionOf, type PropertyKeys } from './overrideEvent';

/** An item of Access → Preview. Without an entitlement: nobody was found. */
export type PreviewItem = Partial<Previewed> & {
	known_tiers?: string[];
	property_keys?: PropertyKeys;
};

export function customerHtml(
	item: PreviewItem | undefined,
	searched: string,
	keys: PropertyKeys,
): string {
	if (!item?.entitlement) {
		return `<b>Nobody with the address ${esc(searched)} is in the log.</b><br>Check the spelling. Did they buy under another address? If the event has not arrived, execute <i>Reconcile</i>. A tier that you give here creates an account for this address.`;
	}
	const { entitlement, error, advice } = item;
	const { customer_name: name, customer_id: id, customer_email: email } = entitlement;
	const access = accessLines(item);
	const noAccess = error ? 'What they have on the panel is not known.' : 'On the panel: no access.';
	return paragraphs([
		`${bold(name ?? email)}, ${esc(email ?? 'no address')}${id ? `, customer ${esc(id)}` : ''}`,
		stateHtml(entitlement),
		esc(entitlement.explanation),
		playerHtml(entitlement, keys),
		entitlement.held_changes && `Held back: ${esc(entitlement.held_changes)}`,
		error && `${bold(error)} ${esc(advice)}`,
		access.length > 0 ? `On the panel now${listHtml(access)}` : noAccess,
	]);
}

/** The player and the Discord ID, where they are known. */
function playerHtml({ customer_properties: known }: Entitlement, keys: PropertyKeys): string {
	const [player, discord] = [known[keys.player], known[keys.discord]];
	return paragraphs(
		[player && `Player: ${bold(player)}`, discord && `Discord ID: ${bold(discord)}`],
		', ',
	);
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

/** Whether the item is about this customer. */
export const isAbout = ({ entitlement }: PreviewItem, who: Omit<Proposal, 'events'>): boolean =>
	entitlement !== undefined &&
	(who.customer_id
		? entitlement.customer_id === who.customer_id
		: entitlement.customer_email === who.customer_email);

/** What would change for a customer if the event were appended. */
export function describePreview(item: PreviewItem, event: EventRow, keys: PropertyKeys): string {
	const { entitlement, error, advice, account_kept: kept } = item;
	const { tier, override_until: until } = event;
	const changes = changeLines(item);
	const isExtended = entitlement?.subscriptions.some(({ grace_extended: extended }) => extended);
	return paragraphs([
		`${bold(actionOf(event))}${tier ? `: ${esc(tier)}` : ''}${until ? `, until ${esc(until)}` : ''}. ${esc(event.reason)}`,
		entitlement &&
			`They would then be: ${bold(entitlement.state)}. ${esc(entitlement.explanation)}`,
		entitlement &&
			event.event === 'override.player' &&
			(playerHtml(entitlement, keys) || 'Neither the player nor the Discord ID would be known.'),
		error && `${bold(`It would fail: ${error}`)} ${esc(advice)}`,
		event.event === 'grace.extend' &&
			!isExtended &&
			'<b>No grace would be extended</b>: no payment has failed, or the grace lasts longer already.',
		kept && `The account would be kept: ${esc(kept)}.`,
		changes.length > 0
			? `<b>This would change on the panel</b>${listHtml(changes)}`
			: !error && 'Nothing would change on the panel.',
	]);
}

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

const MOST_LINES = 200;

/** What an undo would put back. */
export function describeUndo(items: PreviewItem[]): string {
	const failed = items.filter(({ error, outcome }) => error !== undefined || !outcome);
	const lines = items.filter((item) => !failed.includes(item)).flatMap(restoreLine);
	return paragraphs(
		[
			`Customers with changes in that time: ${items.length}. They are held as they are afterwards, until an operator chooses “Back to automatic”.`,
			lines.length > 0
				? `<b>This would be put back</b>${listHtml(lines, MOST_LINES)}`
				: failed.length < items.length &&
					'Everything is as it was recorded already; they would only be held.',
			...failed.map(
				({ error, advice }) =>
					`${bold(error ?? 'A customer could not be looked up on the panel.')} ${esc(advice)}`,
			),
		],
		'<br>',
	);
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
