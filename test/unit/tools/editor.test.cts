import { reopened, type Editor } from '../../../tools/n8n/editor.cjs';

const editorCalled = (name: string) => ({ login: { email: name } }) as Editor;

describe('The editor', () => {
	it('is opened anew once for each start, and again where that failed', async () => {
		let start = 0;
		const open = jest.fn(async () => editorCalled(`of start ${start}`));
		const first = editorCalled('first');
		const editor = reopened(first, () => start, open);
		expect(await editor()).toBe(first);

		start = 1;
		open.mockRejectedValueOnce(new Error('n8n is starting'));
		await expect(editor()).rejects.toThrow('n8n is starting');
		const [one, other] = await Promise.all([editor(), editor()]);
		expect(one).toEqual(editorCalled('of start 1'));
		expect(other).toBe(one);
		expect(open).toHaveBeenCalledTimes(2);
	});
});
