import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { previewOf, type PreviewItem } from '../../../../domain/access/preview';
import type { Entitlement } from '../../../../domain/entitlement/entitlement';
import { concerning, readClaimed } from '../../../../domain/work/claimedEvents';
import type { StoredCustomer } from '../../../../domain/work/customerRow';
import { recordedIn, requestOf } from '../../../../domain/work/syncRequest';
import { flagField, listField, noticeField } from '../../../shared/fields';
import { inputObjects, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { sync } from '../../sync/syncCustomer';
import { panelOf } from '../../transport/connection';
import { readerOf } from '../../transport/reader';
import { planAt, tierPlanField } from '../tierPlan/get.operation';

/** The fields of operations for many customers, with what is said of their output. */
export const manyFields = (notice: string, output: string) => [
	noticeField(
		notice,
		`Input: what Paymenter → Subscription → Resolve outputs, one item per customer. ${output}`,
	),
	tierPlanField,
	listField('Customer Rows', 'customerRows', 'The rows of the customers table'),
	listField(
		'Events',
		'events',
		'The claimed rows of the event log, or for a preview the proposed ones',
	),
];

/** Of two rows of one customer, left by a holder that was too late, the later term's counts. */
export const storedByKey = (rows: IDataObject[]): Map<string, StoredCustomer> =>
	new Map(
		[...rows]
			.sort((a, b) => Number(a.term) - Number(b.term))
			.map((row) => [String(row.customer), row]),
	);

async function preview(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const entitlements = inputObjects<Entitlement>(this);
	const { plan, settings } = planAt(this);
	const stored = storedByKey(objectsAt(this, 'customerRows'));
	const brief = this.getNodeParameter('brief', 0, false) as boolean;
	const { playerProperty: player, discordProperty: discord } = settings.ranks;
	const form = {
		known_tiers: plan.tiers.map(({ name }) => name),
		property_keys: { player, discord },
	};
	// A form can give a tier to somebody whom the log does not know.
	if (entitlements.length === 0) return brief ? [] : [{ json: form }];

	const panel = await panelOf(this);
	const reader = readerOf(panel, plan.selectors, entitlements.length > 1);
	const rowOf = ({ customer }: Entitlement) => stored.get(customer) ?? {};
	const events = readClaimed(objectsAt(this, 'events'));
	const context = { plan, settings, dryRun: true, all: entitlements };
	const items: PreviewItem[] = [];
	for (const entitlement of entitlements) {
		try {
			const recorded = recordedIn(concerning(events, entitlement));
			const asked = { ...context, recorded };
			const request = requestOf(entitlement, rowOf(entitlement), asked);
			items.push(previewOf(entitlement, await sync(panel, plan, reader, request), brief));
		} catch (error) {
			const { message, advice = '' } = error as Error & { advice?: string };
			const failed = { outcome: 'failed' as const, error: message, advice };
			items.push(previewOf(entitlement, failed, brief));
		}
	}
	return items.map((item, index) => ({
		json: {
			...item,
			...(brief ? {} : { row: stored.get(item.customer) ?? {}, ...form }),
		} as unknown as IDataObject,
		pairedItem: { item: index },
	}));
}

export const previewOperation: Operation = {
	name: 'Preview',
	value: 'preview',
	description: 'Show what Sync Many would change, for many customers',
	action: 'Preview changes of many customers',
	properties: [
		...manyFields('previewNotice', 'Nothing is written to the panel.'),
		flagField(
			'Brief If Unchanged',
			'brief',
			'Whether to say only who they are and whether they have access of customers without changes. Useful with thousands of customers.',
		),
	],
	execute: preview,
};
