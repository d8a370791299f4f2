import { sleep, type IDataObject } from 'n8n-workflow';

import { describeAccess, type AccessPage } from '../../../../domain/operator/accessPage';
import type { PreviewItem } from '../../../../domain/operator/describe';
import { nextStep, type Answer, type Proposal } from '../../../../domain/operator/nextStep';
import { describeOutcome } from '../../../../domain/operator/outcome';
import type { ReadRow } from '../../../../domain/tables';
import { listField, noticeField, numberField, objectField } from '../../../shared/fields';
import { inputObjects, itemOf, objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';

/** How often, and how many times, to look whether the writer has processed the events. */
const PAUSE_MS = 2000;
const MOST_TURNS = 60;

export const overrideOperations: Operation[] = [
	{
		name: 'Describe Access',
		value: 'describeAccess',
		description: 'Say what customers have, or what proposed events would change',
		action: 'Describe access of customers',
		properties: [
			noticeField(
				'describeAccessNotice',
				'Input: what Pterodactyl Provision → Access → Preview outputs, with the proposed events counted. Output: title, HTML, fields and button of the page.',
			),
			listField('Proposals', 'proposals', 'What Form → Plan Change output on Preview'),
		],
		execute() {
			const proposals = objectsAt<Proposal>(this, 'proposals');
			return [itemOf(describeAccess(inputObjects<PreviewItem>(this), proposals))];
		},
	},
	{
		name: 'Describe Outcome',
		value: 'describeOutcome',
		description: 'Say what was done about an operator’s events, once they are processed',
		action: 'Describe what was done',
		outputs: ['Result', 'Not Yet'],
		properties: [
			noticeField(
				'describeOutcomeNotice',
				`Input: rows of paymenter_customers. Output: title and HTML of the last page, or an item for another turn of the loop, after ${PAUSE_MS / 1000} seconds; at most ${MOST_TURNS} turns.`,
			),
			listField(
				'Events',
				'events',
				'The rows of the operator’s events, as they are in the event log now',
			),
			numberField('Turn', 'turn', 'How often the loop has run before: {{ $runIndex }}'),
		],
		async execute() {
			const isLast = Number(this.getNodeParameter('turn', 0, 0)) + 1 >= MOST_TURNS;
			const events = objectsAt<ReadRow<'paymenter_events'>>(this, 'events');
			const customers = inputObjects<ReadRow<'paymenter_customers'>>(this);
			const page = describeOutcome(events, customers, isLast);
			if (page) return [[itemOf(page)], []];
			await sleep(PAUSE_MS);
			return [[], [itemOf({})]];
		},
	},
	{
		name: 'Plan Change',
		value: 'planChange',
		description: 'Turn what an operator entered into events, to preview or to append',
		action: 'Plan what an operator wants to change',
		outputs: ['Preview', 'Confirmed', 'Ended'],
		properties: [
			noticeField(
				'planChangeNotice',
				'Input: what an operator entered, or all rows of paymenter_customers for an undo. Output: customers with proposed events to preview, the confirmed events to append, or the last page. Nothing if a page was left open.',
			),
			objectField(
				'Override',
				'overrideForm',
				'What was entered in the first page of a manual override: email and actor',
			),
			objectField(
				'Undo',
				'undoForm',
				'What was entered to undo: minutes, email, actor and reason. Empty: no undo.',
			),
			listField(
				'Changes',
				'changes',
				'For an undo: the rows of paymenter_provisioning_log in the period, the oldest first',
			),
			objectField(
				'Page',
				'page',
				'The page that was answered, as Form → Describe Access gave it. Empty: none.',
			),
		],
		execute() {
			const now = new Date();
			const undo = objectAt(this, 'undoForm');
			const isUndo = 'minutes' in undo;
			const page = objectAt(this, 'page') as unknown as AccessPage;
			const input = inputObjects(this);
			const {
				look = [],
				append = [],
				end,
			} = nextStep(
				{
					...textsIn(isUndo ? undo : objectAt(this, 'overrideForm'), 'email', 'actor', 'reason'),
					minutes: isUndo ? Number(undo.minutes) : null,
					changes: objectsAt<ReadRow<'paymenter_provisioning_log'>>(this, 'changes'),
					customers: input,
					page: page.fields ? page : null,
					answer: textsIn(input[0], ...ANSWERS),
				},
				`operator-${this.getExecutionId()}-${now.getTime()}`,
				now,
			);
			return [look.map(itemOf), append.map(itemOf), end ? [itemOf(end)] : []];
		},
	},
];

const ANSWERS: Answer[] = ['action', 'tier', 'until', 'player', 'discord', 'reason', 'confirm'];

function textsIn<Field extends string>(form: IDataObject | undefined, ...fields: Field[]) {
	const texts = fields.map((field) => [field, String(form?.[field] ?? '')]);
	return Object.fromEntries(texts) as Record<Field, string>;
}
