import {
	addRenewalInvoice,
	cancelOpenInvoices,
	invoicesOf,
	itemsOf,
	remainingOf,
} from './billing.cjs';
import { dayMs, startOfDay } from './calendar.cjs';
import type { Invoice, Service, Time } from './model.cjs';
import { money, where } from './model.cjs';
import { addTransaction, renew, saveInvoice } from './payments.cjs';
import { upgradePrice } from './upgrades.cjs';
import type { World } from './world.cjs';
import { change, saveService, serviceOf } from './world.cjs';

const endsBefore = (service: Service, moment: Time): boolean =>
	service.expires_at !== null && service.expires_at < moment;

const withStatus = (world: World, status: Service['status']): Service[] =>
	where(world.tables.services, (service) => service.status === status);

function payWithCredits(world: World, invoice: Invoice): void {
	if (!world.settings.useCredits) return;
	const [credit] = where(
		world.tables.credits,
		(one) => one.user_id === invoice.user_id && one.currency_code === invoice.currency_code,
	);
	const due = remainingOf(world, invoice);
	if (due <= 0 || !credit || Number(credit.amount) < due) return;
	change(world, credit, { amount: money(Number(credit.amount) - due) });
	addTransaction(world, invoice, {
		status: 'succeeded',
		amount: money(due),
		is_credit_transaction: true,
	});
}

/** The gateway answers at once; one that throws leaves nothing behind. */
function charge(world: World, service: Service, invoice: Invoice): void {
	if (service.card === 'good') addTransaction(world, invoice, { status: 'succeeded' });
	if (service.card === 'declined') addTransaction(world, invoice, { status: 'failed' });
}

function makeRenewalInvoices(world: World): void {
	const soon = world.now() + world.settings.invoiceDays * dayMs;
	for (const service of withStatus(world, 'active').filter((one) => endsBefore(one, soon))) {
		const isOpen = invoicesOf(world, service).some(({ status }) => status === 'pending');
		const ends = where(world.tables.cancellations, (one) => one.service_id === service.id);
		if (isOpen || ends.length > 0) continue;
		if (Number(service.price) <= 0) {
			renew(world, service);
			continue;
		}
		const invoice = addRenewalInvoice(world, service);
		payWithCredits(world, invoice);
		if (service.card && invoice.status === 'pending') {
			world.afterCommit(() => charge(world, service, invoice));
		}
	}
}

function cancelUnpaidOrders(world: World): void {
	const old = world.now() - world.settings.orderCancelDays * dayMs;
	for (const service of withStatus(world, 'pending')) {
		const isPaid = invoicesOf(world, service).some(({ status }) => status === 'paid');
		if (isPaid || service.created_at >= old) continue;
		cancelOpenInvoices(world, service);
		saveService(world, service, { status: 'cancelled' });
	}
}

/** Those whose period is over are cancelled, the others cost less from day to day. */
function refreshUpgrades(world: World): void {
	for (const upgrade of where(world.tables.upgrades, ({ status }) => status === 'pending')) {
		const service = serviceOf(world, upgrade.service_id);
		const invoice = world.tables.invoices.rows.get(upgrade.invoice_id ?? 0);
		if (service.expires_at === null || startOfDay(service.expires_at) < world.now()) {
			change(world, upgrade, { status: 'cancelled' });
			world.emit({ event: 'ServiceUpgrade\\Updated', id: upgrade.id });
			if (invoice) saveInvoice(world, invoice, { status: 'cancelled' });
		} else if (invoice) {
			const price = money(upgradePrice(world, upgrade));
			for (const item of itemsOf(world, invoice)) change(world, item, { price });
		}
	}
}

function suspendOverdue(world: World): void {
	const limit = world.now() - world.settings.suspendDays * dayMs;
	for (const service of withStatus(world, 'active').filter((one) => endsBefore(one, limit))) {
		if (service.suspend_hold_until !== null && service.suspend_hold_until >= world.now()) continue;
		saveService(world, service, { status: 'suspended' });
	}
}

function terminateOverdue(world: World): void {
	const limit = world.now() - world.settings.terminateDays * dayMs;
	for (const service of withStatus(world, 'suspended').filter((one) => endsBefore(one, limit))) {
		saveService(world, service, { status: 'cancelled' });
		cancelOpenInvoices(world, service);
	}
}

/** `app:cron-job`: one transaction, in Paymenter's order; cards are charged after its commit. */
export function runCron(world: World): void {
	world.transaction(() => {
		makeRenewalInvoices(world);
		cancelUnpaidOrders(world);
		refreshUpgrades(world);
		suspendOverdue(world);
		terminateOverdue(world);
	});
}
