import fc from 'fast-check';

import { alertRows, alertText, textsToSend, type AlertRow } from '../../../../domain/work/alert';

const AT = '2026-05-20T10:00:00.000Z';

const row = (more: Partial<AlertRow> = {}): AlertRow => ({
	what: 'alert',
	customer: 'customer:77',
	customer_email: 'ada@example.com',
	why: 'Unknown product "vps"',
	what_to_do: 'Enter it in the tier plan.',
	cause: 'unknown product',
	at: AT,
	execution_url: 'https://n8n.example.com/1',
	...more,
});

const called = {
	customer: 'customer:77',
	customer_email: 'ada@example.com',
	cause: 'unknown product',
	what_happened: 'Unknown product "vps"',
	what_to_do: 'Enter it in the tier plan.',
	execution_url: 'https://n8n.example.com/1',
};

const rowsOf = (told: object[], recent: object[] = []) => alertRows(told, { recent, at: AT });
const one = (told: object) => rowsOf([told])[0];

describe('An alert that another workflow calls with', () => {
	it('becomes a row of the log', () => {
		expect(rowsOf([called])).toEqual([row()]);
	});

	it('may leave everything out', () => {
		expect(one({ cause: null })).toEqual(
			row({
				customer: '',
				customer_email: '',
				why: '',
				what_to_do: '',
				cause: '',
				execution_url: '',
			}),
		);
	});
});

describe('A failed run', () => {
	const failed = (error?: object, more: object = {}) => ({
		workflow: { name: 'Reconcile' },
		execution: { url: 'https://n8n.example.com/2', lastNodeExecuted: 'Tell', error, ...more },
	});

	it('says where it failed, with what, and what to do', () => {
		expect(one(failed({ message: 'It broke', description: 'Mend it.' }))).toEqual({
			what: 'alert',
			customer: '',
			customer_email: '',
			why: 'Reconcile → Tell: It broke',
			what_to_do: 'Mend it.',
			cause: 'It broke',
			at: AT,
			execution_url: 'https://n8n.example.com/2',
		});
	});

	it('is grouped by at most 500 characters', () => {
		expect(one(failed({ message: 'x'.repeat(600) }))?.cause).toBe('x'.repeat(500));
	});

	it('may have failed in its trigger, or without a reason', () => {
		const error = { message: 'No port', node: { name: 'Paymenter Event' } };
		expect(one({ workflow: { name: 'Events' }, trigger: { error } })).toMatchObject({
			why: 'Events → Paymenter Event: No port',
			execution_url: '',
			what_to_do: 'Open the execution: the node in red says what it got and what it could not do.',
		});
		expect(one({ trigger: { error } })).toMatchObject({ why: 'Paymenter Event: No port' });
		expect(one({ execution: {} })).toMatchObject({ why: ': no reason was given' });
		expect(one(failed())).toMatchObject({ cause: 'no reason was given' });
	});

	it('for want of a Data Table sends people to Setup', () => {
		const setup = /^Run the workflow Setup/;
		const toDo = (message: string) => one(failed({ message, description: 'x' }))?.what_to_do;
		expect(toDo('Data table with name "paymenter_events" not found')).toMatch(setup);
		expect(toDo('Data table is full')).toBe('x');
		expect(toDo('Customer not found')).toBe('x');
	});
});

describe('The same alert', () => {
	it('is logged once', () => {
		expect(rowsOf([called, { ...called, what_happened: 'Again' }])).toEqual([row()]);
		expect(rowsOf([called, { ...called, cause: 'other' }])).toHaveLength(2);
		expect(rowsOf([called, { ...called, customer: 'customer:78' }])).toHaveLength(2);
	});

	it('is not logged again within the hour', () => {
		expect(rowsOf([called], [{ ...row(), id: 4 }])).toEqual([]);
		expect(rowsOf([called], [{ ...row({ cause: 'other' }), id: 4 }])).toHaveLength(1);
	});

	it('counts as logged only if it was read from the log', () => {
		expect(rowsOf([called], [called, { ...row() }, { ...called, id: 3 }])).toHaveLength(1);
	});

	it('about nobody is the same with and without an empty customer', () => {
		expect(rowsOf([{ cause: 'x' }], [{ what: 'alert', cause: 'x', id: 1 }])).toEqual([]);
	});
});

describe('Of several runs with the same alert at once', () => {
	const mine = { ...row(), id: 5 };
	const other = (id: number) => ({ ...row(), id });
	const sent = (logged: object[], recent: object[]) => textsToSend([row()], { logged, recent });

	it('the first one sends it', () => {
		expect(sent([mine], [other(7), mine])).toEqual([alertText(row())]);
		expect(sent([mine], [mine, other(4), other(7)])).toEqual([]);
	});

	it('rows of other alerts do not count', () => {
		expect(sent([mine], [{ ...other(4), cause: 'other' }, mine])).toHaveLength(1);
	});

	it('an alert that could not be logged or read again is sent', () => {
		expect(sent([{ error: 'full' }], [other(4)])).toHaveLength(1);
		expect(sent([row()], [other(4)])).toHaveLength(1);
		expect(sent([mine], [{ error: 'gone' }])).toHaveLength(1);
	});

	it('exactly one sends it, in whatever order they come', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.integer({ min: 1 }), { minLength: 1 }), (ids) => {
				const all = ids.map(other);
				const texts = all.flatMap((logged) => sent([logged], all));
				expect(texts).toHaveLength(1);
			}),
		);
	});
});

describe('The text of an alert', () => {
	it('says about whom it is, what happened, what to do and where', () => {
		expect(alertText(row())).toBe(
			[
				'**Paymenter → Pterodactyl: ada@\u200bexample.com**',
				'Unknown product "vps"',
				'What to do: Enter it in the tier plan.',
				'https://n8n.example.com/1',
			].join('\n'),
		);
	});

	it('names the key without an address, and leaves out what is unknown', () => {
		expect(alertText(row({ customer_email: '', what_to_do: '', execution_url: '' }))).toBe(
			'**Paymenter → Pterodactyl: customer:77**\nUnknown product "vps"',
		);
		expect(alertText(row({ customer_email: '', customer: '' }))).toMatch(
			/^\*\*Paymenter → Pterodactyl\*\*\n/,
		);
	});

	it('mentions nobody, hides no link, and is not endless', () => {
		const why = `@everyone [free](https://x.example) \\ ${'y'.repeat(800)}`;
		const text = alertText(row({ why }));
		expect(text).toContain('@\u200beveryone \\[free\\](https://x.example) \\\\ yyy');
		expect(text.split('\n')[1]?.length).toBe(700 + 4);
	});
});
