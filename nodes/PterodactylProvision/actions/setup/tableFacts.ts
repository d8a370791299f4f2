import { TABLES, type TableName } from '../../../../domain/tables';
import { LEASES } from '../../../../domain/work/lease';

/** A table as the Data Table node lists it. */
export interface ListedTable {
	name?: string;
	columns?: Array<{ name: string; type: string }>;
}

/** A row of any of our tables. */
export type NewestRow = Record<string, unknown>;

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
		const ids = newest.filter((row) => tableOfRow(row) === name).map(({ id }) => Number(id ?? 0));
		return [
			{
				name,
				columns: Object.fromEntries(columns.map((column) => [column.name, column.type])),
				rows: Math.max(0, ...ids),
			},
		];
	});
}

export const missingLeases = (newest: NewestRow[]): string[] =>
	LEASES.filter(
		(name) => !newest.some((row) => tableOfRow(row) === 'paymenter_lease' && row.name === name),
	);

export const isAnybodySynced = (newest: NewestRow[]): boolean =>
	newest.some((row) => tableOfRow(row) === 'paymenter_customers' && !!row.last_run_at);

/** The products of the newest events. */
export const productsIn = (newest: NewestRow[]): string[] => [
	...new Set(newest.flatMap(({ product_id: product }) => (product ? [String(product)] : []))),
];

/** By a column that no other table of ours has. */
const COLUMN_OF: Record<TableName, string> = {
	paymenter_events: 'event_id',
	paymenter_customers: 'account_id',
	paymenter_provisioning_log: 'server_id',
	paymenter_perks: 'granted_ranks',
	paymenter_lease: 'holder',
};

const tableOfRow = (row: NewestRow): string | undefined =>
	Object.keys(TABLES).find((name) => COLUMN_OF[name as TableName] in row);
