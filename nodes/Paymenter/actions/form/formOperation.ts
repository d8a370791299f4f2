import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

/** Shows a field with one operation only. */
export const shownFor = (operation: string) => ({
	show: { resource: ['form'], operation: [operation] },
});

export function textAt(context: IExecuteFunctions, name: string): string {
	const value = context.getNodeParameter(name, 0, '') as string | number | null | undefined;
	return String(value ?? '');
}

/** An item of output. It comes from all of the input, but one link is enough for n8n. */
export const itemOf = (json: object): INodeExecutionData => ({
	json: { ...json } as IDataObject,
	pairedItem: { item: 0 },
});

/** Starts the ids of the events of this run. */
export const runId = (context: IExecuteFunctions, now: Date): string =>
	`${context.getExecutionId()}-${now.getTime()}`;
