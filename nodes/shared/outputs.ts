import { NodeConnectionTypes, type INodeTypeDescription } from 'n8n-workflow';

/**
 * The outputs of a node, where some operations have several: an expression that n8n's editor
 * evaluates, as in its own Switch node.
 * @param named names of the outputs, by operation
 */
export function outputsByOperation(
	named: Record<string, readonly string[]>,
): INodeTypeDescription['outputs'] {
	const outputs = Object.fromEntries(
		Object.entries(named).map(([operation, names]) => [
			operation,
			names.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName })),
		]),
	);
	return `={{ (${JSON.stringify(outputs)})[$parameter["operation"]] ?? ["${NodeConnectionTypes.Main}"] }}`;
}
