import {
	READ_ONLY_PERMISSIONS,
	clean,
	hasServers,
	targetOf,
	unmatchedIn,
	type Plan,
} from '../../../../domain/access/tierPlan';
import type { Server } from '../../../../domain/access/panelRecords';
import type { Facts } from './facts';
import { finding, troubled, type Finding } from './finding';

/** Whether the plan can be used, and which one that is. */
export function planFindings({ planTrouble }: Facts): Finding[] {
	return [
		...(planTrouble ? [troubled('Tier plan', planTrouble)] : []),
		finding(
			'Tier plan',
			'note',
			'A check by hand reads the saved version of Tier Plan. Apply Access uses the published version of Tier Plan.',
			'After each change of the plan, publish the workflow Tier Plan.',
		),
	];
}

/** Tier × servers, as it is today. */
export function tierFindings(plan: Plan, servers: Server[]): Finding[] {
	return plan.tiers.map((tier) => {
		const reached = targetOf(plan, [tier], servers);
		const names = servers.filter(({ id }) => reached.has(id)).map(({ name }) => name);
		const check = `Tier ${tier.name}`;
		if (!hasServers(tier)) {
			return finding(check, 'ok', 'No servers: its customers get no account on the panel.');
		}
		if (names.length === 0) {
			return finding(
				check,
				'problem',
				'This tier reaches no server, so its buyers get nothing.',
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

export function serverFindings(plan: Plan, servers: Server[]): Finding[] {
	const everyone = targetOf(plan, plan.tiers, servers);
	const namesOf = (some: Server[]) => some.map(({ name }) => name).join(', ');
	const empty = plan.groups.filter(
		(group) => targetOf({ ...plan, groups: [group] }, [ANY(plan, group.name)], servers).size === 0,
	);
	const unmatched = plan.groups.flatMap((group) =>
		unmatchedIn(group, servers).map((one) => ({ ...one, group: group.name })),
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
		...unmatched.map(({ kind, text, group }) =>
			finding(
				'Server groups',
				'warning',
				`The ${kind} "${text}" of the group "${group}" matches no server.`,
				kind === 'exception'
					? 'Servers that it should exclude may be on sale now. Correct or remove it.'
					: 'Correct or remove it.',
			),
		),
		...(unsold.length > 0
			? [
					finding(
						'Servers',
						'note',
						`Not part of any tier: ${namesOf(unsold)}.`,
						'Fine if that is intended.',
					),
				]
			: []),
		...closed.map(({ name, status }) =>
			finding(
				'Servers',
				'warning',
				`${name} is ${status ?? ''}, so access to it cannot be changed now.`,
				'Customers get access within 6 hours of the server being available again, or at the next Reconcile.',
			),
		),
	];
}

/** A tier that has nothing but one group. */
const NO_TIER = { name: '', role: '', products: [], luckPermsGroup: null, discordRole: null };

const ANY = (plan: Plan, group: string) => ({
	...(plan.tiers[0] ?? NO_TIER),
	groups: [group],
	permissions: ['websocket.connect'],
});

export function permissionFindings(plan: Plan, { knownPermissions: known, allowsHarmful }: Facts) {
	const reading = plan.tiers.filter(hasServers).map(({ name }) => name);
	const unknown = known ? plan.permissions.filter((key) => !known.includes(key)) : [];
	const harmful = plan.tiers.flatMap(({ name, permissions }) => {
		const keys = permissions.filter((key) => !READ_ONLY_PERMISSIONS.includes(key));
		return keys.length > 0 ? [`${name}: ${keys.join(', ')}`] : [];
	});
	return [
		...(unknown.length > 0
			? [
					finding(
						'Permissions',
						'problem',
						`The panel does not know ${unknown.join(', ')} and drops it.`,
						'Remove it from the plan, or update the panel.',
					),
				]
			: []),
		...(allowsHarmful && harmful.length > 0
			? [
					finding(
						'Permissions',
						'warning',
						`Customers of these tiers can harm a shared server (${harmful.join('; ')}).`,
						'Remove these permissions and turn off "Allow Harmful Permissions".',
					),
				]
			: []),
		...(reading.length > 0
			? [
					finding(
						'Console',
						'note',
						`Customers of every tier (${reading.join(', ')}) can read the console of their servers: the panel adds websocket.connect to every subuser.`,
						'Make sure that no server prints secrets, addresses or private chat to its console.',
					),
				]
			: []),
	];
}

export function productFindings(plan: Plan, { productsSold }: Facts): Finding[] {
	const known = plan.tiers.flatMap(({ products }) => products);
	const unknown = productsSold.filter((product) => !known.includes(clean(product)));
	const unsold = plan.tiers.filter(({ products }) => products.length === 0);
	return [
		...(unknown.length > 0
			? [
					finding(
						'Products',
						'problem',
						`Sold, but not part of any tier: ${unknown.join(', ')}. Their buyers get an error and no access.`,
						'Add them to the products of a tier, or stop the sender from reporting them.',
					),
				]
			: []),
		...unsold.map(({ name }) =>
			finding(
				'Products',
				'warning',
				`The tier ${name} has no product, so only an operator can give it.`,
				'If it is sold, enter the slug of its product in Paymenter.',
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
