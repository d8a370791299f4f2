import type { IDataObject } from 'n8n-workflow';

import { Paymenter } from '../../../nodes/Paymenter/Paymenter.node';
import { runWorkflow, type Stub } from '../support/workflowRun.cjs';

const real = { 'n8n-nodes-paymenter-pterodactyl.paymenter': new Paymenter() };
const run = async (start: string, stubs: Record<string, Stub>) =>
	await runWorkflow('on-error.json', { start, stubs, real });

/** A log of alerts. */
function alertLog(before: IDataObject[] = []) {
	const log = [...before];
	const insert: Stub = (rows) => {
		const inserted = rows.map((row, index) => ({ ...row, id: 100 + index }));
		log.push(...inserted);
		return [inserted];
	};
	const read: Stub = () => [[...log]];
	return { log, 'Get Recent Alerts': read, 'Log Alerts': insert, 'Get Alerts Again': read };
}

const failed = {
	workflow: { name: 'Reconcile' },
	execution: { lastNodeExecuted: 'Tell', error: { message: 'It broke' } },
};
const alert = (cause: string) => ({ customer: 'customer:77', cause, what_happened: cause });

describe('The alerts of On Error', () => {
	const told = async (start: string, items: IDataObject[], before: IDataObject[] = []) => {
		const { log, ...table } = alertLog(before);
		const done = await run(start, { ...table, [start]: () => [items] });
		return { log, texts: done.itemsOf('Choose Alerts').map(({ text }) => text) };
	};

	it('tell of a failed run', async () => {
		const { log, texts } = await told('Something Failed', [failed]);
		expect(log).toMatchObject([{ what: 'alert', why: 'Reconcile → Tell: It broke' }]);
		expect(texts).toEqual([expect.stringContaining('Reconcile → Tell: It broke')]);
	});

	it('tell each of several alerts of one call', async () => {
		const { log, texts } = await told('When Called', [alert('a'), alert('b'), alert('a')]);
		expect(log).toHaveLength(2);
		expect(texts).toHaveLength(2);
	});

	it('tell nothing twice within the hour', async () => {
		const before = { what: 'alert', customer: 'customer:77', cause: 'a', id: 7 };
		const { log, texts } = await told('When Called', [alert('a')], [before]);
		expect(log).toHaveLength(1);
		expect(texts).toEqual([]);
	});
});
