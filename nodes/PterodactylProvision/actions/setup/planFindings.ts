import {
	READ_ONLY_PERMISSIONS,
	clean,
	targetOf,
	unmatchedIn,
	type Plan,
} from '../../../../domain/access/tierPlan';
import type { Server } from '../../../../domain/access/panelRecords';
import type { Facts } from './facts';
import { finding, type Finding } from './finding';

/** Tier × servers, as it is today. */
export function tierFindings(plan: Plan, servers: Server[]): Finding[] {
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
					? 'What it was to leave out may be sold now. Correct or remove it.'
					: 'Correct or remove it.',
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

export function permissionFindings(plan: Plan, { knownPermissions: known, allowsHarmful }: Facts) {
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
						`Customers of these tiers can harm a server that others share (${harmful.join('; ')}).`,
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
