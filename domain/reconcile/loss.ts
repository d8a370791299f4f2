import type { PreviewItem } from '../access/preview';

/** What Access → Preview says about one customer; without changes it may come without details. */
export type GuardedCustomer = PreviewItem;

const WOULD_LOSE = 'would lose ';

/** The servers whose access would go, also where the panel takes no changes now: it will some day. */
function serversLost({
	changes = [],
	blocked = [],
	had = [],
	plan = [],
}: GuardedCustomer): string[] {
	const taken = changes
		.filter(({ what }) => what === 'access taken')
		.map(({ server }) => server ?? '');
	const later = blocked
		.filter(({ server_id: id }) => had.some((one) => one.server_id === id))
		.filter(({ server_id: id }) => !plan.some((one) => one.server_id === id))
		.map(({ server }) => server);
	return [...new Set([...taken, ...later])].sort();
}

export const isLosing = (one: GuardedCustomer): boolean => serversLost(one).length > 0;

/** As it is told, and kept on the customer's row while it is held back. */
export const lossOf = (one: GuardedCustomer): string =>
	`${WOULD_LOSE}${serversLost(one).join(', ')}`;

/** Whether everything that they lose was told before. A server's name may contain a comma. */
export function wasTold(one: GuardedCustomer, told = ''): boolean {
	const servers = told.replace(WOULD_LOSE, '').split(', ');
	return serversLost(one)
		.join(', ')
		.split(', ')
		.every((server) => servers.includes(server));
}
