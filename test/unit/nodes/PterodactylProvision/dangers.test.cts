/** What Setup → Check says of dangers in the panel's version. */
import type { Server } from '../../../../domain/access/panelRecords';
import { readPlanDocument } from '../../../../domain/access/planDocument';
import { reportDangers } from '../../../../nodes/PterodactylProvision/actions/setup/dangers';
import { Report, type Finding } from '../../../../nodes/PterodactylProvision/actions/setup/report';
import { execute, planDocument } from './support/node.cjs';
import { AURORA, usePanel, writesTo } from './support/panel.cjs';

const serverOf = (
	name: string,
	customers: number,
	permissions = ['websocket.connect'],
): Server => ({
	id: name.length,
	uuid: name,
	name,
	description: '',
	user: 1,
	node: 1,
	nest: 1,
	status: null,
	location: null,
	tags: [],
	rows: new Map(Array.from({ length: customers }, (_, index) => [index + 10, [permissions]])),
});

function dangers(
	name: 'Pelican' | 'Pterodactyl',
	isSince: boolean | null,
	{ servers = [serverOf('Frost', 5)], permissions = ['backup.read'] } = {},
): Record<string, Finding> {
	const plan = readPlanDocument({
		server_groups: [{ name: 'all', match: 'all' }],
		tiers: [{ tier: 'knight', products: 'p', serverGroups: ['all'], permissions }],
		allow_harmful: true,
	}).plan;
	const sign = name === 'Pelican' ? '1.0.0-beta34' : '1.12.1';
	const report = new Report();
	reportDangers({ name, sign, isSince }, plan, servers, report);
	return Object.fromEntries(report.findings.map((one) => [one.check, one]));
}

const wordsOf = (found: Record<string, Finding>, check: string) =>
	`${found[check]?.level}: ${found[check]?.finding} ${found[check]?.what_to_do}`;

describe('The panel’s version', () => {
	it.each([
		[
			'Pterodactyl',
			true,
			/^note: Pterodactyl 1\.12\.1 or newer\. .*Look it up once.*Panel 1\.14\.1/,
		],
		['Pterodactyl', null, /^note: Pterodactyl\. .*Admin → Overview/],
		[
			'Pterodactyl',
			false,
			/^warning: Pterodactyl before 1\.12\.1\. Update to Panel 1\.14\.1 and Wings 1\.12\.2 or newer\. .*CVE-2025-49132/,
		],
		['Pelican', true, /^note: Pelican 1\.0\.0-beta34 or newer\. .*Admin → Dashboard/],
		[
			'Pelican',
			false,
			/^warning: Pelican before 1\.0\.0-beta34\. Update to Pelican 1\.0\.0-beta35/,
		],
	] as const)('of a %s is told as far as it can be seen (%p)', (name, isSince, words) => {
		expect(wordsOf(dangers(name, isSince), 'Panel version')).toMatch(words);
	});
});

describe('A danger', () => {
	it.each([
		[
			'Pterodactyl',
			false,
			/On this version, customers of every tier .*Panel 1\.12\.3 and Wings 1\.12\.2/,
		],
		['Pterodactyl', true, /Before Panel 1\.12\.3 and Wings 1\.12\.2, customers of every tier/],
		['Pelican', true, /Before Pelican 1\.0\.0-beta35 and its Wings, customers of every tier/],
	] as const)('is that everybody can upload files (%s, %p)', (name, isSince, words) => {
		const said = wordsOf(dangers(name, isSince), 'Uploads');
		expect(said).toMatch(words);
		expect(said).toMatch(/^warning: .*CVE-2026-54593/);
	});

	it('is an open SFTP connection on old panels, if anybody has SFTP', () => {
		expect(dangers('Pterodactyl', true).SFTP).toBeUndefined();
		expect(wordsOf(dangers('Pterodactyl', false), 'SFTP')).toMatch(
			/^ok: Before Panel and Wings 1\.12\.0, .* Nobody has file\.sftp/,
		);
		const servers = [serverOf('Frost', 5, ['file.sftp'])];
		expect(wordsOf(dangers('Pterodactyl', false, { servers }), 'SFTP')).toMatch(
			/^warning: .*stays open\. file\.sftp is held by subusers of Frost\. Update/,
		);
		expect(wordsOf(dangers('Pelican', false, { servers }), 'SFTP')).toMatch(/1\.0\.0-beta34/);
	});

	it('is schedule.update, if anybody has it', () => {
		expect(wordsOf(dangers('Pterodactyl', true), 'Schedules')).toMatch(
			/^ok: Before Panel 1\.14\.1, schedule\.update alone runs any console command .* Nobody has it/,
		);
		const servers = [serverOf('Frost', 2, ['schedule.update']), serverOf('Ember1', 2)];
		const found = dangers('Pterodactyl', true, { servers, permissions: ['schedule.update'] });
		expect(wordsOf(found, 'Schedules')).toMatch(
			/^warning: .*held by tier knight and by subusers of Frost\. Take schedule\.update away, or/,
		);
		expect(wordsOf(dangers('Pelican', true, { servers }), 'Schedules')).toMatch(
			/^warning: In Pelican, .*Take schedule\.update away\.$/,
		);
	});
});

describe('The limit on new subusers', () => {
	const servers = [serverOf('Ember1', 200), serverOf('Frost Path 1', 400)];
	const said = (...args: Parameters<typeof dangers>) => wordsOf(dangers(...args), 'New subusers');

	it('is told in the owner’s own numbers', () => {
		expect(said('Pterodactyl', true, { servers })).toMatch(
			/^note: Each server accepts ten new subusers in 15 minutes, .* Bringing your 400 customers onto Frost Path 1 takes about 15 hours, onto all 2 servers just as long\./,
		);
		expect(said('Pterodactyl', true, { servers: [serverOf('Frost', 20)] })).toMatch(
			/your 20 customers onto Frost takes about 32 minutes/,
		);
		expect(said('Pterodactyl', true)).not.toMatch(/Bringing/);
		expect(said('Pterodactyl', true, { servers: [] })).not.toMatch(/Bringing/);
	});

	it('can be raised on either panel, each in its way', () => {
		expect(said('Pterodactyl', false)).toMatch(
			/^note: From Pterodactyl 1\.12 on, each .*perMinutes\(15, 10\) .*app\/Enum\/ResourceLimit\.php/,
		);
		expect(said('Pelican', null)).toMatch(/^note: Each .*APP_API_SUBUSER_CREATE_RATELIMIT/);
	});
});

describe.each([
	['an old Pterodactyl', { rateLimits: false }, 'Pterodactyl before 1.12.1.'],
	[
		'a Pterodactyl of today',
		{ rateLimits: false, serverIdentifiers: 'serv' },
		'Pterodactyl 1.12.1',
	],
	['a Pelican', { rateLimits: false, panel: 'pelican' }, 'Pelican 1.0.0-beta34 or newer.'],
] as const)('Setup → Check on %s', (_, options, words) => {
	const panel = usePanel(options);

	it('tells its version, and creates nothing to find it out', async () => {
		panel.control.addSubuser({ server: AURORA, user: 'admin', permissions: ['schedule.update'] });
		const tierPlan = JSON.stringify(planDocument());
		const parameters = { resource: 'setup', operation: 'check', tierPlan };
		const found = (await execute(panel, { parameters })).map(({ json }) => json);
		const of = (name: string) => found.find(({ check }) => check === name);
		expect(of('Panel version')?.finding).toContain(words);
		expect(of('Schedules')?.finding).toContain(AURORA);
		expect(writesTo(panel)).toEqual(['POST /api/application/users']);
	});
});
