import { HARMLESS, targetOf, type Plan } from '../plan';
import type { Server } from '../panel';
import type { Facts, Trouble } from './facts';
import { tableFindings } from './tables';

export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at: how it is, and what to do about it. */
export interface Finding {
	check: string;
	level: Level;
	finding: string;
	what_to_do: string;
	details?: { servers: string[]; permissions: string[] };
}

export const finding = (check: string, level: Level, words: string, whatToDo = ''): Finding => ({
	check,
	level,
	finding: words,
	what_to_do: whatToDo,
});

/** From this on the clock is worth a look, and from this on signatures are refused (300 s). */
const CLOCK_WARNING_S = 60;
const CLOCK_PROBLEM_S = 240;

const LEVELS: Level[] = ['ok', 'note', 'warning', 'problem'];

/** Everything there is to say, in the order in which to read it; the first sums it up. */
export function findings(facts: Facts): Finding[] {
	const { plan, servers } = facts;
	const all = [
		...panelFindings(facts),
		...keyFindings(facts),
		...clockFindings(facts),
		...(facts.planTrouble ? [troubled('Tier plan', facts.planTrouble)] : []),
		...(plan && servers ? [...tierFindings(plan, servers), ...serverFindings(plan, servers)] : []),
		...(plan ? [...permissionFindings(plan, facts), ...productFindings(plan, facts)] : []),
		...strangerFindings(facts),
		...tableFindings(facts.tables),
	];
	return [summary(all), ...all];
}

function summary(all: Finding[]): Finding {
	const count = (level: Level) => all.filter((one) => one.level === level).length;
	const words = (['problem', 'warning', 'note'] as const)
		.filter((level) => count(level) > 0)
		.map((level) => `${count(level)} ${level}${count(level) === 1 ? '' : 's'}`);
	const worst = LEVELS[Math.max(...all.map(({ level }) => LEVELS.indexOf(level)))] ?? 'ok';
	return finding(
		'Summary',
		worst,
		[...words, `${count('ok')} in order`].join(', '),
		worst === 'problem' ? 'Mend the problems before you let customers in.' : '',
	);
}

const troubled = (check: string, { message, advice }: Trouble): Finding =>
	finding(check, 'problem', `${message}.`.replace(/\.\.$/, '.'), advice);

function panelFindings({ url, callsPerMinute }: Facts): Finding[] {
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

function keyFindings(facts: Facts): Finding[] {
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

function clockFindings({ clockAhead }: Facts): Finding[] {
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

/** Tier × servers, as it is today. */
function tierFindings(plan: Plan, servers: Server[]): Finding[] {
	return plan.tiers.map((tier) => {
		const reached = targetOf(plan, [tier], servers);
		const names = servers.filter(({ id }) => reached.has(id)).map(({ name }) => name);
		const check = `Tier ${tier.name}`;
		if (names.length === 0) {
			return finding(
				check,
				'problem',
				'It reaches no server: who buys it gets nothing.',
				'Correct the patterns of its server groups.',
			);
		}
		return {
			...finding(
				check,
				'ok',
				`${tier.permissions.join(', ')} on ${names.length} server${names.length === 1 ? '' : 's'}: ${names.join(', ')}.`,
			),
			details: { servers: names, permissions: tier.permissions },
		};
	});
}

function serverFindings(plan: Plan, servers: Server[]): Finding[] {
	const everyone = targetOf(plan, plan.tiers, servers);
	const namesOf = (some: Server[]) => some.map(({ name }) => name).join(', ');
	const empty = plan.groups.filter(
		(group) => targetOf({ ...plan, groups: [group] }, [ANY(plan, group.name)], servers).size === 0,
	);
	const unsold = servers.filter(({ id }) => !everyone.has(id));
	const closed = servers.filter(({ id, status }) => everyone.has(id) && status !== null);
	return [
		...empty.map(({ name, pattern }) =>
			finding(
				'Server groups',
				'warning',
				`The group "${name}"${pattern ? ` (${pattern})` : ''} has no server.`,
				`Correct it. The panel has: ${namesOf(servers.slice(0, 10))}${servers.length > 10 ? ' …' : ''}.`,
			),
		),
		...(unsold.length > 0
			? [finding('Servers', 'note', `Sold by no tier: ${namesOf(unsold)}.`, 'Right, if so meant.')]
			: []),
		...closed.map(({ name, status }) =>
			finding(
				'Servers',
				'warning',
				`${name} is ${status ?? ''} and takes no change of access now.`,
				'Customers get it within 6 hours after it is open again, or at the next Reconcile.',
			),
		),
	];
}

/** A tier that has nothing but one group. */
const ANY = (plan: Plan, group: string) => ({
	...(plan.tiers[0] ?? { name: '', role: '', products: [] }),
	groups: [group],
	permissions: ['websocket.connect'],
});

function permissionFindings(plan: Plan, { knownPermissions: known, allowsHarmful }: Facts) {
	const unknown = known ? plan.permissions.filter((key) => !known.includes(key)) : [];
	const harmful = plan.permissions.filter((key) => !HARMLESS.includes(key));
	return [
		...(unknown.length > 0
			? [
					finding(
						'Permissions',
						'problem',
						`The panel does not know ${unknown.join(', ')}, and leaves it out.`,
						'Take it out of the plan, or update the panel.',
					),
				]
			: []),
		...(allowsHarmful && harmful.length > 0
			? [
					finding(
						'Permissions',
						'warning',
						`With ${harmful.join(', ')} a customer can harm a server that others share.`,
						'Take them out, and turn the option "Allow Harmful Permissions" off.',
					),
				]
			: []),
		finding(
			'Console',
			'note',
			`Customers of every tier (${plan.tiers.map(({ name }) => name).join(', ')}) can read the console of their servers: the panel puts websocket.connect on every access.`,
			'Let no server print secrets, addresses or private chat there.',
		),
	];
}

function productFindings(plan: Plan, { productsSold }: Facts): Finding[] {
	const known = plan.tiers.flatMap(({ products }) => products);
	const unknown = productsSold.filter((product) => !known.includes(product.toLowerCase()));
	const unsold = plan.tiers.filter(({ products }) => products.length === 0);
	return [
		...(unknown.length > 0
			? [
					finding(
						'Products',
						'problem',
						`Sold, but of no tier: ${unknown.join(', ')}. Their buyers get nothing, and an error each.`,
						'Add them to the products of their tier, or leave them out at the sender.',
					),
				]
			: []),
		...unsold.map(({ name }) =>
			finding(
				'Products',
				'warning',
				`No product belongs to the tier ${name}: only an operator can give it.`,
				'Enter its product’s slug from Paymenter, if it is sold.',
			),
		),
		...(unknown.length + unsold.length === 0
			? [
					finding(
						'Products',
						'ok',
						`${known.length} products, each of one tier: ${known.join(', ')}.`,
					),
				]
			: []),
	];
}

function strangerFindings({ strangers }: Facts): Finding[] {
	return (strangers ?? []).map((name) =>
		finding(
			'Accounts left alone',
			'warning',
			`The panel has no account called ${name}.`,
			'Correct the option "Accounts Left Alone": somebody may not be spared who should.',
		),
	);
}
