import { TABLES, type TableName } from '../../../../domain/tables';
import type { Facts } from './facts';
import { finding, type Finding } from './finding';
import type { Table } from './tableFacts';

const OURS = Object.keys(TABLES) as TableName[];

/** Measured; the limit is n8n's default for all tables together. */
const BYTES_A_ROW = 700;
const MIB = 1024 * 1024;
const LIMIT_BYTES = 200 * MIB;

/** Findings about n8n's Data Tables; none if no tables were given. */
export function tableFindings({ tables, missingLeases }: Facts): Finding[] {
	if (!tables) return [];
	const missing = OURS.filter((name) => !tables.some((table) => table.name === name));
	return [
		...OURS.flatMap((name) => ambiguous(name, tables)),
		...(missing.length > 0
			? [
					finding(
						'Data Tables',
						'problem',
						`Missing: ${missing.join(', ')}. Without them no event is stored or applied.`,
						'Execute the workflow Setup, which creates them. If a table was renamed, give it its name back first.',
					),
				]
			: []),
		...tables.flatMap(columnFindings),
		...(missingLeases.length === 0 || missing.includes('paymenter_lease')
			? []
			: [
					finding(
						'Lease',
						'problem',
						`The table paymenter_lease has no row ${missingLeases.map((name) => `"${name}"`).join(' and no row ')}, so nothing can be applied.`,
						'Execute the workflow Setup, which adds it ("Run Setup").',
					),
				]),
		fullness(tables),
	];
}

/** Setup never changes a table that exists, so one of an older version lacks columns. */
function columnFindings({ name, columns }: Table): Finding[] {
	const expected = Object.entries(TABLES[name as TableName] ?? {});
	const missing = expected.filter(([column]) => !(column in columns));
	const wrong = expected.filter(([column, type]) => column in columns && columns[column] !== type);
	const listed = (some: typeof expected) =>
		some.map(([column, type]) => `${column} (${type})`).join(', ');
	return [
		...(missing.length > 0
			? [
					finding(
						'Data Tables',
						'problem',
						`${name} lacks columns: ${listed(missing)}.`,
						'Add them to the table in n8n, with these types.',
					),
				]
			: []),
		...(wrong.length > 0
			? [
					finding(
						'Data Tables',
						'problem',
						`${name} has columns of another type than they should be: ${listed(wrong)}.`,
						'Delete these columns and add them again with these types; what they hold is lost.',
					),
				]
			: []),
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
	const rows = tables.reduce((sum, table) => sum + table.rows, 0);
	const bytes = rows * BYTES_A_ROW;
	const counts = tables.map((table) => `${table.name} ${table.rows}`).join(', ');
	const words = `Rows so far: ${counts}; about ${Math.round(bytes / MIB)} MiB, if none were deleted. The limit is n8n’s 200 MiB unless it was raised.`;
	if (bytes < LIMIT_BYTES / 2) return finding('Data Tables', 'ok', words);
	return finding(
		'Data Tables',
		'warning',
		words,
		'Check that N8N_DATA_TABLES_MAX_SIZE_BYTES is well above that. When the limit is reached, no event is stored; n8n shows a banner from 80 % on. You may delete old rows of paymenter_provisioning_log, but never those of paymenter_events.',
	);
}
