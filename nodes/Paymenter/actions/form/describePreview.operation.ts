import { describePreview, type PreviewItem } from '../../../../domain/operator/describe';
import type { EventRow } from '../../../../domain/operator/overrideEvent';
import { itemOf, shownFor } from './formOperation';
import type { Operation } from '../../../shared/operation';
import { inputObjects, objectsAt } from '../../../shared/items';

const displayOptions = shownFor('describePreview');

export const describePreviewOperation: Operation = {
	name: 'Describe Preview',
	value: 'describePreview',
	description: 'Say what would change if an event were appended',
	action: 'Describe what would change',
	properties: [
		{
			displayName:
				'Input: what Preview Access outputs with the event proposed. Output: "html" for the page.',
			name: 'describePreviewNotice',
			type: 'notice',
			default: '',
			displayOptions,
		},
		{
			displayName: 'Proposed',
			name: 'proposed',
			type: 'json',
			default: '[]',
			displayOptions,
			description: 'The proposed event, as a list of one row',
		},
	],
	execute() {
		const [event] = objectsAt<EventRow>(this, 'proposed');
		const html = event ? describePreview(inputObjects<PreviewItem>(this), event) : '';
		return [[itemOf({ html })]];
	},
};
