/** The panel adds it to every row; by itself it makes no difference. */
export const ALWAYS = 'websocket.connect';

/** Whether two sets of permissions give the same. */
export function sameAccess(a: string[], b: string[]): boolean {
	const essence = (keys: string[]) => JSON.stringify(keys.filter((key) => key !== ALWAYS).sort());
	return essence(a) === essence(b);
}
