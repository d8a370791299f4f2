import { bulkTimeMs } from '../../../../domain/access/creationBudget';
import type { Server } from '../../../../domain/access/panelRecords';
import { targetOf, type Plan } from '../../../../domain/access/tierPlan';
import type { PanelVersion } from '../../transport/flavour';
import type { Report } from './report';

/** The versions that fixed what concerns shared servers; those of Pelican as its source says. */
const FIXED_IN = {
	Pterodactyl: {
		uploads: 'Panel 1.12.3 and Wings 1.12.2',
		sftp: 'Panel and Wings 1.12.0',
		schedules: 'Panel 1.14.1',
		all: 'Panel 1.14.1 and Wings 1.12.2',
		where: 'Admin → Overview shows the panel’s version; Admin → Nodes → a node, its Wings.',
		urgent: ' Do it now if it is older than 1.11.11: anybody can run code on it (CVE-2025-49132).',
		raise:
			'To raise it, change perMinutes(15, 10) for self::Subuser in app/Enum/ResourceLimit.php on the panel. Do it again after each update.',
	},
	Pelican: {
		uploads: 'Pelican 1.0.0-beta35 and its Wings',
		sftp: 'Pelican 1.0.0-beta34',
		schedules: null,
		all: 'Pelican 1.0.0-beta35 and its Wings',
		where: 'Admin → Dashboard shows the panel’s version; Admin → Nodes → a node, its Wings.',
		urgent: '',
		raise:
			'To raise it, set APP_API_SUBUSER_CREATE_RATELIMIT in the panel’s .env (from 1.0.0-beta35 on).',
	},
};

/** What is dangerous on shared servers in the panel's version, as far as it can be seen. */
export function reportDangers(
	version: PanelVersion,
	plan: Plan,
	servers: Server[],
	report: Report,
): void {
	reportVersion(version, report);
	reportUploads(version, report);
	const { name, isSince } = version;
	const { sftp, schedules } = FIXED_IN[name];
	// GHSA-8c39-xppg-479c.
	if (!isSince) {
		const words = `Before ${sftp}, a removed customer’s open SFTP connection stays open.`;
		const holders = holdersOf('file.sftp', plan, servers);
		const { ok, warning } = report.on('SFTP');
		if (holders === '') ok(`${words} Nobody has file.sftp.`);
		else warning(`${words} ${holders}`, 'Update panel and Wings, or take file.sftp away.');
	}
	const when = schedules ? `Before ${schedules}` : `In ${name}`;
	const words = `${when}, schedule.update alone runs any console command (${cveFor(name, 'CVE-2026-86177')}).`;
	const holders = holdersOf('schedule.update', plan, servers);
	const { ok, warning } = report.on('Schedules');
	const newer = schedules ? ', or check that the panel is newer' : '';
	if (holders === '') ok(`${words} Nobody has it.`);
	else warning(`${words} ${holders}`, `Take schedule.update away${newer}.`);
	reportLimit(version, plan, servers, report);
}

function reportVersion({ name, sign, isSince }: PanelVersion, report: Report): void {
	const { note, warning } = report.on('Panel version');
	const { all, where, urgent } = FIXED_IN[name];
	if (isSince === false) {
		return warning(`${name} before ${sign}.`, `Update to ${all} or newer.${urgent}`);
	}
	note(
		`${isSince ? `${name} ${sign} or newer` : name}. The panel does not tell the exact version.`,
		`Look it up once; it should be ${all} or newer. ${where}`,
	);
}

/** Pelican took over both the code and its weaknesses. */
const cveFor = (name: PanelVersion['name'], cve: string): string =>
	name === 'Pterodactyl' ? cve : `${cve} of Pterodactyl`;

/** No sign of a version that fixed it is known. */
function reportUploads({ name, isSince }: PanelVersion, report: Report): void {
	const { warning } = report.on('Uploads');
	const harm = `customers of every tier can upload files to their servers (${cveFor(name, 'CVE-2026-54593')}).`;
	const { uploads } = FIXED_IN[name];
	if (isSince === false) {
		warning(`On this version, ${harm}`, `Update both at the same time: ${uploads} fixed it.`);
	} else warning(`Before ${uploads}, ${harm}`, 'Check both versions. Both must be updated.');
}

/** Which tiers hand a permission out, and on which servers somebody has it; empty: nobody does. */
function holdersOf(key: string, plan: Plan, servers: Server[]): string {
	const tiers = plan.tiers.filter(({ permissions }) => permissions.includes(key));
	const held = servers.filter(({ rows }) => [...rows.values()].flat(2).includes(key));
	const named = [
		...(tiers.length > 0 ? [`tier ${tiers.map(({ name }) => name).join(', ')}`] : []),
		...(held.length > 0 ? [`subusers of ${held.map(({ name }) => name).join(', ')}`] : []),
	];
	return named.length > 0 ? `${key} is held by ${named.join(' and by ')}.` : '';
}

/** What the limit on new subusers means for this owner. */
function reportLimit(
	{ name, isSince }: PanelVersion,
	plan: Plan,
	servers: Server[],
	report: Report,
): void {
	const target = targetOf(plan, plan.tiers, servers);
	const sold = servers.filter(({ id }) => target.has(id)).sort((a, b) => b.rows.size - a.rows.size);
	const customers = new Set(sold.flatMap(({ rows }) => [...rows.keys()])).size;
	const [largest] = sold;
	const time = bulkTimeMs(customers);
	const subject = name === 'Pterodactyl' && !isSince ? 'From Pterodactyl 1.12 on, each' : 'Each';
	const own =
		largest && time > 0
			? ` Bringing your ${customers} customers onto ${largest.name} takes about ${sayTime(time)}, onto all ${sold.length} servers just as long. Purchases go first.`
			: '';
	report
		.on('New subusers')
		.note(
			`${subject} server accepts ten new subusers in 15 minutes, unless you changed that.${own}`,
			FIXED_IN[name].raise,
		);
}

function sayTime(ms: number): string {
	const hours = Math.round(ms / 3_600_000);
	return hours > 1 ? `${hours} hours` : `${Math.round(ms / 60_000)} minutes`;
}
