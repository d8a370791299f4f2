import { accountChanged } from '../../../../domain/access/result';
import { TABLES } from '../../../../domain/tables';
import { changeRows, failureRow } from '../../../../domain/work/changeLog';
import { ADA, NOW, after, failure } from '../../support/work.cjs';

const context = { now: NOW, executionUrl: 'https://n8n/42' };
const COLUMNS = Object.keys(TABLES.paymenter_provisioning_log).sort();
const BOTH = {
	...ADA,
	grants: [
		{ product_id: 'fire-knight', tier: 'knight' },
		{ product_id: 'extra', tier: null },
	],
};
const given = {
	what: 'access given' as const,
	server: 'Snowfall',
	server_id: 'abcd1234',
	before: ['activity.read', 'backup.read'],
	after: ['activity.read', 'websocket.connect'],
};

describe('The change log', () => {
	it('has a row for each change: who, where, what before and after, and why', () => {
		const account = accountChanged('account created', { after: ['ada@example.com'] });
		const rows = changeRows(BOTH, [account, given], context);
		expect(rows.map(({ what, server }) => [what, server])).toEqual([
			['account created', null],
			['access given', 'Snowfall'],
		]);
		expect(rows[1]).toEqual({
			customer: 'customer:77',
			customer_email: 'ada@example.com',
			what: 'access given',
			server: 'Snowfall',
			server_id: 'abcd1234',
			before: 'activity.read, backup.read',
			after: 'activity.read, websocket.connect',
			tiers: 'knight, extra',
			why: ADA.explanation,
			what_to_do: '',
			cause: '',
			at: after(0),
			execution_url: 'https://n8n/42',
		});
	});

	it('says who undid what, where a restore gave it back', () => {
		const why = (actor: string | null, reason: string | null) =>
			changeRows(ADA, [given], context, { actor, reason })[0]?.why;
		expect(why('Kim', 'undone: a mistake')).toBe('Undone by Kim: a mistake');
		expect(why(null, 'was undone: twice')).toBe('Undone by an operator: was undone: twice');
		expect(why('Kim', null)).toBe('Undone by Kim: ');
		expect(changeRows(ADA, [given], context, null)[0]?.why).toBe(ADA.explanation);
	});

	it('has a row for a failure: what happened and what to do', () => {
		expect(failureRow(BOTH, failure(), context)).toEqual({
			customer: 'customer:77',
			customer_email: 'ada@example.com',
			what: 'failed',
			server: null,
			server_id: null,
			before: '',
			after: '',
			tiers: 'knight, extra',
			why: failure().message,
			what_to_do: failure().advice,
			cause: failure().cause,
			at: after(0),
			execution_url: 'https://n8n/42',
		});
	});

	it('has rows with every column of the table and no other', () => {
		for (const row of [...changeRows(ADA, [given], context), failureRow(ADA, failure(), context)]) {
			expect(Object.keys(row).sort()).toEqual(COLUMNS);
		}
	});

	it('says nothing where nothing changed', () => {
		expect(changeRows(ADA, [], context)).toEqual([]);
	});
});
