import type { Server } from '../../../../domain/access/panelRecords';
import {
	READ_ONLY_PERMISSIONS,
	clean,
	hasServers,
	isInPlan,
	targetOf,
	unmatchedIn,
	type Plan,
} from '../../../../domain/access/tierPlan';
import type { Reached } from './panel';
import type { Report } from './report';

/** What the plan gives today. */
export function reportPlan(
	plan: Plan,
	{ servers, permissions }: Reached,
	productsSold: string[],
	report: Report,
): void {
	if (servers) {
		reportTiers(plan, servers, report);
		reportServers(plan, servers, report);
	}
	reportPermissions(plan, permissions, report);
	reportProducts(plan, productsSold, report);
}

const namesOf = (some: Array<{ name: string }>): string => some.map(({ name }) => name).join(', ');

/** Tier × servers, as it is today. */
function reportTiers(plan: Plan, servers: Server[], report: Report): void {
	for (const tier of plan.tiers) {
		const { ok, problem } = report.on(`Tier ${tier.name}`);
		const target = targetOf(plan, [tier], servers);
		const reached = servers.filter(({ id }) => target.has(id));
		const { length: count } = reached;
		const { permissions } = tier;
		if (!hasServers(tier)) ok('No servers: its customers get no account on the panel.');
		else if (count === 0) {
			problem(
				'This tier reaches no server, so its buyers get nothing.',
				'Correct the patterns of its server groups.',
			);
		} else {
			ok(
				`${permissions.join(', ')} on ${count} server${count === 1 ? '' : 's'}: ${namesOf(reached)}.`,
				'',
				{ details: { servers: reached.map(({ name }) => name), permissions } },
			);
		}
	}
}

function reportServers(plan: Plan, servers: Server[], report: Report): void {
	const groups = report.on('Server groups');
	for (const group of plan.groups) {
		if (servers.some((server) => isInPlan({ groups: [group] }, server))) continue;
		const { name, pattern } = group;
		groups.warning(
			`The group "${name}"${pattern ? ` (${pattern})` : ''} has no server.`,
			`Correct it. The panel has: ${namesOf(servers.slice(0, 10))}${servers.length > 10 ? ' …' : ''}.`,
		);
	}
	for (const group of plan.groups) {
		for (const { kind, text } of unmatchedIn(group, servers)) {
			groups.warning(
				`The ${kind} "${text}" of the group "${group.name}" matches no server.`,
				kind === 'exception'
					? 'Servers that it should exclude may be on sale now. Correct or remove it.'
					: 'Correct or remove it.',
			);
		}
	}
	const { note, warning } = report.on('Servers');
	const sold = targetOf(plan, plan.tiers, servers);
	const unsold = servers.filter(({ id }) => !sold.has(id));
	if (unsold.length > 0) {
		note(`Not part of any tier: ${namesOf(unsold)}.`, 'Fine if that is intended.');
	}
	for (const { id, name, status } of servers) {
		if (!sold.has(id) || status === null) continue;
		warning(
			`${name} is ${status}, so access to it cannot be changed now.`,
			'Customers get access within 6 hours of the server being available again, or at the next Reconcile.',
		);
	}
}

function reportPermissions(plan: Plan, known: string[] | null, report: Report): void {
	const { problem, warning } = report.on('Permissions');
	const unknown = plan.permissions.filter((key) => known?.includes(key) === false);
	if (unknown.length > 0) {
		problem(
			`The panel does not know ${unknown.join(', ')} and drops it.`,
			'Remove it from the plan, or update the panel.',
		);
	}
	const harmful = plan.tiers.flatMap(({ name, permissions }) => {
		const keys = permissions.filter((key) => !READ_ONLY_PERMISSIONS.includes(key));
		return keys.length > 0 ? [`${name}: ${keys.join(', ')}`] : [];
	});
	if (harmful.length > 0) {
		warning(
			`Customers of these tiers can harm a shared server (${harmful.join('; ')}).`,
			'Remove these permissions and turn off "Allow Harmful Permissions".',
		);
	}
	const reading = plan.tiers.filter(hasServers);
	if (reading.length > 0) {
		report
			.on('Console')
			.note(
				`Customers of every tier (${namesOf(reading)}) can read the console of their servers: the panel adds websocket.connect to every subuser.`,
				'Make sure that no server prints secrets, addresses or private chat to its console.',
			);
	}
}

function reportProducts(plan: Plan, sold: string[], report: Report): void {
	const { ok, warning, problem } = report.on('Products');
	const known = plan.tiers.flatMap(({ products }) => products);
	const unknown = sold.filter((product) => !known.includes(clean(product)));
	const unsold = plan.tiers.filter(({ products }) => products.length === 0);
	if (unknown.length > 0) {
		problem(
			`Sold, but not part of any tier: ${unknown.join(', ')}. Their buyers get an error and no access.`,
			'Add them to the products of a tier, or stop the sender from reporting them.',
		);
	}
	for (const { name } of unsold) {
		warning(
			`The tier ${name} has no product, so only an operator can give it.`,
			'If it is sold, enter the slug of its product in Paymenter.',
		);
	}
	if (unknown.length + unsold.length === 0) {
		ok(`${known.length} products, each of one tier: ${known.join(', ')}.`);
	}
}
