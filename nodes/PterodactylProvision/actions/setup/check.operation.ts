import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { Operation } from '../../../shared/operation';
import { inputObjects, objectAt, objectsAt } from '../../../shared/items';
import { readPlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import { namesOf } from '../access/request';
import type { RankSettings } from '../../../../domain/perks/ranks';
import { credentialOf, panelOf } from '../../transport/connection';
import { luckPermsOf } from '../../transport/luckPermsApi';
import { gather, type Facts } from './facts';
import { findings } from './findings';
import { toCreate } from './missing';
import { missingLeases, productsIn, tablesOf, type ListedTable } from './tableFacts';

const CHECK_OUTPUTS = ['Findings', 'Missing Tables', 'Missing Lease'] as const;

const checkSetupFields: INodeProperties[] = [
	{
		displayName:
			'Input: the newest rows of the Data Tables, of all tables in one list. They tell how full the tables are, which products were sold, and whether there is a lease. Output: one finding per item.',
		name: 'checkNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Tier Plan',
		name: 'tierPlan',
		type: 'json',
		default: '',
		placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}",
		description: 'The plan to check: the output "tier_plan" of Tier Plan → Get',
	},
	{
		displayName: 'Data Tables',
		name: 'dataTables',
		type: 'json',
		default: '[]',
		placeholder: "e.g. {{ $('List Data Tables').all() }}",
		description:
			'The tables with their columns, as the Data Table node lists them. Empty: they are not checked.',
	},
	{
		displayName: 'Products Sold',
		name: 'productsSold',
		type: 'string',
		default: '',
		placeholder: 'e.g. fire-knight, frost-knight',
		description:
			'Slugs of further products on sale, as a list or separated by commas. Each should belong to a tier.',
	},
	{
		displayName: 'Create What Is Missing',
		name: 'create',
		type: 'boolean',
		default: false,
		description:
			'Whether to output missing tables, or the missing lease, before anything is checked. The Data Table nodes behind these outputs create them.',
	},
	{
		displayName: 'Allow Empty Event Log',
		name: 'allowEmptyEventLog',
		type: 'boolean',
		default: false,
		description:
			'Whether to create the event log although customers have been synced. Their access ends then. Only to begin anew.',
	},
];

/** Setup → Check: checks keys, plan, servers, products, ranks, tables and clock. One finding per item; changes nothing. */
async function checkSetup(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const listed: ListedTable[] = objectsAt(this, 'dataTables');
	const rows = inputObjects(this);
	const tables = tablesOf(listed, rows);
	if (this.getNodeParameter('create', 0, false) === true) {
		const missing = toCreate(tables, rows, {
			allowEmptyEventLog: this.getNodeParameter('allowEmptyEventLog', 0, false) as boolean,
		});
		if (missing.kind === 'refused') {
			throw new NodeOperationError(this.getNode(), missing.message, {
				description: missing.advice,
			});
		}
		if (missing.kind === 'tables') return [[], [{ json: {} }], []];
		if (missing.kind === 'leases') return [[], [], missing.rows.map((json) => ({ json }))];
	}
	const isTold = !['', '[]'].includes(this.getNodeParameter('dataTables', 0) as string);
	const productsSold = this.getNodeParameter('productsSold', 0, '');
	const panel = await panelOf(this, { retries: 1 });
	const facts = await gather(panel, {
		...(await credentialOf(this)),
		...planOrTrouble(this, objectAt(this, 'tierPlan')),
		luckPerms: async () => await luckPermsOf(this, { retries: 1 }),
		productsSold: [...new Set([...namesOf(productsSold), ...productsIn(rows)])],
		tables: isTold ? tables : null,
		missingLeases: missingLeases(rows),
	});
	const items = findings(facts).map((one) => ({ json: { ...one }, pairedItem: { item: 0 } }));
	return [items, [], []];
}

type PlanFacts = Pick<Facts, 'plan' | 'planTrouble' | 'allowsHarmful'> & {
	leftAlone: string[];
	ranks: RankSettings | null;
};

/** Instead of the document, the workflow Tier Plan may have given an error. */
function planOrTrouble(context: IExecuteFunctions, document: IDataObject): PlanFacts {
	const failure = document.error;
	const allowsHarmful = document.allow_harmful === true;
	const none = { plan: null, allowsHarmful, leftAlone: [], ranks: null };
	if (failure) {
		const advice = 'Correct the workflow Tier Plan and publish it.';
		return { ...none, planTrouble: { message: messageOf(failure), advice } };
	}
	try {
		const { plan, settings } = readPlanDocument(document);
		const { leftAlone, ranks } = settings;
		return { plan, planTrouble: null, allowsHarmful, leftAlone, ranks };
	} catch (error) {
		if (error instanceof PlanError) return { ...none, planTrouble: error };
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

const messageOf = (error: unknown): string =>
	typeof error === 'string' ? error : String((error as Partial<Error>).message);

export const checkOperation: Operation = {
	name: 'Check',
	value: 'check',
	description:
		'Say what is in order and what is not: keys, plan, servers, products, ranks, clock, Data Tables',
	action: 'Check the setup',
	properties: checkSetupFields,
	outputs: CHECK_OUTPUTS,
	execute: checkSetup,
};
