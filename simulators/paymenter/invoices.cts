import type { Input } from '../panel/php.cjs';
import { addInvoice, addItem } from './billing.cjs';
import type { Api, Call } from './call.cjs';
import { hasId, leadingNumber, pick, stamps } from './call.cjs';
import { storedDate } from './dates.cjs';
import { deleteInvoice } from './edits.cjs';
import type { Invoice, InvoiceItem } from './model.cjs';
import { creditClass, money, serviceClass, upgradeClass, where } from './model.cjs';
import { saveInvoice } from './payments.cjs';
import { invoiceResource, itemResource } from './resources.cjs';
import { currency } from './services.cjs';
import type { Field, Rule } from './validation.cjs';
import {
	date,
	exists,
	field,
	integer,
	least,
	longest,
	numeric,
	oneOf,
	text,
	validated,
} from './validation.cjs';
import { change } from './world.cjs';

function invoiceRules({ world }: Call, isUpdate: boolean): Field[] {
	const some = isUpdate ? 'sometimes|' : '';
	return [
		field('user_id', `${some}required`, exists(hasId(world.tables.users))),
		field('currency_code', `${some}required`, text, currency),
		field('due_at', `${some}nullable`, date),
		field('status', `${some}required`, text, oneOf(['pending', 'paid', 'cancelled'])),
	];
}

const invoiceColumns = (sent: Input): Partial<Invoice> => ({
	...(sent as Partial<Invoice>),
	...('user_id' in sent ? { user_id: leadingNumber(sent.user_id) } : {}),
	...('due_at' in sent ? { due_at: storedDate(sent.due_at) } : {}),
});

export const invoices: Api<Invoice> = {
	path: 'invoices',
	permission: 'invoices',
	model: 'Invoice',
	table: ({ world }) => world.tables.invoices,
	/** The number comes before the id. */
	find({ world }, id) {
		const { rows } = world.tables.invoices;
		const [numbered] = where(world.tables.invoices, (invoice) => invoice.number === id);
		return numbered ?? (/^\d+(\.\d+)?$/.test(id) ? rows.get(Number(id)) : undefined);
	},
	filters: {
		id: (invoice) => invoice.id,
		currency_code: (invoice) => invoice.currency_code,
		user_id: (invoice) => invoice.user_id,
		status: (invoice) => invoice.status,
	},
	sorts: {
		id: (invoice) => invoice.id,
		...stamps,
		currency_code: (invoice) => invoice.currency_code,
	},
	includes: { items: null, user: 'users' },
	resource: invoiceResource,
	store(call) {
		const sent = validated({ status: 'pending', ...call.input }, invoiceRules(call, false));
		const fields = { due_at: null, ...invoiceColumns(sent) } as Invoice;
		return { row: addInvoice(call.world, fields), sent: {} };
	},
	update(call, row) {
		saveInvoice(call.world, row, invoiceColumns(validated(call.input, invoiceRules(call, true))));
		return { row, sent: {} };
	},
	destroy: ({ world }, row) => deleteInvoice(world, row.id),
};

/** What an item can be for, and whether there is one with this id. */
function referenceRules({ world }: Call): Rule[] {
	const { services, upgrades, credits } = world.tables;
	const classes: Record<string, (id: string) => boolean> = {
		[serviceClass]: hasId(services),
		[upgradeClass]: hasId(upgrades),
		[creditClass]: hasId(credits),
	};
	const type = (input: Input): string => String(input.reference_type ?? '');
	return [
		integer,
		{
			passes: (_value, input) => type(input) === '' || type(input) in classes,
			message: 'The reference_type must be a valid class name.',
		},
		{
			passes: (value, input) => classes[type(input)]?.(String(value)) ?? true,
			message: 'The selected reference_id is invalid for the given reference_type.',
		},
	];
}

function itemRules(call: Call, isUpdate: boolean): Field[] {
	const required = isUpdate ? 'sometimes' : 'required';
	const nullable = isUpdate ? 'sometimes' : 'nullable';
	const { invoices: table } = call.world.tables;
	return [
		...(isUpdate ? [] : [field('invoice_id', 'required', exists(hasId(table)))]),
		field('description', required, text, longest(255)),
		field('quantity', required, integer, least(1)),
		field('price', required, numeric, least(0)),
		field('reference_type', nullable, text, longest(isUpdate ? 100 : 255)),
		field('reference_id', nullable, ...referenceRules(call)),
	];
}

const itemColumns = (sent: Input): Partial<InvoiceItem> => ({
	...(sent as Partial<InvoiceItem>),
	...('price' in sent ? { price: money(String(sent.price)) } : {}),
	...('quantity' in sent ? { quantity: Number(sent.quantity) } : {}),
	...('invoice_id' in sent ? { invoice_id: leadingNumber(sent.invoice_id) } : {}),
	...(sent.reference_id ? { reference_id: leadingNumber(sent.reference_id) } : {}),
});

const shownAsSent = ['quantity', 'reference_id'];

export const invoiceItems: Api<InvoiceItem> = {
	path: 'invoice-items',
	permission: 'invoice_items',
	model: 'InvoiceItem',
	since: (features) => features.invoiceItems,
	table: ({ world }) => world.tables.items,
	filters: {
		id: (item) => item.id,
		quantity: (item) => item.quantity,
		price: (item) => item.price,
		reference_type: (item) => item.reference_type,
		reference_id: (item) => item.reference_id,
	},
	sorts: {
		id: (item) => item.id,
		...stamps,
		quantity: (item) => item.quantity,
		price: (item) => Number(item.price),
	},
	includes: { gateway: null, reference: null, invoice: null },
	broken: 'invoice',
	resource: itemResource,
	store(call) {
		const sent = validated(call.input, itemRules(call, false));
		const nothing = { reference_type: null, reference_id: null };
		const fields = { ...nothing, ...itemColumns(sent) } as InvoiceItem;
		return { row: addItem(call.world, fields), sent: pick(sent, shownAsSent) };
	},
	update({ world, ...call }, row) {
		const sent = validated(call.input, itemRules({ world, ...call }, true));
		if (change(world, row, itemColumns(sent))) {
			world.emit({ event: 'InvoiceItem\\Updated', id: row.id });
		}
		return { row, sent: pick(sent, shownAsSent) };
	},
	destroy({ world }, row) {
		world.tables.items.rows.delete(row.id);
		world.emit({ event: 'InvoiceItem\\Deleted', id: row.id });
	},
};
