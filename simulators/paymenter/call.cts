import type { Input } from '../panel/php.cjs';
import { textOf } from '../panel/php.cjs';
import type { Row, Table } from './model.cjs';
import type { Columns } from './lists.cjs';
import type { Resource, View } from './resources.cjs';
import type { Shop } from './shop.cjs';
import type { Features } from './versions.cjs';

/** A call that has a route and a key with the permission for it, as handlers see it. */
export interface Call extends View {
	shop: Shop;
	query: Input;
	/** Query and body together, cleaned as Laravel does. */
	input: Input;
}

/** What a write gives back; `sent` are the attributes that are shown as they were sent. */
export interface Written<T> {
	row: T;
	sent: Input;
}

/** One of the API's resources: the same five routes for each, as far as its controller has them. */
export interface Api<T extends Row> {
	/** `invoice-items` */
	path: string;
	/** `admin.PERMISSION.view` and so on */
	permission: string;
	/** `InvoiceItem`, for the 404 */
	model: string;
	/** Whether this version has it. */
	since?: (features: Features) => boolean;
	table: (view: View) => Table<T>;
	/** Instead of a search by id, with its own 404. */
	find?: (view: View, id: string) => T | undefined;
	filters: Columns<T>;
	sorts: Columns<T>;
	/** Each with the permission that it needs, where there is one. */
	includes: Record<string, string | null>;
	/** An include that Paymenter itself fails at. */
	broken?: string;
	resource: (view: View, row: T) => Resource;
	store?: (call: Call) => Written<T>;
	update?: (call: Call, row: T) => Written<T>;
	destroy?: (call: Call, row: T) => void;
}

export const pick = (input: Input, names: string[]): Input =>
	Object.fromEntries(names.flatMap((name) => (name in input ? [[name, input[name]]] : [])));

/** How MariaDB reads text as a number: `12abc` is 12. */
export const leadingNumber = (value: unknown): number =>
	Number(/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(textOf(value))?.[0] ?? 0);

/** As Paymenter's rule `exists:TABLE,id` asks. */
export const hasId =
	<T extends Row>(table: Table<T>) =>
	(value: string): boolean =>
		table.rows.has(leadingNumber(value));

export const stamps = {
	created_at: (row: Row) => row.created_at,
	updated_at: (row: Row) => row.updated_at,
};
