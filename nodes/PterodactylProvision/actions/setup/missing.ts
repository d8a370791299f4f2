import { TABLES } from '../../../../domain/tables';
import { isAnybodySynced, missingLeases, type NewestRow, type Table } from './tableFacts';

const LONG_AGO = '2000-01-01T00:00:00.000Z';

/** Anybody can acquire it at once. */
const firstLease = (name: string) => ({
	name,
	holder: '',
	term: 0,
	expires_at: LONG_AGO,
	last_run_at: LONG_AGO,
});

export type Missing =
	| { kind: 'nothing' }
	| { kind: 'tables' }
	| { kind: 'leases'; rows: Array<ReturnType<typeof firstLease>> }
	| { kind: 'refused'; message: string; advice: string };

/** What Setup has to create next: the tables first, and then the rows of the leases. */
export function toCreate(
	tables: Table[],
	newest: NewestRow[],
	{ allowEmptyEventLog }: { allowEmptyEventLog: boolean },
): Missing {
	const lacks = (name: string) => !tables.some((table) => table.name === name);
	if (lacks('paymenter_events') && isAnybodySynced(newest) && !allowEmptyEventLog) {
		return {
			kind: 'refused',
			message:
				'The Data Table paymenter_events is missing, but customers have been synced: an empty log would take their access.',
			advice:
				'Was it renamed, or were the workflows moved to another project? Give it its name back, or restore it from a backup. To begin anew, turn on "Allow Empty Event Log" for one run.',
		};
	}
	if (Object.keys(TABLES).some(lacks)) return { kind: 'tables' };
	const leases = missingLeases(newest);
	return leases.length > 0 ? { kind: 'leases', rows: leases.map(firstLease) } : { kind: 'nothing' };
}
