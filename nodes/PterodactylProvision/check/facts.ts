import { settle } from '../panelError';
import { sameEmail, type Panel, type Server } from '../panel';
import { targetOf, type Plan } from '../plan';

/** Why something could not be read, and what to do about it. */
export interface Trouble {
	message: string;
	advice: string;
}

/** All that a check goes by. null: could not be read, for a reason that stands elsewhere. */
export interface Facts {
	url: string;
	plan: Plan | null;
	planTrouble: Trouble | null;
	/** Permissions with which a customer can harm a shared server may be handed out. */
	allowsHarmful: boolean;
	applicationKeyTrouble: Trouble | null;
	accountKeyTrouble: Trouble | null;
	/** Whose the account key is. */
	accountKeyOwner: { username: string; admin: boolean } | null;
	servers: Server[] | null;
	/** Permissions that a non-administrator's account key lacks, by the server's name. */
	lacking: Record<string, string[]>;
	knownPermissions: string[] | null;
	/** Of the option "Accounts Left Alone", what no account is called. */
	strangers: string[] | null;
	productsSold: string[];
	tables: Table[];
	/** How far n8n's clock is ahead of the panel's, in seconds; its answers tell whole seconds. */
	clockAhead: number | null;
	callsPerMinute: number | null;
}

export interface Table {
	name: string;
	/** About how many. */
	rows?: number | null;
}

/** What managing subusers takes [358-364]. */
const TO_MANAGE = ['user.create', 'user.read', 'user.update', 'user.delete'];

type Given = Pick<
	Facts,
	'url' | 'plan' | 'planTrouble' | 'allowsHarmful' | 'productsSold' | 'tables'
> & { leftAlone: string[] };

/** Asks the panel; changes nothing. What it refuses is part of the facts. */
export async function gather(panel: Panel, { leftAlone, ...given }: Given): Promise<Facts> {
	const application = await settle(panel.checkApplicationKey());
	const account = await settle(panel.ownerOfAccountKey());
	const isReadable = !application.error;
	const servers = isReadable
		? await orNull(panel.servers({ withLocation: given.plan?.needsLocations ?? false }))
		: null;
	const accounts = isReadable && leftAlone.length > 0 ? await orNull(panel.accounts()) : null;
	const owner = account.value ?? null;
	return {
		...given,
		applicationKeyTrouble: application.error ?? null,
		accountKeyTrouble: account.error ?? null,
		accountKeyOwner: owner,
		servers,
		lacking:
			owner && !owner.admin && servers && given.plan
				? await lackingOn(panel, given.plan, servers)
				: {},
		knownPermissions: owner ? await orNull(panel.knownPermissions()) : null,
		strangers:
			accounts &&
			leftAlone.filter(
				(name) =>
					!accounts.some(
						({ email, username }) => sameEmail(email, name) || sameEmail(username, name),
					),
			),
		...panel.told(),
	};
}

async function lackingOn(
	panel: Panel,
	plan: Plan,
	servers: Server[],
): Promise<Record<string, string[]>> {
	const target = targetOf(plan, plan.tiers, servers);
	const lacking: Record<string, string[]> = {};
	for (const server of servers.filter(({ id }) => target.has(id))) {
		const { value = [], error } = await settle(panel.ownPermissions(server));
		// A closed server does not tell.
		if (error?.status === 409 || value.includes('*')) continue;
		const missing = [...TO_MANAGE, ...(target.get(server.id) ?? [])].filter(
			(key) => !value.includes(key),
		);
		if (missing.length > 0) lacking[server.name] = missing;
	}
	return lacking;
}

async function orNull<T>(asked: Promise<T>): Promise<T | null> {
	const { value, error } = await settle(asked);
	return error ? null : value;
}
