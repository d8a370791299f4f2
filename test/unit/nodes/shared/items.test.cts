import type { IExecuteFunctions } from 'n8n-workflow';

import { executionUrlOf, objectAt, objectsAt } from '../../../../nodes/shared/items';

const context = (value: unknown) =>
	({
		getNodeParameter: (_name: string, _item: number, fallback: unknown) => value ?? fallback,
		getNode: () => ({ name: 'Node', type: 'x', parameters: {} }),
		getInstanceBaseUrl: () => 'https://n8n.example.com/',
		getWorkflow: () => ({ id: 'w1' }),
		getExecutionId: () => '42',
		getWorkflowDataProxy: () => ({
			$: (node: string) => {
				if (node !== 'Get Rows') throw new Error("Referenced node doesn't exist");
				return { all: () => [{ json: { a: 1 } }, { json: { b: 2 } }] };
			},
		}),
	}) as unknown as IExecuteFunctions;

describe('A list of objects', () => {
	it.each([
		['a list', [{ a: 1 }, { b: 2 }]],
		['its JSON', '[{"a":1},{"b":2}]'],
		['the name of another node', 'Get Rows'],
		['the items of another node', [{ json: { a: 1 } }, { json: { b: 2 }, pairedItem: 0 }]],
	])('may be given as %s', (_, value) => {
		expect(objectsAt(context(value), 'rows')).toEqual([{ a: 1 }, { b: 2 }]);
	});

	it.each([undefined, '', '[]', [], [{}], [{ json: {} }]])('may be empty: %j', (value) => {
		expect(objectsAt(context(value), 'rows')).toEqual([]);
	});

	it.each(['{}', 'no JSON', { a: 1 }, 7])('is not %j', (value) => {
		expect(() => objectsAt(context(value), 'rows')).toThrow('"rows" must be a list');
	});
});

describe('An object', () => {
	it.each([{ a: 1 }, '{"a":1}'])('may be given as %j', (value) => {
		expect(objectAt(context(value), 'lease')).toEqual({ a: 1 });
	});

	it.each([undefined, '', {}])('may be empty: %j', (value) => {
		expect(objectAt(context(value), 'lease')).toEqual({});
	});

	it.each(['[]', 'null', 'no JSON', [{ a: 1 }], 7])('is not %j', (value) => {
		expect(() => objectAt(context(value), 'lease')).toThrow('"lease" must be an object');
	});
});

it('The address of an execution is where n8n’s editor shows it', () => {
	expect(executionUrlOf(context(null))).toBe('https://n8n.example.com/workflow/w1/executions/42');
});
