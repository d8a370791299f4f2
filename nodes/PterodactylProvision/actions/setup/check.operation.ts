import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readPlanDocument } from '../../../../domain/access/planDocument';
import type { PlanError } from '../../../../domain/access/tierPlan';
import { flagField, listField, noticeField, objectField, textField } from '../../../shared/fields';
import { inputObjects, itemOf, objectAt, objectsAt } from '../../../shared/items';
import type { Operation } from '../../../shared/operation';
import { credentialOf, panelOf } from '../../transport/connection';
import { luckPermsOf } from '../../transport/luckPermsApi';
import { namesOf } from '../access/request';
import { reportDangers } from './dangers';
import { checkPanel } from './panel';
import { reportPlan } from './plan';
import { checkRanks } from './ranks';
import { Report } from './report';
import {
	isAnybodySynced,
	missingLeases,
	missingTables,
	productsIn,
	reportTables,
	tablesOf,
	type ListedTable,
} from './tables';

/** Checks keys, plan, servers, products, ranks, tables and clock. Changes nothing. */
async function checkSetup(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const rows = inputObjects(this);
	const tables = tablesOf(objectsAt<ListedTable>(this, 'dataTables'), rows);
	const leases = missingLeases(rows);
	if (this.getNodeParameter('create', 0, false) === true) {
		const missing = missingTables(tables);
		refuseEmptyLog(this, missing, rows);
		if (missing.length > 0) return [[], [{ json: {} }], []];
		if (leases.length > 0) return [[], [], leases.map(firstLease).map(itemOf)];
	}
	const report = new Report();
	const panel = await panelOf(this, { retries: 1 });
	const { plan, settings, trouble } = planIn(objectAt(this, 'tierPlan'));
	const given = { plan, leftAlone: settings?.leftAlone ?? [] };
	const reached = await checkPanel(panel, await credentialOf(this), given, report);
	const { servers, permissions } = reached;
	const version = servers?.[0] && permissions ? await panel.version(servers[0]) : null;
	if (version && plan && servers) reportDangers(version, plan, servers, report);

	const tierPlan = report.on('Tier plan');
	if (trouble) tierPlan.trouble(trouble);
	tierPlan.note(
		'A check by hand reads the saved version of Tier Plan. Apply Access uses the published version of Tier Plan.',
		'After each change of the plan, publish the workflow Tier Plan.',
	);
	if (plan) {
		const productsSold = namesOf(this.getNodeParameter('productsSold', 0, ''));
		reportPlan(plan, reached, [...new Set([...productsSold, ...productsIn(rows)])], report);
		const luckPerms = async () => await luckPermsOf(this, { retries: 1 });
		const asked = { panel, servers: permissions && servers, luckPerms };
		await checkRanks(plan, settings.ranks, asked, report);
	}
	const isTold = !['', '[]'].includes(this.getNodeParameter('dataTables', 0) as string);
	if (isTold) reportTables(tables, leases, report);
	return [report.summarized().map(itemOf), [], []];
}

function refuseEmptyLog(context: IExecuteFunctions, missing: string[], rows: IDataObject[]): void {
	const isAllowed = context.getNodeParameter('allowEmptyEventLog', 0, false) as boolean;
	if (isAllowed || !missing.includes('paymenter_events') || !isAnybodySynced(rows)) return;
	throw new NodeOperationError(
		context.getNode(),
		'The Data Table paymenter_events is missing, but customers have been synced: an empty log would take their access.',
		{
			description:
				'Was it renamed, or were the workflows moved to another project? Give it its name back, or restore it from a backup. To begin anew, turn on "Allow Empty Event Log" for one run.',
		},
	);
}

const LONG_AGO = '2000-01-01T00:00:00.000Z';

/** Anybody can acquire it at once. */
const firstLease = (name: string) => ({
	name,
	holder: '',
	term: 0,
	expires_at: LONG_AGO,
	last_run_at: LONG_AGO,
});

/** Instead of the document, the workflow Tier Plan may have given an error. */
function planIn(document: IDataObject) {
	const { error: failure } = document as { error?: string | Partial<Error> };
	if (failure) {
		const message = typeof failure === 'string' ? failure : String(failure.message);
		const advice = 'Correct the workflow Tier Plan and publish it.';
		return { plan: null, settings: null, trouble: { message, advice } };
	}
	try {
		return { ...readPlanDocument(document), trouble: null };
	} catch (error) {
		const { message, advice = '' } = error as Error & Partial<PlanError>;
		return { plan: null, settings: null, trouble: { message, advice } };
	}
}

export const checkOperation: Operation = {
	name: 'Check',
	value: 'check',
	description:
		'Say what is in order and what is not: keys, plan, servers, products, ranks, clock, Data Tables',
	action: 'Check the setup',
	properties: [
		noticeField(
			'checkNotice',
			'Input: the newest rows of the Data Tables, of all tables in one list. They tell how full the tables are, which products were sold, and whether there is a lease. Output: one finding per item.',
		),
		objectField(
			'Tier Plan',
			'tierPlan',
			'The plan to check: the output "tier_plan" of Tier Plan → Get',
			{ default: '', placeholder: "e.g. {{ $('Get Tier Plan').first().json.tier_plan }}" },
		),
		listField(
			'Data Tables',
			'dataTables',
			'The tables with their columns, as the Data Table node lists them. Empty: they are not checked.',
			{ placeholder: "e.g. {{ $('List Data Tables').all() }}" },
		),
		textField(
			'Products Sold',
			'productsSold',
			'Slugs of further products on sale, as a list or separated by commas. Each should belong to a tier.',
			{ placeholder: 'e.g. fire-knight, frost-knight' },
		),
		flagField(
			'Create What Is Missing',
			'create',
			'Whether to output missing tables, or the missing lease, before anything is checked. The Data Table nodes behind these outputs create them.',
		),
		flagField(
			'Allow Empty Event Log',
			'allowEmptyEventLog',
			'Whether to create the event log although customers have been synced. Their access ends then. Only to begin anew.',
		),
	],
	outputs: ['Findings', 'Missing Tables', 'Missing Lease'],
	execute: checkSetup,
};
