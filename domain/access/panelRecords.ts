/** A user of the panel, of what the application API shows. */
export interface Account {
	id: number;
	uuid: string;
	external_id: string | null;
	username: string;
	email: string;
	first_name: string;
	last_name: string;
	language: string;
	root_admin: boolean;
}

export type NewAccount = Pick<Account, 'email' | 'username' | 'first_name' | 'last_name'> & {
	external_id?: string;
};

export interface Server {
	id: number;
	uuid: string;
	identifier: string;
	name: string;
	description: string;
	/** The owner's user id. */
	user: number;
	node: number;
	nest: number;
	/** The location's id; null unless asked for. */
	location: number | null;
	/** null when nothing is the matter, else `suspended`, `installing` … */
	status: string | null;
	/** Permissions of each of a user's rows, by user id. */
	rows: Map<number, string[][]>;
}

export function sameEmail(a: string, b: string): boolean {
	return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}
