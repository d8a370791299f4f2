import type { Action } from './diff';
import type { Server } from './panelRecords';

/** One change on the panel, made or (in a dry run) planned. */
export interface Change {
	what:
		| 'account created'
		| 'account adopted'
		| 'e-mail changed'
		| 'account deleted'
		| 'access given'
		| 'access changed'
		| 'access taken'
		| 'double access repaired';
	server: string | null;
	/** The server's uuid. */
	server_id: string | null;
	before: string[];
	after: string[];
}

/** A server on which a change could not be made yet. */
export interface Blocked {
	server: string;
	server_id: string;
	why: string;
	/** When the panel accepts new subusers there again; absent: unknown. */
	retry_at?: string;
	/** How many customers come first. */
	ahead?: number;
}

const DONE: Record<Action['kind'], Change['what']> = {
	create: 'access given',
	update: 'access changed',
	delete: 'access taken',
	rebuild: 'double access repaired',
};

/** A server in the output. */
export const named = ({ name, uuid }: Server) => ({ server: name, server_id: uuid });

export function changeOf({ kind, server, before, after }: Action): Change {
	return { what: DONE[kind], ...named(server), before, after };
}

export function dropWarning(server: { name: string } | null, keys: string[]): string {
	const where = server ? ` on ${server.name}` : '';
	return `The panel does not know ${keys.join(', ')} and left it out${where}. Take it out of the tier plan, or update the panel.`;
}

/** Whether the action adds a permission. */
export function gives({ before, after }: Action): boolean {
	return after.some((key) => !before.includes(key));
}
