/** The panel adds it to every subuser, so it is ignored in comparisons. */
export const IMPLICIT_PERMISSION = 'websocket.connect';

/** Whether two sets of permissions are the same apart from the implicit one. */
export function sameAccess(a: string[], b: string[]): boolean {
	const essence = (keys: string[]) =>
		JSON.stringify(keys.filter((key) => key !== IMPLICIT_PERMISSION).sort());
	return essence(a) === essence(b);
}
