import type { Resources } from '../../shared/operation';
import { alertOperations } from './form/alert.operations';
import { lossOperations } from './form/loss.operations';
import { overrideOperations } from './form/override.operations';
import { getChangesOperation, recordOperation } from './perk/perk.operations';
import { queueOperations } from './queue/queue.operations';
import { compareOperation } from './subscription/compare.operation';
import { getManyOperation, getOperation } from './subscription/get.operations';
import { guardLossesOperation } from './subscription/guardLosses.operation';
import { resolveOperation } from './subscription/resolve.operation';

export const RESOURCES = {
	/** Texts and decisions of the operators’ forms and of alerts. */
	form: {
		name: 'Form',
		operations: [...alertOperations, ...lossOperations, ...overrideOperations].sort((a, b) =>
			a.name < b.name ? -1 : 1,
		),
		otherwise: 'describeAlert',
	},
	/** What follows a change of access. */
	perk: {
		name: 'Perk',
		operations: [getChangesOperation, recordOperation],
		otherwise: 'getChanges',
	},
	/** The work of the writer. */
	queue: { name: 'Queue', operations: queueOperations, otherwise: 'check' },
	/** Subscriptions and what they entitle to. */
	subscription: {
		name: 'Subscription',
		operations: [
			compareOperation,
			getOperation,
			getManyOperation,
			guardLossesOperation,
			resolveOperation,
		],
		otherwise: 'resolve',
	},
} satisfies Resources;
