import { describePreview, type PreviewItem } from '../../../../domain/operator/describe';
import type { EventRow } from '../../../../domain/operator/overrideEvent';
import { inputRows, itemOf, rowsAt, shownFor, type FormOperation } from './formOperation';

const displayOptions = shownFor('describePreview');

export const describePreviewOperation: FormOperation = {
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
		const [event] = rowsAt<EventRow>(this, 'proposed', 'Proposed');
		const html = event ? describePreview(inputRows<PreviewItem>(this), event) : '';
		return [[itemOf({ html })]];
	},
};
