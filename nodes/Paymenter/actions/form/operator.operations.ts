import { checkAnswerOperation } from './checkAnswer.operation';
import { describeCustomerOperation } from './describeCustomer.operation';
import { describeOutcomeOperation } from './describeOutcome.operation';
import { describePreviewOperation } from './describePreview.operation';
import { describeUndoOperation } from './describeUndo.operation';
import type { FormOperation } from './formOperation';
import { planOverrideOperation } from './planOverride.operation';
import { planUndoOperation } from './planUndo.operation';

/** What the forms Manual Override and Undo are made of, by name. */
export const operatorOperations: FormOperation[] = [
	checkAnswerOperation,
	describeCustomerOperation,
	describeOutcomeOperation,
	describePreviewOperation,
	describeUndoOperation,
	planOverrideOperation,
	planUndoOperation,
];
