import { sameEmail, type Server } from '../../../../domain/access/panelRecords';
import { targetOf, type Plan } from '../../../../domain/access/tierPlan';
import type { credentialOf } from '../../transport/connection';
import { settle, type PanelError } from '../../transport/errors';
import type { Panel } from '../../transport/panelApi';
import type { Report } from './report';

/** What could be read of the panel; null: it could not, which is reported. */
export interface Reached {
	servers: Server[] | null;
	/** The keys of all permissions; null also without a good account key. */
	permissions: string[] | null;
}

/** Checks address and keys, and what they give access to. Changes nothing. */
export async function checkPanel(
	panel: Panel,
	{ url, wrongForm }: Awaited<ReturnType<typeof credentialOf>>,
	given: { plan: Plan | null; leftAlone: string[] },
	report: Report,
): Promise<Reached> {
	const application = await settle(panel.checkApplicationKey());
	const account = await settle(panel.ownerOfAccountKey());
	const { callsPerMinute, clockAhead } = panel.observed();
	if (wrongForm) {
		report.on('Credential').problem(wrongForm, 'Correct the credential Pterodactyl API.');
	}
	if (isUnheard(application.error) && isUnheard(account.error)) {
		if (!wrongForm) report.on('Panel').trouble(application.error);
		return { servers: null, permissions: null };
	}
	if (url) reportAddress(url, callsPerMinute, report);
	reportClock(clockAhead, report);
	const key = report.on('Application key');
	if (application.error) key.trouble(application.error);
	else key.ok('It can read servers and read and write users.');
	if (account.error) report.on('Account key').trouble(account.error);

	const isReadable = !application.error;
	const servers = isReadable
		? await orReport('Tiers and servers', panel.servers(given.plan?.selectors), report)
		: null;
	if (isReadable) await checkLeftAlone(panel, given.leftAlone, report);
	if (!account.value) return { servers, permissions: null };
	await checkOwner(panel, account.value, { servers, plan: given.plan }, report);
	return { servers, permissions: await orReport('Permissions', panel.knownPermissions(), report) };
}

/** Neither the panel nor its API is there. */
const isUnheard = (error: PanelError | undefined): error is PanelError =>
	error !== undefined && (error.isNoResponse || error.isNoRoute);

/** A check that could not be made is a finding, too. */
async function orReport<T>(check: string, asked: Promise<T>, report: Report): Promise<T | null> {
	const { value, error } = await settle(asked);
	if (!error) return value;
	report.on(check).trouble(error, 'Not checked. ');
	return null;
}

const THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/;

/**
 * @param url without a password in it
 * @param callsPerMinute by API: `application`, `client`
 */
export function reportAddress(
	url: string,
	callsPerMinute: Record<string, number>,
	report: Report,
): void {
	const { ok, warning } = report.on('Panel');
	const { application, client } = callsPerMinute;
	const rates = [
		...(application ? [`${application} calls a minute with the application key`] : []),
		...(client ? [`${client} with the account key`] : []),
	];
	const words = `Panel URL: ${url}.${rates.length > 0 ? ` It allows ${rates.join(', ')}.` : ''}`;
	if (url.startsWith('https://') || THIS_MACHINE.test(url)) return ok(words);
	warning(
		`${words} Over http:// the keys are sent unencrypted.`,
		'Use https:// unless n8n and the panel run on the same machine.',
	);
}

/** Signatures are refused from 300 s on; warn before that. */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

/** @param ahead n8n's clock before the panel's, in seconds; its answers tell whole seconds */
export function reportClock(ahead: number | null, report: Report): void {
	if (ahead === null) return;
	const { ok, warning, problem } = report.on('Clock');
	const off = Math.abs(ahead);
	const words = `n8n’s clock is ${off} s ${ahead < 0 ? 'behind' : 'ahead of'} the panel’s.`;
	if (off <= CLOCK_WARNING_S) return ok(words);
	const tell = off > CLOCK_PROBLEM_S ? problem : warning;
	tell(
		words,
		'Synchronize both clocks by NTP. Webhooks more than 5 minutes off are refused, and grace ends by n8n’s clock.',
	);
}

async function checkLeftAlone(panel: Panel, names: string[], report: Report): Promise<void> {
	if (names.length === 0) return;
	const accounts = await orReport('Accounts left alone', panel.accounts(), report);
	for (const name of accounts ? names : []) {
		const isNamed = ({ email, username }: { email: string; username: string }) =>
			sameEmail(email, name) || sameEmail(username, name);
		if (accounts?.some(isNamed)) continue;
		report
			.on('Accounts left alone')
			.warning(
				`The panel has no account called ${name}.`,
				'Correct "Accounts Left Alone" in the tier plan, or an account that should be left alone may be changed.',
			);
	}
}

/** What managing subusers takes [358-364]. */
const TO_MANAGE = ['user.create', 'user.read', 'user.update', 'user.delete'];

/** Whose the account key is, and what it reaches. */
async function checkOwner(
	panel: Panel,
	{ username, admin }: { username: string; admin: boolean },
	{ servers, plan }: { servers: Server[] | null; plan: Plan | null },
	report: Report,
): Promise<void> {
	const { note, problem } = report.on('Account key');
	if (admin) {
		return note(
			`It belongs to the administrator ${username} and gives full access to the panel, including servers added later.`,
			'Protect it accordingly, or use the key of an account that is a subuser on the sold servers only.',
		);
	}
	const sold = plan && servers ? targetOf(plan, plan.tiers, servers) : new Map<number, string[]>();
	for (const server of servers ?? []) {
		const permissions = sold.get(server.id);
		if (!permissions) continue;
		const asked = lackingOn(panel, server, [...TO_MANAGE, ...permissions]);
		const lacking = (await orReport(`Account key on ${server.name}`, asked, report)) ?? [];
		if (lacking.length === 0) continue;
		problem(
			`${username} lacks ${lacking.join(', ')} on ${server.name}.`,
			`Give ${username} these permissions on that server. Without them no customer gets access.`,
		);
	}
	note(
		`It belongs to ${username}, who is not an administrator, so it does not reach servers that you add later.`,
		`On each new server, make ${username} a subuser with all user permissions and the permissions that you sell.`,
	);
}

/** Which of these permissions the account key's owner lacks on a server. */
export async function lackingOn(panel: Panel, server: Server, keys: string[]): Promise<string[]> {
	const { value, error } = await settle(panel.lackingPermissions(server, keys));
	if (!error) return value;
	// Who has no access there is told 404 or 403 [348, 416]; all else says nothing of rights.
	if (error.isNotFound || error.status === 403) return keys;
	throw error;
}
