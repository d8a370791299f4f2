import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../../shared/json';
import type { Entitlement, LogEvent } from '../../../../domain/entitlement/entitlement';
import { resolveEntitlements } from '../../../../domain/entitlement/resolve';
import { holdUnreadable, type Unreadable } from '../../../../domain/entitlement/unreadable';
import { InvalidRow, readRow, searchesFor } from '../../../../domain/events/row';
import { keysIn, packed } from '../../../../domain/events/search';
import { logOf } from './log';
import type { Operation } from '../../../shared/operation';

const displayOptions = { show: { resource: ['subscription'], operation: ['resolve'] } };

const resolveProperties: INodeProperties[] = [
	{
		displayName:
			'Input: rows of the event log, in any order; repeats do not matter. Output: one item per customer with what they are entitled to now, and why.',
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
			'How long access lasts after a failed payment. Grace begins when the paid period is over: at the end of the day after the paid-until date, because that date has no time zone. Without a date, grace begins at the failure.',
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
				displayName: 'Also Count',
				name: 'alsoCount',
				type: 'json',
				default: '[]',
				description:
					'A list of events to count as if they were in the log, to see what would happen if they were appended',
			},
			{
				displayName: 'As Of',
				name: 'asOf',
				type: 'dateTime',
				default: '',
				description: 'The time to resolve for, with all events counted. Empty: now.',
			},
			{
				displayName: 'Delete Account After (Days)',
				name: 'deleteAccountAfterDays',
				type: 'number',
				typeOptions: { minValue: 0, maxValue: 3650 },
				default: 30,
				description:
					'How many days after the last cancellation "access" becomes "remove". Without this option, it never does.',
			},
			{
				displayName: 'Searched For',
				name: 'searchedFor',
				type: 'json',
				default: '[]',
				description:
					'What the log was searched by: a list of objects with customer_id, customer_email or subscription_id. If the events lead to further customers or subscriptions, the second output says what to search by, and the first has nothing yet.',
			},
		],
	},
];

interface ResolveOptions {
	alsoCount?: unknown;
	asOf?: string;
	deleteAccountAfterDays?: number;
	searchedFor?: unknown;
}

/**
 * Subscription → Resolve: takes rows of the event log and returns one entitlement per customer, or
 * what else to search the log by.
 */
function resolve(this: IExecuteFunctions): INodeExecutionData[][] {
	const unreadable: Unreadable[] = [];
	const logged = logOf(this, (row, why) => unreadable.push({ row, why }));
	const graceDays = this.getNodeParameter('graceDays', 0) as number;
	const options = this.getNodeParameter('resolveOptions', 0, {}) as ResolveOptions;
	const now = options.asOf ? new Date(options.asOf) : new Date();
	if (Number.isNaN(now.getTime())) {
		throw new NodeOperationError(this.getNode(), `Invalid timestamp in "As Of": ${options.asOf}`);
	}
	const events = [...logged.values(), ...supposed(this, options.alsoCount)];
	const searches = listOf<IDataObject & { json?: IDataObject }>(options.searchedFor);
	if (!searches) {
		throw new NodeOperationError(this.getNode(), '"Searched For" must be a JSON list of keys');
	}
	if (searches !== 'none') {
		const searched = searches.map((search) => search.json ?? search);
		const more = packed(searchesFor(events, keysIn(searched)));
		if (more.length > 0) return [[], more.map((one) => ({ json: { ...one, to_read: true } }))];
	}
	const entitlements = resolveEntitlements(events, now, {
		graceDays,
		deleteAccountAfterDays: options.deleteAccountAfterDays ?? null,
	}).map((entitlement) => holdUnreadable(entitlement, unreadable));
	const rowsOf = indexOf(logged);
	const resolved_at = now.toISOString();
	const items: INodeExecutionData[] = entitlements.map((entitlement) => ({
		json: { ...entitlement, resolved_at },
		pairedItem: rowsOf(entitlement).map((item) => ({ item })),
	}));
	// A search that found nobody must not stop the workflow that goes by the first output.
	const isNobody = searches !== 'none' && items.length === 0;
	return [isNobody ? [{ json: {} }] : items, []];
}

/** The list in an option; null if it is not a list. */
function listOf<T>(option: unknown): T[] | 'none' | null {
	if (Array.isArray(option)) return option as T[];
	if (!option) return 'none';
	const parsed = typeof option === 'string' ? parseJson(option) : null;
	return Array.isArray(parsed) ? (parsed as T[]) : null;
}

function supposed(context: IExecuteFunctions, option: unknown): LogEvent[] {
	const list = listOf<Record<string, unknown>>(option);
	if (list === 'none') return [];
	try {
		if (!list) throw new InvalidRow('it must be a JSON list');
		return list.map(readRow);
	} catch (error) {
		throw new NodeOperationError(
			context.getNode(),
			`Invalid value in "Also Count": ${(error as Error).message}`,
		);
	}
}

/** Returns a function that finds the input items behind an entitlement. */
function indexOf(events: Map<number, LogEvent>): (entitlement: Entitlement) => number[] {
	const index = new Map<string, number[]>();
	for (const [item, event] of events) {
		for (const key of namesIn(event.subscription_id, event.customer_id, event.customer_email)) {
			const held = index.get(key);
			if (held) held.push(item);
			else index.set(key, [item]);
		}
	}
	return ({ subscriptions, customer_id, customer_email }) => {
		const keys = [
			...subscriptions.flatMap((one) => namesIn(one.subscription_id, null, null)),
			...namesIn(null, customer_id, customer_email),
		];
		return [...new Set(keys.flatMap((key) => index.get(key) ?? []))].sort((a, b) => a - b);
	};
}

function namesIn(subscription: string | null, id: string | null, email: string | null): string[] {
	return [
		...(subscription ? [`subscription:${subscription}`] : []),
		...(id ? [`customer:${id}`] : []),
		...(email ? [`email:${email}`] : []),
	];
}

export const resolveOperation: Operation = {
	name: 'Resolve',
	value: 'resolve',
	description: 'Work out from the event log what each customer is entitled to now',
	action: 'Resolve what customers are entitled to',
	properties: resolveProperties,
	outputs: ['Entitlements', 'More to Read'],
	execute: resolve,
};
