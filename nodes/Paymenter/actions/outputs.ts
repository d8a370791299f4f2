import type { INodeParameters } from 'n8n-workflow';

/**
 * The outputs of an operation. n8n evaluates this function as text, so it may use nothing but its
 * parameter.
 */
export function outputsOf({ operation }: INodeParameters) {
	const named: Record<string, string[]> = {
		guardLosses: ['Events', 'Alert', 'Summary'],
		resolve: ['Entitlements', 'More to Read'],
	};
	const names = named[operation as string];
	return names ? names.map((displayName) => ({ type: 'main', displayName })) : [{ type: 'main' }];
}
