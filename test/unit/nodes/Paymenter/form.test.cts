import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { execute } from '../../support/contexts.cjs';

const form = async (operation: string, rows: IDataObject[], parameters: INodeParameters = {}) => {
	const items = await execute(
		new Paymenter(),
		{ resource: 'form', operation, ...parameters },
		rows,
	);
	return items.map(({ json }) => json);
};

describe('Form → Describe Losses', () => {
	const ada = { customer: 'customer:77', held_changes: 'would lose Aurora' };

	it('gives one item about all rows', async () => {
		expect(await form('describeLosses', [ada, {}], { actor: 'Olivia' })).toMatchObject([
			{ count: 1, html: expect.stringContaining('customer:77') as string },
		]);
		expect(await form('describeLosses', [{}], { actor: 'Olivia' })).toMatchObject([{ count: 0 }]);
		expect(await form('describeLosses', [ada])).toMatchObject([{ message: 'Enter your name.' }]);
	});
});

describe('Form → Describe Outcome of Losses', () => {
	it('describes what came back', async () => {
		expect(await form('describeLossOutcome', [{ held: 0, let_through: 2 }])).toMatchObject([
			{ title: 'Done', message: expect.stringContaining('2 of 2') as string },
		]);
		expect(await form('describeLossOutcome', [{}])).toMatchObject([
			{ title: 'Nothing was changed' },
		]);
	});
});

describe('Form → Describe Alert and Choose Alerts', () => {
	const alerts = JSON.stringify([{ cause: 'x', what_happened: 'It broke' }]);

	it('give the row to log and the text to send', async () => {
		const [row = {}] = await form('describeAlert', [{}], { alerts });
		expect(row).toMatchObject({ what: 'alert', cause: 'x', why: 'It broke' });
		const described = JSON.stringify([row]);
		const logged = JSON.stringify([{ ...row, id: 3 }]);
		const parameters = { described, logged };
		expect(await form('chooseAlerts', [{ ...row, id: 3 }], parameters)).toEqual([
			{ text: '**Paymenter → Pterodactyl**\nIt broke' },
		]);
		expect(await form('chooseAlerts', [{ ...row, id: 2 }], parameters)).toEqual([]);
	});

	it('keep quiet about what was told', async () => {
		const told = { what: 'alert', cause: 'x', customer: '', id: 3 };
		expect(await form('describeAlert', [told], { alerts })).toEqual([]);
	});
});
