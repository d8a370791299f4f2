/** The panel adds it to every row; by itself it makes no difference. */
export const IMPLICIT_PERMISSION = 'websocket.connect';

/** Whether two sets of permissions give the same. */
export function sameAccess(a: string[], b: string[]): boolean {
	const essence = (keys: string[]) =>
		JSON.stringify(keys.filter((key) => key !== IMPLICIT_PERMISSION).sort());
	return essence(a) === essence(b);
}
