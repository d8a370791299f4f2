<?php

namespace Paymenter\Extensions\Others\N8nWebhooks\Jobs;

use App\Models\Service;
use Illuminate\Database\Eloquent\Builder;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Notice;
use Paymenter\Extensions\Others\N8nWebhooks\Listening\Stamp;

final class TellNewEmail extends TellEach
{
    public function __construct(
        Stamp $stamp,
        private readonly int $userId,
        private readonly string $previousEmail,
    ) {
        parent::__construct($stamp);
    }

    protected function services(): Builder
    {
        return Service::query()
            ->where('user_id', $this->userId)
            ->whereIn('status', ['active', 'suspended']);
    }

    protected function notice(Stamp $stamp, Service $service): Notice
    {
        return new Notice(
            'subscription.updated',
            $stamp,
            $service->id,
            $this->userId,
            $service->product_id,
            previousEmail: $this->previousEmail,
        );
    }
}
