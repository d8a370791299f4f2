import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../json';
import type { Entitlement, FoldEvent } from '../entitlement';
import { fold } from '../fold';
import { keysOf, readRow, unread, versionOf, type LogKey } from '../rows';

const displayOptions = { show: { resource: ['subscription'], operation: ['resolve'] } };

export const resolveProperties: INodeProperties[] = [
	{
		displayName:
			'Takes rows of the event log in, in any order and with repeats, and gives one item per customer: what they are entitled to now, and why.',
		name: 'resolveNotice',
		type: 'notice',
		default: '',
		displayOptions,
	},
	{
		displayName: 'Days of Grace',
		name: 'graceDays',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 365 },
		default: 7,
		displayOptions,
		description:
			'How long access lasts after a failed payment, counted from the failure or from the end of what is paid for, whichever is later',
	},
	{
		displayName: 'Options',
		name: 'resolveOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions,
		options: [
			{
				displayName: 'As Of',
				name: 'asOf',
				type: 'dateTime',
				default: '',
				description: 'The moment to answer for, counting all events. Empty: now.',
			},
			{
				displayName: 'Delete Account After (Days)',
				name: 'deleteAccountAfterDays',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 3650 },
				default: 30,
				description:
					'How many days after the last subscription was cancelled "access" becomes "remove". Without this option it never does.',
			},
			{
				displayName: 'Searched For',
				name: 'searchedFor',
				type: 'json',
				default: '[]',
				description:
					'The keys by which the log was searched, as a list of objects with customer_id, customer_email or subscription_id. "unread" then lists the keys that came up and were not searched for.',
			},
		],
	},
];

interface ResolveOptions {
	asOf?: string;
	deleteAccountAfterDays?: number;
	searchedFor?: string | LogKey[];
}

/** Subscription → Resolve: event rows in, one entitlement per customer out. */
export function resolve(this: IExecuteFunctions): INodeExecutionData[] {
	const events = new Map<number, FoldEvent>();
	const items = this.getInputData();
	for (const [index, item] of items.entries()) {
		// "Always Output Data" hands on an empty item where a search found nothing.
		if (Object.keys(item.json).length === 0) continue;
		try {
			events.set(index, readRow(item.json));
		} catch (error) {
			throw new NodeOperationError(
				this.getNode(),
				`Item ${index} is no row of the event log: ${(error as Error).message}`,
				{ itemIndex: index },
			);
		}
	}
	const graceDays = this.getNodeParameter('graceDays', 0) as number;
	const options = this.getNodeParameter('resolveOptions', 0, {}) as ResolveOptions;
	const now = options.asOf ? new Date(options.asOf) : new Date();
	if (Number.isNaN(now.getTime())) {
		throw new NodeOperationError(this.getNode(), `"As Of" is no moment: ${options.asOf}`);
	}
	const entitlements = fold([...events.values()], now, {
		graceDays,
		deleteAccountAfterDays: options.deleteAccountAfterDays ?? null,
	});
	const searches = parseKeys(options.searchedFor);
	if (!searches) {
		throw new NodeOperationError(this.getNode(), '"Searched For" is no list of keys in JSON');
	}
	const keys = keysOf([...events.values()]);
	const rest = {
		version: versionOf(entitlements),
		events: new Set([...events.keys()].map((index) => items[index]?.json.id ?? `item ${index}`))
			.size,
		keys,
		unread: unread(keys, searches),
		resolved_at: now.toISOString(),
	};
	return entitlements.map((entitlement) => ({
		json: { ...entitlement, ...rest },
		pairedItem: itemsOf(entitlement, events).map((item) => ({ item })),
	}));
}

/** null where the option is no list. */
function parseKeys(keys: string | LogKey[] | undefined): LogKey[] | null {
	if (Array.isArray(keys)) return keys;
	const parsed = parseJson(keys || '[]');
	return Array.isArray(parsed) ? (parsed as LogKey[]) : null;
}

/** The rows that a customer's entitlement comes from. */
function itemsOf(entitlement: Entitlement, events: Map<number, FoldEvent>): number[] {
	const held = new Set(entitlement.subscriptions.map(({ subscription_id }) => subscription_id));
	return [...events]
		.filter(
			([, event]) =>
				held.has(event.subscription_id) ||
				(entitlement.customer_id !== null && event.customer_id === entitlement.customer_id) ||
				(entitlement.customer_email !== null &&
					event.customer_email === entitlement.customer_email),
		)
		.map(([index]) => index);
}
