import type { Table } from './facts';
import { finding, type Finding } from './finding';

const OURS = [
	'paymenter_events',
	'paymenter_customers',
	'paymenter_provisioning_log',
	'paymenter_work',
];

/** Measured; the limit is n8n's default for all tables together. */
const BYTES_A_ROW = 700;
const MIB = 1024 * 1024;
const LIMIT_BYTES = 200 * MIB;

/** Findings about n8n's Data Tables; none if no tables were given. */
export function tableFindings(tables: Table[]): Finding[] {
	if (tables.length === 0) return [];
	const missing = OURS.filter((name) => !tables.some((table) => table.name === name));
	return [
		...OURS.flatMap((name) => ambiguous(name, tables)),
		...(missing.length > 0
			? [
					finding(
						'Data Tables',
						'problem',
						`Missing: ${missing.join(', ')}. Without them no event is stored.`,
						'Execute the workflow Setup, which creates them.',
					),
				]
			: []),
		fullness(tables),
	];
}

/** n8n finds tables by a part of their name, so a copy can be taken for the table. */
function ambiguous(name: string, tables: Table[]): Finding[] {
	const matching = tables.filter((table) => table.name.toLowerCase().includes(name));
	if (matching.every((table) => table.name === name)) return [];
	const names = matching.map((table) => table.name).join(', ');
	return [
		finding(
			'Data Tables',
			'problem',
			`n8n finds tables by a part of their name, so it may use any of these as ${name}: ${names}.`,
			`Rename or delete all but the one called ${name}.`,
		),
	];
}

function fullness(tables: Table[]): Finding {
	const rows = tables.reduce((sum, table) => sum + Number(table.rows ?? 0), 0);
	const bytes = rows * BYTES_A_ROW;
	const counts = tables.map((table) => `${table.name} ${table.rows ?? 'unknown'}`).join(', ');
	const isWhole = tables.every((table) => (table.rows ?? null) !== null);
	const words = `Rows so far: ${counts}; ${isWhole ? 'about' : 'at least'} ${Math.round(bytes / MIB)} MiB, if none were deleted. The limit is n8n’s 200 MiB unless it was raised.`;
	if (bytes < LIMIT_BYTES / 2) return finding('Data Tables', 'ok', words);
	return finding(
		'Data Tables',
		'warning',
		words,
		'Check that N8N_DATA_TABLES_MAX_SIZE_BYTES is well above that. When the limit is reached, no event is stored; n8n shows a banner from 80 % on. You may delete old rows of paymenter_provisioning_log, but never those of paymenter_events.',
	);
}
