import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { parseJson } from '../../../shared/json';
import { addressesOf, connectionAt, namesOf } from '../access/parameters';
import { credentialOf, panelOf } from '../../transport/connection';
import { PlanError, readPlan, type PlanForm } from '../../../../domain/access/tierPlan';
import { gather, type Facts, type Table } from './facts';
import { findings } from './findings';

const displayOptions = { show: { resource: ['access'], operation: ['checkSetup'] } };

export const checkSetupFields: INodeProperties[] = [
	{
		displayName: 'Tier Plan',
		name: 'planFrom',
		type: 'options',
		options: [
			{ name: 'Of Another Node', value: 'node' },
			{ name: 'The Form Below', value: 'form' },
		],
		default: 'form',
		displayOptions,
		description: 'Which plan is checked',
	},
	{
		displayName: 'Parameters of That Node',
		name: 'plan',
		type: 'json',
		default: '',
		placeholder: "e.g. {{ $('Make Access Match').params }}",
		displayOptions: { show: { ...displayOptions.show, planFrom: ['node'] } },
		description: 'The Sync node whose plan and options are checked',
	},
	{
		displayName: 'Products Sold',
		name: 'productsSold',
		type: 'string',
		default: '',
		placeholder: 'e.g. fire-knight, frost-knight',
		displayOptions,
		description:
			'Slugs of the products on sale, as a list or separated by commas. Each should belong to a tier.',
	},
	{
		displayName: 'Data Tables',
		name: 'dataTables',
		type: 'json',
		default: '[]',
		displayOptions,
		description:
			'Names of the Data Tables and their numbers of rows, which only the Data Table node can read: [{"name": "paymenter_events", "rows": 12}]',
	},
];

/** Access → Check Setup: checks keys, plan, servers, products and clock. One finding per item; changes nothing. */
export async function checkSetup(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const checked = checkedNode(this);
	const panel = await panelOf(this, { ...connectionAt(this, 0), retries: 1 });
	const facts = await gather(panel, {
		...(await credentialOf(this)),
		...planOrTrouble(this, checked),
		allowsHarmful: checked.options?.allowHarmful ?? false,
		leftAlone: checked.expressions ? [] : addressesOf(checked.options?.leftAlone),
		productsSold: namesOf(this.getNodeParameter('productsSold', 0, '')),
		tables: tablesOf(this),
	});
	return findings(facts).map((one) => ({ json: { ...one }, pairedItem: { item: 0 } }));
}

interface Checked {
	serverGroups?: { group?: PlanForm['serverGroups'] };
	tiers?: { tier?: PlanForm['tiers'] };
	options?: { allowHarmful?: boolean; leftAlone?: unknown };
	/** Where the parameters of another node hold expressions, which only that node can evaluate. */
	expressions?: string;
}

/** The parameters that hold the plan: this node's own, or another's. */
function checkedNode(context: IExecuteFunctions): Checked {
	const parameter = (name: string) => context.getNodeParameter(name, 0, {}) as never;
	if (context.getNodeParameter('planFrom', 0, 'form') === 'form') {
		return {
			serverGroups: parameter('serverGroups'),
			tiers: parameter('tiers'),
			options: parameter('options'),
		};
	}
	const value: unknown = context.getNodeParameter('plan', 0);
	const read = typeof value === 'string' ? parseJson(value) : value;
	if (typeof read === 'object' && read !== null && 'tiers' in read) {
		const { serverGroups, tiers, options: { allowHarmful, leftAlone } = {} } = read as Checked;
		const taken = { serverGroups, tiers, options: { allowHarmful, leftAlone } };
		return { ...taken, expressions: expressionsIn(taken).join(', ') };
	}
	throw new NodeOperationError(
		context.getNode(),
		'"Parameters of That Node" is not a tier plan. Enter an expression such as {{ $(\'Make Access Match\').params }}.',
	);
}

/** Where in it expressions stand, like `serverGroups.group.0.pattern`. */
function expressionsIn(value: unknown, path: string[] = []): string[] {
	if (typeof value === 'string') return value.startsWith('=') ? [path.join('.')] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, part]) => expressionsIn(part, [...path, key]));
}

function planOrTrouble(
	context: IExecuteFunctions,
	{ serverGroups, tiers, options, expressions }: Checked,
): Pick<Facts, 'plan' | 'planTrouble'> {
	if (expressions) {
		const message = `The plan of that node contains expressions, which only that node can evaluate: ${expressions}`;
		const advice = 'Enter fixed values there, or enter the plan in the form of this node.';
		return { plan: null, planTrouble: { message, advice } };
	}
	const form = {
		serverGroups: serverGroups?.group ?? [],
		tiers: tiers?.tier ?? [],
		allowHarmful: options?.allowHarmful ?? false,
	};
	try {
		return { plan: readPlan(form), planTrouble: null };
	} catch (error) {
		if (error instanceof PlanError) return { plan: null, planTrouble: error };
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

function tablesOf(context: IExecuteFunctions): Table[] {
	const value = context.getNodeParameter('dataTables', 0, '[]');
	const tables = typeof value === 'string' ? parseJson(value || '[]') : value;
	const isTable = (one: unknown) => typeof (one as Table | null)?.name === 'string';
	if (Array.isArray(tables) && tables.every(isTable)) return tables as Table[];
	throw new NodeOperationError(
		context.getNode(),
		'"Data Tables" must be a JSON list of {"name": …, "rows": …}',
	);
}
