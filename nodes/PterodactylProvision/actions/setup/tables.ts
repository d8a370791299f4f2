import { TABLES, type TableName } from '../../../../domain/tables';
import { LEASES } from '../../../../domain/work/lease';
import type { Report } from './report';

/** A table as the Data Table node lists it. */
export interface ListedTable {
	name?: string;
	columns?: Array<{ name: string; type: string }>;
}

/** A row of any of our tables. */
type NewestRow = Record<string, unknown>;

export interface Table {
	name: string;
	/** Type by column. */
	columns: Record<string, string>;
	/** About how many there have been: ids count up. */
	rows: number;
}

/** The tables with what their newest rows tell. Rows of all tables are in one list. */
export function tablesOf(listed: ListedTable[], newest: NewestRow[]): Table[] {
	return listed.flatMap(({ name, columns = [] }) => {
		if (!name) return [];
		const ids = newest.filter((row) => isOf(name, row)).map(({ id }) => Number(id ?? 0));
		const types = columns.map((column) => [column.name, column.type]);
		return [{ name, columns: Object.fromEntries(types), rows: Math.max(0, ...ids) }];
	});
}

export const missingLeases = (newest: NewestRow[]): string[] =>
	LEASES.filter((name) => !newest.some((row) => isOf('paymenter_lease', row) && row.name === name));

export const isAnybodySynced = (newest: NewestRow[]): boolean =>
	newest.some((row) => isOf('paymenter_customers', row) && !!row.last_run_at);

/** The products of the newest events. */
export const productsIn = (newest: NewestRow[]): string[] =>
	newest.flatMap(({ product_id: product }) => (product ? [String(product)] : []));

/** Columns that no other table of ours has. */
const COLUMN_OF: Record<string, string> = {
	paymenter_events: 'event_id',
	paymenter_customers: 'account_id',
	paymenter_provisioning_log: 'server_id',
	paymenter_perks: 'granted_ranks',
	paymenter_lease: 'holder',
} satisfies Record<TableName, string>;

const isOf = (table: string, row: NewestRow): boolean => (COLUMN_OF[table] ?? '') in row;

const OURS = Object.keys(TABLES);

export const missingTables = (tables: Table[]): string[] =>
	OURS.filter((name) => !tables.some((table) => table.name === name));

/** Measured; the limit is n8n's default for all tables together. */
const BYTES_A_ROW = 700;
const MIB = 1024 * 1024;
const LIMIT_BYTES = 200 * MIB;

/** @param leases rows that `paymenter_lease` lacks */
export function reportTables(tables: Table[], leases: string[], report: Report): void {
	const { ok, warning, problem } = report.on('Data Tables');
	for (const name of OURS) {
		// n8n finds tables by a part of their name, so a copy can be taken for the table.
		const matching = tables.filter((table) => table.name.toLowerCase().includes(name));
		if (matching.every((table) => table.name === name)) continue;
		problem(
			`n8n finds tables by a part of their name, so it may use any of these as ${name}: ${matching.map((table) => table.name).join(', ')}.`,
			`Rename or delete all but the one called ${name}.`,
		);
	}
	const missing = missingTables(tables);
	if (missing.length > 0) {
		problem(
			`Missing: ${missing.join(', ')}. Without them no event is stored or applied.`,
			'Execute the workflow Setup, which creates them. If a table was renamed, give it its name back first.',
		);
	}
	for (const table of tables) reportColumns(table, report);
	if (leases.length > 0 && !missing.includes('paymenter_lease')) {
		report
			.on('Lease')
			.problem(
				`The table paymenter_lease has no row ${leases.map((name) => `"${name}"`).join(' and no row ')}, so nothing can be applied.`,
				'Execute the workflow Setup, which adds it ("Run Setup").',
			);
	}

	const bytes = tables.reduce((sum, { rows }) => sum + rows, 0) * BYTES_A_ROW;
	const counts = tables.map((table) => `${table.name} ${table.rows}`).join(', ');
	const words = `Rows so far: ${counts}; about ${Math.round(bytes / MIB)} MiB, if none were deleted. The limit is n8n’s 200 MiB unless it was raised.`;
	if (bytes < LIMIT_BYTES / 2) return ok(words);
	warning(
		words,
		'Check that N8N_DATA_TABLES_MAX_SIZE_BYTES is well above that. When the limit is reached, no event is stored; n8n shows a banner from 80 % on. You may delete old rows of paymenter_provisioning_log, but never those of paymenter_events.',
	);
}

/** Setup never changes a table that exists, so one of an older version lacks columns. */
function reportColumns({ name, columns }: Table, report: Report): void {
	const { problem } = report.on('Data Tables');
	const expected = Object.entries(TABLES[name as TableName] ?? {});
	const list = (some: typeof expected) =>
		some.map(([column, type]) => `${column} (${type})`).join(', ');
	const missing = list(expected.filter(([column]) => !(column in columns)));
	const wrong = list(
		expected.filter(([column, type]) => column in columns && columns[column] !== type),
	);
	if (missing) {
		problem(
			`${name} lacks columns: ${missing}.`,
			'Add them to the table in n8n, with these types.',
		);
	}
	if (wrong) {
		problem(
			`${name} has columns of another type than they should be: ${wrong}.`,
			'Delete these columns and add them again with these types; what they hold is lost.',
		);
	}
}
