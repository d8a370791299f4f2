import type { Facts } from './facts';
import { finding, troubled, type Finding } from './finding';

/** From this on the clock is worth a look, and from this on signatures are refused (300 s). */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

export function panelFindings({ url, callsPerMinute }: Facts): Finding[] {
	const rate = callsPerMinute === null ? '' : ` It takes ${callsPerMinute} calls a minute.`;
	return url.trim().startsWith('https://')
		? [finding('Panel', 'ok', `The panel’s address is ${url}.${rate}`)]
		: [
				finding(
					'Panel',
					'warning',
					`The panel’s address is ${url}: the keys travel readable.${rate}`,
					'Use https:// unless both stand on one machine.',
				),
			];
}

export function keyFindings(facts: Facts): Finding[] {
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
			'warning',
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
