import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { objectAt, objectsAt } from '../../../shared/items';
import { readPlanDocument } from '../../../../domain/access/planDocument';
import { PlanError } from '../../../../domain/access/tierPlan';
import { namesOf } from '../access/parameters';
import { credentialOf, panelOf } from '../../transport/connection';
import { gather, type Facts } from './facts';
import { findings } from './findings';
import { hasLeaseIn, productsIn, tablesOf, type ListedTable } from './tableFacts';

const displayOptions = { show: { resource: ['setup'], operation: ['check'] } };

export const checkSetupFields: INodeProperties[] = [
	{
		displayName: 'Tier Plan',
		name: 'tierPlan',
		type: 'json',
		default: '',
		placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}",
		displayOptions,
		description: 'The plan to check: the output "tier_plan" of Tier Plan → Get',
	},
	{
		displayName: 'Data Tables',
		name: 'dataTables',
		type: 'json',
		default: '[]',
		placeholder: "e.g. {{ $('List Data Tables').all() }}",
		displayOptions,
		description:
			'The tables with their columns, as the Data Table node lists them. Empty: they are not checked.',
	},
	{
		displayName: 'Newest Rows',
		name: 'newestRows',
		type: 'json',
		default: '[]',
		placeholder: "e.g. {{ $('Get Newest Rows').all() }}",
		displayOptions,
		description:
			'The newest rows of the tables, of all tables in one list. They tell how full the tables are, which products were sold, and whether there is a lease.',
	},
	{
		displayName: 'Products Sold',
		name: 'productsSold',
		type: 'string',
		default: '',
		placeholder: 'e.g. fire-knight, frost-knight',
		displayOptions,
		description:
			'Slugs of further products on sale, as a list or separated by commas. Each should belong to a tier.',
	},
];

/** Setup → Check: checks keys, plan, servers, products, tables and clock. One finding per item; changes nothing. */
export async function checkSetup(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const tables: ListedTable[] = objectsAt(this, 'dataTables');
	const rows = objectsAt(this, 'newestRows');
	const isTold = !['', '[]'].includes(this.getNodeParameter('dataTables', 0) as string);
	const productsSold = this.getNodeParameter('productsSold', 0, '');
	const panel = await panelOf(this, { retries: 1 });
	const facts = await gather(panel, {
		...(await credentialOf(this)),
		...planOrTrouble(this, objectAt(this, 'tierPlan')),
		productsSold: [...new Set([...namesOf(productsSold), ...productsIn(rows)])],
		tables: isTold ? tablesOf(tables, rows) : null,
		hasLease: hasLeaseIn(rows),
	});
	return findings(facts).map((one) => ({ json: { ...one }, pairedItem: { item: 0 } }));
}

type PlanFacts = Pick<Facts, 'plan' | 'planTrouble' | 'allowsHarmful'> & { leftAlone: string[] };

/** Instead of the document, the workflow Tier Plan may have given an error. */
function planOrTrouble(context: IExecuteFunctions, document: IDataObject): PlanFacts {
	const failure = document.error;
	const allowsHarmful = document.allow_harmful === true;
	const none = { plan: null, allowsHarmful, leftAlone: [] };
	if (failure) {
		const advice = 'Correct the workflow Tier Plan and publish it.';
		return { ...none, planTrouble: { message: messageOf(failure), advice } };
	}
	try {
		const { plan, settings } = readPlanDocument(document);
		return { plan, planTrouble: null, allowsHarmful, leftAlone: settings.leftAlone };
	} catch (error) {
		if (error instanceof PlanError) return { ...none, planTrouble: error };
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

const messageOf = (error: unknown): string =>
	typeof error === 'string' ? error : String((error as Partial<Error>).message);
