<?php

namespace Tests;

use App\Enums\InvoiceTransactionStatus;
use App\Models\InvoiceTransaction;
use App\Models\User;
use Exception;
use GuzzleHttp\Psr7\Response;
use Tests\Support\Panel;
use Tests\Support\PanelTestCase;

final class SeveralServicesTest extends PanelTestCase
{
    private static function bounce(int $invoiceId): InvoiceTransaction
    {
        return InvoiceTransaction::create(['invoice_id' => $invoiceId, 'status' => InvoiceTransactionStatus::Failed]);
    }

    public function testTellsOfAFailedPaymentForEachServiceOnTheInvoice(): void
    {
        $panel = new Panel;
        $invoice = $panel->invoice([$panel->service(), $panel->service(['id' => 16, 'product_id' => 8])]);
        $told = $panel->told(static fn () => self::bounce($invoice->id));

        self::assertSame(
            ['payment.failed: active, fire-knight until 2026-12-22', 'payment.failed: active, fire-legend until 2026-12-22'],
            self::words($told),
        );
        $id = substr($told[0]['event_id'], 0, -3);
        self::assertSame(["$id-15", "$id-16"], array_column($told, 'event_id'));
    }

    public function testTellsNeitherOfUpgradesNorOfWhatWasNeverPaidNorOfWhatIsPaidMeanwhile(): void
    {
        $panel = new Panel;
        $upgrade = new User(['id' => 15]);
        $renewal = $panel->service();
        $order = $panel->service(['id' => 16, 'status' => 'pending', 'expires_at' => null]);

        self::assertSame([], $panel->told(static fn () => self::bounce($panel->invoice([$upgrade])->id)));
        self::assertSame([], $panel->told(static fn () => self::bounce($panel->invoice([$order])->id)));
        self::assertSame([], $panel->told(static function () use ($panel, $renewal): void {
            $invoice = $panel->invoice([$renewal]);
            self::bounce($invoice->id);
            $invoice->update(['status' => 'paid']);
        }));
    }

    public function testTellsOnlyTheFirstTimeThatATransactionFails(): void
    {
        $panel = new Panel;
        $invoice = $panel->invoice([$panel->service()]);
        $transaction = null;
        $begin = static function () use ($invoice, &$transaction): void {
            $transaction = InvoiceTransaction::create(['invoice_id' => $invoice->id, 'status' => InvoiceTransactionStatus::Processing]);
        };

        self::assertSame([], $panel->told($begin));
        self::assertCount(1, $panel->told(static fn () => $transaction->update(['status' => 'failed'])));
        self::assertSame([], $panel->told(static fn () => $transaction->update(['amount' => 5])));
        self::assertSame([], $panel->told(static fn () => $transaction->update(['status' => 'succeeded'])));
    }

    /** Before 1.4.0 a transaction has no status. */
    public function testIsSilentAboutTransactionsWithoutAStatus(): void
    {
        $panel = new Panel;
        $invoice = $panel->invoice([$panel->service()]);

        self::assertSame([], $panel->told(static fn () => InvoiceTransaction::create(['invoice_id' => $invoice->id])));
        self::assertSame([], $panel->log());
    }

    public function testResendsOnlyTheOneThatFailed(): void
    {
        $panel = new Panel;
        $invoice = $panel->invoice([$panel->service(), $panel->service(['id' => 16])]);
        $panel->answers->append(Panel::receipt(), new Response(500), Panel::receipt());
        self::bounce($invoice->id);
        $panel->workOff();

        self::assertSame(['15', '16', '16'], array_column($panel->sent(), 'subscription_id'));
    }

    public function testLooksAgainForTheServicesWhenTheDatabaseWasAway(): void
    {
        $panel = new Panel;
        $invoice = $panel->invoice([$panel->service()]);
        self::bounce($invoice->id);
        $panel->database->breaks = new Exception('server has gone away');
        $panel->work();
        $panel->database->breaks = null;
        $panel->answers->append(Panel::receipt());
        $panel->workOff();

        self::assertSame(['payment.failed'], array_column($panel->sent(), 'event'));
    }

    public function testOnASyncQueueOneFailureDoesNotKeepBackTheOthers(): void
    {
        $panel = new Panel('sync');
        $invoice = $panel->invoice([$panel->service(), $panel->service(['id' => 16])]);
        $panel->answers->append(new Response(500), Panel::receipt());
        self::bounce($invoice->id);

        self::assertSame(['15', '16'], array_column($panel->sent(), 'subscription_id'));
    }
}
