<?php

namespace Paymenter\Extensions\Others\N8nWebhooks;

use App\Attributes\ExtensionMeta;
use App\Classes\Extension\Extension;
use Illuminate\Support\Carbon;
use Illuminate\Support\Facades\Artisan;
use Paymenter\Extensions\Others\N8nWebhooks\Jobs\DeliverPing;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Listeners;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Outbox;
use Paymenter\Extensions\Others\N8nWebhooks\Settings\Fields;
use Throwable;

/** Paymenter's upload takes the first class of this folder, so the others live one folder down. */
#[ExtensionMeta(
    name: 'n8n Webhooks',
    description: 'Tells n8n what happens to subscriptions and payments, in signed webhooks.',
    version: '1.0.0',
    author: 'Firefrost Gaming',
    url: 'https://github.com/firefrost-gaming/n8n-nodes-paymenter-pterodactyl',
)]
class N8nWebhooks extends Extension
{
    /** Paymenter calls `enabled` before it has saved that it is; `updated` follows when all is saved. */
    private const SECONDS_TO_SAVE = 10;

    public function getConfig($values = [])
    {
        return Fields::all(is_array($values) ? $values : []);
    }

    public function boot()
    {
        try {
            Outbox::guard('Nothing will be reported', static fn () => Listeners::listen());
        } catch (Throwable) {
            // A folder that is being copied and not complete yet: an error here takes all of Paymenter down.
        }
    }

    public function enabled($extension = null)
    {
        Outbox::put(static fn () => DeliverPing::now()->delay(Carbon::now()->addSeconds(self::SECONDS_TO_SAVE)));
    }

    /** Also after it was enabled or disabled: a queue worker of before goes on as before, until it is restarted. */
    public function updated($extension = null)
    {
        Outbox::guard('The queue worker could not be restarted', static fn () => Artisan::call('queue:restart'));
        Outbox::put(static fn () => DeliverPing::now());
    }
}
