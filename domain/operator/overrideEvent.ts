import { isDate } from '../dates';
import type { LogEvent } from '../events/event';
import { eventRow } from '../events/append';
import { cleanText } from '../events/customerProperties';
import { idOrNull } from '../ids';
import type { AccessPage } from './accessPage';
import type { Proposal, Said } from './nextStep';

/** What an operator may choose, in the order of the form, and the event that it becomes. */
const KINDS = {
	'Give a tier': { event: 'override.set', status: null },
	Suspend: { event: 'override.set', status: null },
	'Back to automatic': { event: 'override.clear', status: null },
	'Extend the grace': { event: 'grace.extend', status: null },
	'Set player': { event: 'override.player', status: null },
	Remove: { event: 'override.set', status: 'cancelled' },
	'Apply again': { event: 'apply.requested', status: null },
} as const satisfies Record<string, Pick<LogEvent, 'event' | 'status'>>;

type OverrideAction = keyof typeof KINDS;

export const OVERRIDE_ACTIONS = Object.keys(KINDS) as OverrideAction[];

const LONGEST_NAME = 64;

/** Which customer properties hold the player's name and the Discord ID. */
export type PropertyKeys = Record<'player' | 'discord', string>;

/**
 * Turns what an operator entered about a customer into an event.
 * @param event_id unique among all events
 * @returns what is missing or wrong, as a sentence; nothing if nobody chose anything
 */
export function planOverride(
	said: Pick<Said, 'answer' | 'actor'>,
	page: Pick<AccessPage, 'customer_id' | 'customer_email' | 'property_keys'>,
	event_id: string,
	now: Date,
): Proposal[] | string {
	const { answer } = said;
	const { action, tier, until, player, discord } = answer;
	if (!isAction(action)) return [];
	const customer_email = page.customer_email.trim().toLowerCase() || null;
	const reason = answer.reason.trim();
	const actor = said.actor.trim();
	const isPlayer = action === 'Set player';
	const problem =
		(!page.customer_id && !customer_email && 'Enter the e-mail of the customer.') ||
		(action === 'Give a tier' && !tier && 'Choose the tier to give.') ||
		(action === 'Extend the grace' &&
			!until &&
			'Enter the day until which the grace is to last.') ||
		wrongDay(until, now) ||
		(isPlayer && wrongPlayer(player, discord.trim())) ||
		(!reason && 'Enter a reason.') ||
		(!actor && 'Enter your name on the first page.');
	if (problem) return `${problem} Go back, or open the form again.`;
	const { event, status } = KINDS[action];
	const lasts = event === 'override.set' || event === 'grace.extend';
	// Empty ones are left to billing.
	const customer_properties = {
		[page.property_keys.player]: cleanText(player) || null,
		[page.property_keys.discord]: cleanText(discord) || null,
	};
	const customer_id = idOrNull(page.customer_id || null);
	const row = eventRow(
		{
			...{ event_id, event, status, customer_id, customer_email, reason, actor },
			tier: action === 'Give a tier' ? tier : null,
			override_until: lasts && until ? until : null,
			...(isPlayer ? { customer_properties } : {}),
		},
		{ at: now.toISOString(), source: 'operator' },
	);
	return [{ customer_id, customer_email, events: [row] }];
}

/** The action that leads to this event. */
export function actionOf({ event, tier, status }: Pick<LogEvent, 'event' | 'tier' | 'status'>) {
	const isRemoval = status === 'cancelled';
	if (event === 'override.set') return tier ? 'Give a tier' : isRemoval ? 'Remove' : 'Suspend';
	return OVERRIDE_ACTIONS.find((action) => KINDS[action].event === event) ?? event;
}

const isAction = (text: string): text is OverrideAction => Object.hasOwn(KINDS, text);

function wrongPlayer(player: string, discord: string): string {
	if (player.length > LONGEST_NAME) {
		return `The player’s name is longer than ${LONGEST_NAME} characters.`;
	}
	return discord === '' || /^\d{15,22}$/.test(discord)
		? ''
		: `The Discord ID must be a number such as 1132456789012345678, not ${discord}.`;
}

function wrongDay(until: string, now: Date): string {
	if (!until) return '';
	if (!isDate(until)) return `${until} is not a date such as 2026-05-31.`;
	return until < now.toISOString().slice(0, 10) ? `The day ${until} is over.` : '';
}
