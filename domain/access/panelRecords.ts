/** A panel user: the fields of the application API that we use. */
export interface Account {
	id: number;
	uuid: string;
	external_id: string | null;
	username: string;
	email: string;
	/** Pelican's users have no names. */
	first_name?: string;
	last_name?: string;
	language: string;
	root_admin: boolean;
}

export interface NewAccount extends Pick<Account, 'email' | 'username'> {
	first_name: string;
	last_name: string;
	external_id?: string;
}

export interface Server {
	id: number;
	/** Names the server everywhere: its short identifier has more than one form. */
	uuid: string;
	name: string;
	description: string;
	/** The owner's user id. */
	user: number;
	node: number;
	/** null on Pelican. */
	nest: number | null;
	/** The location id; null unless requested. */
	location: number | null;
	/** Tags of its node; empty unless requested. */
	tags: string[];
	/** null for a server in normal operation, else `suspended`, `installing` … */
	status: string | null;
	/** Subusers by user id: a list of permissions for each; more than one if a race created duplicates. */
	rows: Map<number, string[][]>;
}

export function sameEmail(a: string, b: string): boolean {
	return a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
}
