import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { Paymenter } from '../../../../nodes/Paymenter/Paymenter.node';
import { execute } from '../../support/contexts.cjs';
import { paymenterForm } from '../../support/paymenterForm.cjs';

const form = async (operation: string, rows: IDataObject[], parameters: INodeParameters = {}) => {
	const items = await execute(
		new Paymenter(),
		{ resource: 'form', operation, ...parameters },
		rows,
	);
	return items.map(({ json }) => json);
};

describe('Form → Describe Losses and Check Answer', () => {
	const ada = { customer: 'customer:77', held_changes: 'would lose Aurora' };
	const actor = 'Olivia';

	it('give a page about all rows, to be confirmed', async () => {
		expect(await paymenterForm('describeLosses', { actor }, [ada, {}])).toEqual([
			[{ title: 'Losses to confirm', html: expect.stringContaining('customer:77') as string }],
			[],
		]);
	});

	it('give the last page where there is nothing to confirm', async () => {
		const nothing = [[], [expect.objectContaining({ title: 'Nothing to confirm' })]];
		expect(await paymenterForm('describeLosses', { actor })).toEqual(nothing);
		expect(await paymenterForm('describeLosses', {}, [ada])).toEqual(nothing);
	});

	it('go on after a clear yes only', async () => {
		const check = async (answer: IDataObject) => await paymenterForm('checkAnswer', {}, [answer]);
		expect(await check({ confirm: 'Yes, do it' })).toEqual([[{}], []]);
		expect(await check({ confirm: 'No, change nothing' })).toEqual([
			[],
			[expect.objectContaining({ title: 'Nothing was changed' })],
		]);
		expect(await check({ title: 'Losses to confirm' })).toEqual([[], []]);
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
