import type { Facts } from './facts';
import { finding, troubled, type Finding } from './finding';

/** Signatures are refused from 300 s on; warn before that. */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

export function panelFindings({ url, wrongForm, silence, callsPerMinute }: Facts): Finding[] {
	const { application, client } = callsPerMinute;
	const rates = [
		...(application ? [`${application} calls a minute with the application key`] : []),
		...(client ? [`${client} with the account key`] : []),
	];
	const words = `Panel URL: ${url ?? ''}.${rates.length > 0 ? ` It allows ${rates.join(', ')}.` : ''}`;
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
						`${words} Over http:// the keys are sent unencrypted.`,
						'Use https:// unless n8n and the panel run on the same machine.',
					),
				]
			: []),
		...(url?.startsWith('https://') && !silence ? [finding('Panel', 'ok', words)] : []),
	];
}

/** A check that could not be made is a finding, too. */
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
		: finding('Application key', 'ok', 'It can read servers and read and write users.');
	if (accountKeyTrouble) return [application, troubled('Account key', accountKeyTrouble)];
	if (!owner) return [application];
	if (owner.admin) {
		return [
			application,
			finding(
				'Account key',
				'note',
				`It belongs to the administrator ${owner.username} and gives full access to the panel, including servers added later.`,
				'Protect it accordingly, or use the key of an account that is a subuser on the sold servers only.',
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
				`Give ${owner.username} these permissions on that server. Without them no customer gets access.`,
			),
		),
		finding(
			'Account key',
			'note',
			`It belongs to ${owner.username}, who is not an administrator, so it does not reach servers that you add later.`,
			`On each new server, make ${owner.username} a subuser with all user permissions and the permissions that you sell.`,
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
			'Synchronize both clocks by NTP. Webhooks more than 5 minutes off are refused, and grace ends by n8n’s clock.',
		),
	];
}

export function strangerFindings({ strangers }: Facts): Finding[] {
	return (strangers ?? []).map((name) =>
		finding(
			'Accounts left alone',
			'warning',
			`The panel has no account called ${name}.`,
			'Correct "Accounts Left Alone" in the tier plan, or an account that should be left alone may be changed.',
		),
	);
}
