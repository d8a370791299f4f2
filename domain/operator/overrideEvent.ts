import { isDate } from '../dates';
import type { LogEvent } from '../entitlement/entitlement';
import { eventRow } from '../events/append';
import { cleanText } from '../events/customerProperties';
import { idOrNull } from '../ids';

/** A finished row of `paymenter_events`. */
export type EventRow = ReturnType<typeof eventRow>;

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

export type OverrideAction = keyof typeof KINDS;

export const OVERRIDE_ACTIONS = Object.keys(KINDS) as OverrideAction[];

/** What an operator entered, and about whom. Empty: not entered. */
export interface OverrideForm {
	action: string;
	tier: string;
	/** `YYYY-MM-DD`. */
	until: string;
	reason: string;
	/** The name of the player and the Discord ID: what billing says does not count then. */
	player: string;
	discord: string;
	actor: string;
	customerId: string;
	customerEmail: string;
}

/** Which customer properties hold the player's name and the Discord ID. */
export interface PropertyKeys {
	player: string;
	discord: string;
}

export type OverridePlan =
	| { kind: 'event'; row: EventRow }
	/** What is missing or wrong, as a sentence. */
	| { kind: 'problem'; problem: string }
	/** Nobody chose anything: the page was left open. */
	| { kind: 'abandoned' };

/**
 * Turns what an operator entered into an event.
 * @param eventId unique among all events
 */
export function planOverride(
	form: OverrideForm,
	eventId: string,
	now: Date,
	keys: PropertyKeys,
): OverridePlan {
	const { action, tier, until } = form;
	const isPlayer = action === 'Set player';
	if (!isAction(action)) return { kind: 'abandoned' };
	const reason = form.reason.trim();
	const actor = form.actor.trim();
	const problem =
		missing(form, action) ||
		wrongDay(until, now) ||
		(isPlayer ? wrongPlayer(form) : '') ||
		(reason ? '' : 'Enter a reason.') ||
		(actor ? '' : 'Enter your name on the first page.');
	if (problem) return { kind: 'problem', problem };
	const { event, status } = KINDS[action];
	const lasts = event === 'override.set' || event === 'grace.extend';
	const row = eventRow(
		{
			event_id: eventId,
			event,
			status,
			customer_id: idOrNull(form.customerId || null),
			customer_email: form.customerEmail.trim().toLowerCase() || null,
			tier: action === 'Give a tier' ? tier : null,
			override_until: lasts && until ? until : null,
			...(isPlayer ? { customer_properties: propertiesOf(form, keys) } : {}),
			reason,
			actor,
		},
		{ at: now.toISOString(), source: 'operator' },
	);
	return { kind: 'event', row };
}

/** The action that leads to this event. */
export function actionOf({ event, tier, status }: Pick<LogEvent, 'event' | 'tier' | 'status'>) {
	const other = OVERRIDE_ACTIONS.find((action) => KINDS[action].event === event);
	if (event !== 'override.set') return other ?? event;
	if (tier) return 'Give a tier';
	return status === 'cancelled' ? 'Remove' : 'Suspend';
}

/** Empty ones are left to billing. */
const propertiesOf = ({ player, discord }: OverrideForm, keys: PropertyKeys) => ({
	[keys.player]: cleanText(player) || null,
	[keys.discord]: cleanText(discord) || null,
});

function wrongPlayer({ player, discord }: OverrideForm): string {
	if (player.length > LONGEST_NAME) {
		return `The player’s name is longer than ${LONGEST_NAME} characters.`;
	}
	return discord.trim() === '' || /^\d{15,22}$/.test(discord.trim())
		? ''
		: `The Discord ID must be a number such as 1132456789012345678, not ${discord.trim()}.`;
}

const LONGEST_NAME = 64;

const isAction = (text: string): text is OverrideAction => Object.hasOwn(KINDS, text);

function missing({ tier, until, customerId, customerEmail }: OverrideForm, action: string): string {
	if (!customerId && !customerEmail.trim()) return 'Enter the e-mail of the customer.';
	if (action === 'Give a tier' && !tier) return 'Choose the tier to give.';
	if (action === 'Extend the grace' && !until) {
		return 'Enter the day until which the grace is to last.';
	}
	return '';
}

function wrongDay(until: string, now: Date): string {
	if (!until) return '';
	if (!isDate(until)) return `${until} is not a date such as 2026-05-31.`;
	return until < now.toISOString().slice(0, 10) ? `The day ${until} is over.` : '';
}
