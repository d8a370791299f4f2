/** Of what a server accepts in one window, bulk work leaves so much to purchases. */
const KEPT_FOR_PURCHASES = 3;
/** When bulk work looks again at a server whose rest it leaves to purchases. */
const BULK_PAUSE_MS = 5 * 60_000;

/** What one run knows of each server's limit on new subusers. */
export class CreationBudget {
	private readonly closed = new Map<string, number>();

	private readonly left = new Map<string, number>();

	/** @returns when a subuser may be created there again (milliseconds); null: now */
	closedUntil(server: string, isBulk: boolean, now: number): number | null {
		const until = this.closed.get(server);
		if (until !== undefined && until > now) return until;
		const left = this.left.get(server);
		const isKept = isBulk && left !== undefined && left <= KEPT_FOR_PURCHASES;
		return isKept ? now + BULK_PAUSE_MS : null;
	}

	/** Records how many more the server accepts in this window. */
	noteLeft(server: string, left: number): void {
		this.left.set(server, left);
	}

	/** Records that the server accepts none until then (milliseconds). */
	noteClosed(server: string, until: number): void {
		this.closed.set(server, until);
		this.left.delete(server);
	}
}
