import { itemsOf, addCredit, planOf, remainingOf, totalOf } from './billing.cjs';
import { addPeriod, startOfDay } from './calendar.cjs';
import type { Invoice, Service, Time, Transaction } from './model.cjs';
import { creditClass, insert, money, serviceClass, upgradeClass, where } from './model.cjs';
import { completeUpgrade } from './upgrades.cjs';
import type { World } from './world.cjs';
import { change, saveService } from './world.cjs';

/** From the old end (its date, without the time of day) while it runs, else from now on. */
function nextDueDate(world: World, service: Service): Time | null {
	const { type, billing_period, billing_unit } = planOf(world, service);
	if (type !== 'recurring' || !billing_period || !billing_unit) return null;
	const runs = service.expires_at !== null && service.status === 'active';
	const from = runs ? startOfDay(service.expires_at ?? 0) : world.now();
	return addPeriod(from, billing_period, billing_unit);
}

export function renew(world: World, service: Service): void {
	if (service.product_id === null) {
		// PHP: "Attempt to read property "server" on null".
		throw new Error(`Service ${service.id} has no product any more`);
	}
	saveService(world, service, { status: 'active', expires_at: nextDueDate(world, service) });
}

function deliver(world: World, invoice: Invoice): void {
	for (const item of itemsOf(world, invoice)) {
		const reference = item.reference_id ?? 0;
		if (item.reference_type === serviceClass) {
			const service = world.tables.services.rows.get(reference);
			if (service) renew(world, service);
		} else if (item.reference_type === upgradeClass) {
			const upgrade = world.tables.upgrades.rows.get(reference);
			if (upgrade?.status === 'pending') completeUpgrade(world, upgrade);
		} else if (item.reference_type === creditClass) {
			addCredit(world, invoice.user_id, invoice.currency_code, Number(item.price));
		}
	}
}

/** What a change of an invoice does: one that becomes paid gives what it is for, after the commit. */
export function saveInvoice(world: World, invoice: Invoice, changes: Partial<Invoice>): void {
	const before = change(world, invoice, changes);
	if (!before) return;
	if (invoice.status === 'paid' && before.status !== 'paid') {
		world.afterCommit(() => {
			deliver(world, invoice);
			world.emit({ event: 'Invoice\\Paid', id: invoice.id });
		});
	}
	world.emit({ event: 'Invoice\\Updated', id: invoice.id });
}

export type NewTransaction = Pick<Transaction, 'status'> &
	Partial<Pick<Transaction, 'amount' | 'transaction_id' | 'is_credit_transaction'>>;

/**
 * What a gateway reports: a transaction with the same id is updated, else a new one is added. The
 * invoice is paid as soon as nothing remains, also when it had been cancelled.
 */
export function addTransaction(
	world: World,
	invoice: Invoice,
	{ status, amount, transaction_id = null, is_credit_transaction = false }: NewTransaction,
): Transaction {
	const { transactions } = world.tables;
	return world.transaction(() => {
		const [known] = where(
			transactions,
			(one) =>
				transaction_id !== null &&
				one.invoice_id === invoice.id &&
				one.transaction_id === transaction_id,
		);
		const fields = {
			status,
			amount: money(amount ?? totalOf(world, invoice)),
			is_credit_transaction,
		};
		const before = known && change(world, known, fields);
		const transaction =
			known ??
			insert(transactions, { invoice_id: invoice.id, transaction_id, ...fields }, world.now());
		if (known && !before) return known;
		if (remainingOf(world, invoice) <= 0 && invoice.status !== 'paid') {
			saveInvoice(world, invoice, { status: 'paid' });
		}
		const copy = { ...transaction };
		world.emit(
			before
				? { event: 'InvoiceTransaction\\Updated', before, transaction: copy }
				: { event: 'InvoiceTransaction\\Created', transaction: copy },
		);
		return transaction;
	});
}
