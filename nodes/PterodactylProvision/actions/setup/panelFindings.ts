import type { Facts } from './facts';
import type { Report } from './findings';

/** Signatures are refused from 300 s on; warn before that. */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

const THIS_MACHINE = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:|\/|$)/;

export function reportPanel(facts: Facts, report: Report): void {
	const { url, wrongForm, silence, callsPerMinute } = facts;
	if (wrongForm) {
		report.on('Credential').problem(wrongForm, 'Correct the credential Pterodactyl API.');
	}
	const { ok, warning, trouble } = report.on('Panel');
	if (silence) return wrongForm ? undefined : trouble(silence);
	if (!url) return;
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

/** A check that could not be made is a finding, too. */
export function reportUnread({ unread }: Facts, report: Report): void {
	for (const { check, trouble } of unread) report.on(check).trouble(trouble, 'Not checked. ');
}

export function reportKeys(facts: Facts, report: Report): void {
	if (facts.silence) return;
	const { applicationKeyTrouble, accountKeyTrouble, accountKeyOwner: owner, lacking } = facts;
	const application = report.on('Application key');
	if (applicationKeyTrouble) application.trouble(applicationKeyTrouble);
	else application.ok('It can read servers and read and write users.');

	const { note, problem, trouble } = report.on('Account key');
	if (accountKeyTrouble) trouble(accountKeyTrouble);
	if (!owner) return;
	const { username } = owner;
	if (owner.admin) {
		return note(
			`It belongs to the administrator ${username} and gives full access to the panel, including servers added later.`,
			'Protect it accordingly, or use the key of an account that is a subuser on the sold servers only.',
		);
	}
	for (const [server, keys] of Object.entries(lacking)) {
		problem(
			`${username} lacks ${keys.join(', ')} on ${server}.`,
			`Give ${username} these permissions on that server. Without them no customer gets access.`,
		);
	}
	note(
		`It belongs to ${username}, who is not an administrator, so it does not reach servers that you add later.`,
		`On each new server, make ${username} a subuser with all user permissions and the permissions that you sell.`,
	);
}

export function reportClock({ clockAhead }: Facts, report: Report): void {
	if (clockAhead === null) return;
	const { ok, warning, problem } = report.on('Clock');
	const off = Math.abs(clockAhead);
	const words = `n8n’s clock is ${off} s ${clockAhead < 0 ? 'behind' : 'ahead of'} the panel’s.`;
	if (off <= CLOCK_WARNING_S) return ok(words);
	const tell = off > CLOCK_PROBLEM_S ? problem : warning;
	tell(
		words,
		'Synchronize both clocks by NTP. Webhooks more than 5 minutes off are refused, and grace ends by n8n’s clock.',
	);
}

export function reportStrangers({ strangers }: Facts, report: Report): void {
	for (const name of strangers) {
		report
			.on('Accounts left alone')
			.warning(
				`The panel has no account called ${name}.`,
				'Correct "Accounts Left Alone" in the tier plan, or an account that should be left alone may be changed.',
			);
	}
}
