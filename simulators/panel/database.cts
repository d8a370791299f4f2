import * as mariadb from './mariadb.cjs';
import { textOf } from './php.cjs';

/** How a panel's database compares what is sent with what it holds. */
export interface Database {
	/** `column = value` for text. */
	same: (text: string | null, value: unknown) => boolean;
	/** `column LIKE %value%` */
	contains: (text: string | null, value: string) => boolean;
	/** The number that a column of numbers is compared with; NaN: none. */
	number: (value: unknown) => number;
	/** Users created at once without a password can deadlock [180]. */
	deadlocks: boolean;
}

/** As the Pterodactyl was recorded. */
export const mariaDb: Database = {
	same: mariadb.sameText,
	contains: mariadb.contains,
	number: mariadb.leadingNumber,
	deadlocks: true,
};

const asciiLower = (text: string): string =>
	text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** As the Pelican was recorded: `=` knows case, LIKE ignores that of ASCII letters [pelican 108, 124]. */
export const sqlite: Database = {
	same: (text, value) => text !== null && text === textOf(value),
	// The panel sends the value in lower case.
	contains: (text, value) => text !== null && asciiLower(text).includes(value.toLowerCase()),
	number: (value) => (/^\s*[+-]?\d/.test(textOf(value)) ? Number(textOf(value)) : NaN),
	deadlocks: false,
};
