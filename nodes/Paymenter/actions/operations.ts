import type { Operation } from '../../shared/operation';
import { alertOperations } from './form/alert.operations';
import { lossOperations } from './form/loss.operations';
import { overrideOperations } from './form/override.operations';
import { getChangesOperation } from './perk/getChanges.operation';
import { recordOperation } from './perk/record.operation';
import { checkOperation } from './queue/check.operation';
import { chooseOperation } from './queue/choose.operation';
import { compareOperation } from './subscription/compare.operation';
import { getOperation } from './subscription/get.operation';
import { getManyOperation } from './subscription/getMany.operation';
import { guardLossesOperation } from './subscription/guardLosses.operation';
import { resolveOperation } from './subscription/resolve.operation';

/** Texts and decisions of the operators’ forms and of alerts. */
export const formOperations: Operation[] = [
	...alertOperations,
	...lossOperations,
	...overrideOperations,
].sort((a, b) => (a.name < b.name ? -1 : 1));

/** What follows a change of access. */
export const perkOperations: Operation[] = [getChangesOperation, recordOperation];

/** The work of the writer. */
export const queueOperations: Operation[] = [checkOperation, chooseOperation];

/** Subscriptions and what they entitle to. */
export const subscriptionOperations: Operation[] = [
	compareOperation,
	getOperation,
	getManyOperation,
	guardLossesOperation,
	resolveOperation,
];
