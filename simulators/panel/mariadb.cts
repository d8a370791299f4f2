/** How MariaDB compares text in both databases: letter case and accents make no difference. */

export const folded = (text: string): string =>
	text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** `column = value` */
export const sameText = (left: string | null, right: unknown): boolean =>
	left !== null && folded(left) === folded(String(right));

/** `column LIKE %value%` */
export const contains = (text: string | null, wanted: string): boolean =>
	text !== null && folded(text).includes(folded(wanted));
