import { describeUndo, type RestorePreview } from '../../../../domain/operator/describe';
import { itemOf, shownFor } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { inputObjects } from '../../../shared/items';

export const describeUndoOperation: Operation = {
	name: 'Describe Undo',
	value: 'describeUndo',
	description: 'Say what an undo would put back',
	action: 'Describe an undo',
	properties: [
		{
			displayName:
				'Input: what Pterodactyl Provision → Restore outputs as a dry run, with failed items. Output: "html" for the page.',
			name: 'describeUndoNotice',
			type: 'notice',
			default: '',
			displayOptions: shownFor('describeUndo'),
		},
	],
	execute() {
		return [[itemOf({ html: describeUndo(inputObjects<RestorePreview>(this)) })]];
	},
};
