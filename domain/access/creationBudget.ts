/** Of what a server accepts in one window, bulk work leaves so much to purchases. */
const KEPT_FOR_PURCHASES = 3;
/** A window lasts so long from its first new subuser; Pelican's environment can change it. */
export const WINDOW_MS = 15 * 60_000;
/** From one window of bulk work to the next: Due looks once a minute, so each may open a minute late. */
export const BULK_CYCLE_MS = WINDOW_MS + 60_000;
/** The panel's default of new subusers in a window [pelican 501-511]. */
export const DEFAULT_LIMIT = 10;

interface Window {
	limit: number;
	left: number;
	endsAt: number;
	/** The panel has refused one, so the end is exact. */
	isClosed: boolean;
	/** Who of bulk work was told to come later, and their places. */
	line: Map<string, number>;
}

/** When to try again (milliseconds), and how many come first. */
export interface Wait {
	until: number;
	ahead: number;
}

/** How many of each window bulk work uses. */
export const bulkShare = (limit: number): number => Math.max(1, limit - KEPT_FOR_PURCHASES);

/** How long so many new subusers of one server take as bulk work, at the panel's default limit. */
export const bulkTimeMs = (count: number): number =>
	Math.max(0, Math.ceil(count / bulkShare(DEFAULT_LIMIT)) - 1) * BULK_CYCLE_MS;

/** What is known of each server's limit on new subusers. Times are milliseconds. */
export class CreationBudget {
	private readonly windows = new Map<string, Window>();

	/**
	 * Whether a subuser must wait to be created. Bulk work stands in line: each window calls only as many
	 * as it has room for, or hundreds would be looked at every time.
	 * @param who whose subuser it is: who asks twice keeps their place
	 * @returns null: create it now
	 */
	waitFor(
		server: string,
		{ who, isBulk }: { who: string; isBulk: boolean },
		now: number,
	): Wait | null {
		const window = this.current(server, now);
		if (!window) return null;
		const { limit, left, endsAt, isClosed, line } = window;
		if (!isBulk) return isClosed ? { until: endsAt, ahead: 0 } : null;
		if (left > KEPT_FOR_PURCHASES) return null;
		const ahead = line.get(who) ?? line.size;
		line.set(who, ahead);
		return { until: endsAt + Math.floor(ahead / bulkShare(limit)) * BULK_CYCLE_MS, ahead };
	}

	/** Records what the panel says of the server's window after a creation. */
	noteLeft(server: string, { limit, left }: Pick<Window, 'limit' | 'left'>, now: number): void {
		const window = this.current(server, now);
		const isSame = window && left < window.left;
		const endsAt = isSame ? window.endsAt : now + WINDOW_MS;
		const line = isSame ? window.line : new Map<string, number>();
		this.windows.set(server, { limit, left, endsAt, isClosed: false, line });
	}

	/** Records that the server accepts none for so long. */
	noteClosed(server: string, { limit, ms }: { limit: number; ms: number }, now: number): void {
		const line = this.current(server, now)?.line ?? new Map<string, number>();
		this.windows.set(server, { limit, left: 0, endsAt: now + ms, isClosed: true, line });
	}

	private current(server: string, now: number): Window | undefined {
		const window = this.windows.get(server);
		return window && window.endsAt > now ? window : undefined;
	}
}
