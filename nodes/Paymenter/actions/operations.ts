import type { Operation } from '../../shared/operation';
import { checkAnswerOperation } from './form/checkAnswer.operation';
import { chooseAlertsOperation } from './form/chooseAlerts.operation';
import { describeAlertOperation } from './form/describeAlert.operation';
import { describeCustomerOperation } from './form/describeCustomer.operation';
import { describeLossesOperation } from './form/describeLosses.operation';
import { describeLossOutcomeOperation } from './form/describeLossOutcome.operation';
import { describeOutcomeOperation } from './form/describeOutcome.operation';
import { describePreviewOperation } from './form/describePreview.operation';
import { describeUndoOperation } from './form/describeUndo.operation';
import { planOverrideOperation } from './form/planOverride.operation';
import { planUndoOperation } from './form/planUndo.operation';
import { checkOperation } from './queue/check.operation';
import { chooseOperation } from './queue/choose.operation';
import { compareOperation } from './subscription/compare.operation';
import { getOperation } from './subscription/get.operation';
import { getManyOperation } from './subscription/getMany.operation';
import { guardLossesOperation } from './subscription/guardLosses.operation';
import { resolveOperation } from './subscription/resolve.operation';

/** Texts and decisions of the operators’ forms and of alerts. */
export const formOperations: Operation[] = [
	checkAnswerOperation,
	chooseAlertsOperation,
	describeAlertOperation,
	describeCustomerOperation,
	describeLossesOperation,
	describeOutcomeOperation,
	describeLossOutcomeOperation,
	describePreviewOperation,
	describeUndoOperation,
	planOverrideOperation,
	planUndoOperation,
];

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
