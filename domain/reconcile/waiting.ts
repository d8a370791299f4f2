import { bulkShare, bulkTimeMs, DEFAULT_LIMIT } from '../access/creationBudget';
import type { PreviewItem } from '../access/preview';
import { iso, timeOf } from '../dates';
import { permissionsIn } from '../work/syncRequest';
import type { StoredRow } from './lossGuard';

/** Whether all that would change is what the customer waits for already: then it is tried in time. */
export function isWaiting(
	{ outcome, changes = [], blocked = [] }: PreviewItem,
	row?: StoredRow,
): boolean {
	if (outcome !== 'would change' || blocked.length > 0) return false;
	if (timeOf(row?.retry_at) === null || timeOf(row?.failing_since) !== null) return false;
	const granted = permissionsIn(row?.granted || '{}') ?? {};
	return changes.every(({ what, server_id: id }) => what === 'access given' && granted[id ?? '']);
}

/** The last of these times; null without any. */
export function lastRetry(rows: StoredRow[]): string | null {
	const times = rows.flatMap(({ retry_at: at }) => timeOf(at) ?? []);
	return times.length > 0 ? iso(Math.max(...times)) : null;
}

/** Servers whose new subusers take several windows, and when they are done at the default limit. */
export function newSubusersOf(customers: PreviewItem[], at: string) {
	const counts = new Map<string, number>();
	for (const { what, server } of customers.flatMap(({ changes = [] }) => changes)) {
		if (what === 'access given' && server) counts.set(server, (counts.get(server) ?? 0) + 1);
	}
	return [...counts]
		.filter(([, count]) => count > bulkShare(DEFAULT_LIMIT))
		.map(([server, count]) => ({
			server,
			count,
			done_by: iso(Date.parse(at) + bulkTimeMs(count)),
		}));
}

/** `2026-05-21 03:00 UTC`. */
const sayTime = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

export const sayWaiting = (count: number, until: string): string =>
	`${count} wait for the panel’s limit on new subusers until ${sayTime(until)} at the latest`;

export const sayNew = ({
	server,
	count,
	done_by: at,
}: ReturnType<typeof newSubusersOf>[number]): string =>
	`${count} new subusers of ${server}, by ${sayTime(at)} if the panel allows ten in 15 minutes`;
