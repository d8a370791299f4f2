import type { Facts } from './facts';
import { finding, troubled, type Finding } from './finding';

/** From this on the clock is worth a look, and from this on signatures are refused (300 s). */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

export function panelFindings({ url, wrongForm, silence, callsPerMinute }: Facts): Finding[] {
	const { application, client } = callsPerMinute;
	const rates = [
		...(application ? [`${application} calls a minute with the application key`] : []),
		...(client ? [`${client} with the account key`] : []),
	];
	const words = `It is at ${url ?? ''}.${rates.length > 0 ? ` It takes ${rates.join(', ')}.` : ''}`;
	return [
		...(wrongForm
			? [finding('Credential', 'problem', wrongForm, 'Correct the credential Pterodactyl API.')]
			: []),
		...(silence && !wrongForm ? [troubled('Panel', silence)] : []),
		...(url?.startsWith('http://') && !silence
			? [
					finding(
						'Panel',
						'warning',
						`${words} By http:// the keys travel readable.`,
						'Use https:// unless both stand on one machine.',
					),
				]
			: []),
		...(url?.startsWith('https://') && !silence ? [finding('Panel', 'ok', words)] : []),
	];
}

/** What could not be looked at is no reason to call the rest in order. */
export function unreadFindings({ unread }: Facts): Finding[] {
	return unread.map(({ check, trouble }) => {
		const found = troubled(check, trouble);
		return { ...found, finding: `Not checked. ${found.finding}` };
	});
}

export function keyFindings(facts: Facts): Finding[] {
	if (facts.silence) return [];
	const { applicationKeyTrouble, accountKeyTrouble, accountKeyOwner: owner, lacking } = facts;
	const application = applicationKeyTrouble
		? troubled('Application key', applicationKeyTrouble)
		: finding('Application key', 'ok', 'It may read servers, and read and write users.');
	if (accountKeyTrouble) return [application, troubled('Account key', accountKeyTrouble)];
	if (!owner) return [application];
	if (owner.admin) {
		return [
			application,
			finding(
				'Account key',
				'note',
				`It is ${owner.username}’s, an administrator: it opens everything on the panel, servers added later too.`,
				'Guard it accordingly, or use the key of an account that is subuser on the sold servers only.',
			),
		];
	}
	return [
		application,
		...Object.entries(lacking).map(([server, keys]) =>
			finding(
				'Account key',
				'problem',
				`${owner.username} lacks ${keys.join(', ')} on ${server}.`,
				`Give ${owner.username} these permissions there; without them no customer gets access.`,
			),
		),
		finding(
			'Account key',
			'note',
			`It is ${owner.username}’s, no administrator: it does not reach servers that you add later.`,
			`Make ${owner.username} subuser, with all user permissions and what you sell, of each new server.`,
		),
	];
}

export function clockFindings({ clockAhead }: Facts): Finding[] {
	if (clockAhead === null) return [];
	const off = Math.abs(clockAhead);
	const words = `n8n’s clock is ${off} s ${clockAhead < 0 ? 'behind' : 'ahead of'} the panel’s.`;
	if (off <= CLOCK_WARNING_S) return [finding('Clock', 'ok', words)];
	return [
		finding(
			'Clock',
			off > CLOCK_PROBLEM_S ? 'problem' : 'warning',
			words,
			'Set both clocks by NTP. Webhooks whose time is off by more than 5 minutes are refused, and grace ends by n8n’s clock.',
		),
	];
}

export function strangerFindings({ strangers }: Facts): Finding[] {
	return (strangers ?? []).map((name) =>
		finding(
			'Accounts left alone',
			'warning',
			`The panel has no account called ${name}.`,
			'Correct the option "Accounts Left Alone": somebody may not be spared who should.',
		),
	);
}
