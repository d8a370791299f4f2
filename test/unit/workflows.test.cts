import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { PaymenterApi } from '../../credentials/PaymenterApi.credentials';
import { PaymenterWebhookApi } from '../../credentials/PaymenterWebhookApi.credentials';
import { PterodactylApi } from '../../credentials/PterodactylApi.credentials';
import { BILLING_EVENTS } from '../../domain/events/event';
import { tiersOf } from '../../domain/access/tierPlan';
import { readPlanDocument, type PlanDocument } from '../../domain/access/planDocument';
import { TABLES } from '../../domain/tables';
import { WORKFLOW_IDS } from '../../tools/n8n/instance.cjs';

interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, unknown>;
}

interface Exported {
	id: string;
	name: string;
	active: boolean;
	settings: { errorWorkflow?: string };
	nodes: WorkflowNode[];
	connections: Record<string, { main: Array<Array<{ node: string }> | null> }>;
}

const folder = join(__dirname, '..', '..', 'workflows');
const files = readdirSync(folder);
const workflows = files.map((file) => ({
	file,
	text: readFileSync(join(folder, file), 'utf8'),
}));
const parsed = workflows.map(({ file, text }) => ({
	file,
	text,
	workflow: JSON.parse(text) as Exported,
}));

/** Without "API", and with "account". Not LuckPerms: where a named credential is missing, n8n runs no node. */
const CREDENTIAL_NAMES: Record<string, string> = {
	httpBasicAuth: 'Paymenter operators',
	discordBotApi: 'Discord Bot account',
	smtp: 'SMTP account',
	...Object.fromEntries(
		[new PaymenterApi(), new PaymenterWebhookApi(), new PterodactylApi()].map(
			({ name, displayName }) => [name, `${displayName.replace(/ API$/, '')} account`],
		),
	),
};

const nodesOf = (operation: string) =>
	parsed.flatMap(({ workflow }) =>
		workflow.nodes.filter(
			({ type, parameters }) =>
				type === 'n8n-nodes-base.dataTable' && parameters.operation === operation,
		),
	);

/** Every text in a workflow's parameters that n8n evaluates. */
function expressionsOf({ nodes }: Exported): string[] {
	const texts = (value: unknown): string[] => {
		if (typeof value === 'string') return value.startsWith('=') ? [value] : [];
		return value && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
	};
	return nodes.flatMap(({ parameters }) => texts(parameters));
}

const tableOf = ({ parameters }: WorkflowNode) =>
	(parameters.tableName ?? (parameters.dataTableId as { value: string }).value) as string;

describe('The exported workflows', () => {
	it('are the ones that are published, with ids that never change', () => {
		const ids = parsed.map(({ workflow }) => workflow.id);
		// Setup is run by hand.
		expect(ids.sort()).toEqual([...WORKFLOW_IDS, 'paymenterSetup'].sort());
	});

	it('let every event through that the trigger knows', () => {
		const trigger = parsed
			.flatMap(({ workflow }) => workflow.nodes)
			.find(({ type }) => type.endsWith('.paymenterTrigger'));
		expect(trigger?.parameters.events).toEqual([...BILLING_EVENTS]);
	});

	describe.each(parsed)('$file', ({ text, workflow }) => {
		const names = workflow.nodes.map(({ name }) => name);

		it('names every node once, and connects and quotes only nodes that it has', () => {
			expect(new Set(names).size).toBe(names.length);
			const connected = Object.entries(workflow.connections).flatMap(([from, { main }]) => [
				from,
				...main.flatMap((output) => (output ?? []).map(({ node }) => node)),
			]);
			const quoted = [...text.matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
			for (const name of [...connected, ...quoted]) expect(names).toContain(name);
		});

		it('calls only workflows that are shipped, and in plain words those that are published before it', () => {
			const called = workflow.nodes
				.filter(({ type }) => type === 'n8n-nodes-base.executeWorkflow')
				.map(({ parameters }) => (parameters.workflowId as { value: string }).value);
			const place = WORKFLOW_IDS.indexOf(workflow.id);
			const before = place === -1 ? WORKFLOW_IDS : WORKFLOW_IDS.slice(0, place);
			for (const id of called) {
				// n8n publishes nothing that names an unpublished workflow; an expression it cannot check.
				const [, expressed] = /^=\{\{ '(\w+)' \}\}$/.exec(id) ?? [];
				expect(expressed ? WORKFLOW_IDS : before).toContain(expressed ?? id);
			}
		});

		it('tells On Error of what nobody foresaw, unless it is that itself, or its caller tells', () => {
			const isTold = !['paymenterOnError', 'paymenterTierPlan'].includes(workflow.id);
			expect(workflow.settings.errorWorkflow).toBe(isTold ? 'paymenterOnError' : undefined);
		});

		it('lets nobody open a form without a password, and gives up pages that are left open', () => {
			const forms = workflow.nodes.filter(({ type }) => type.startsWith('n8n-nodes-base.form'));
			for (const { type, parameters } of forms) {
				if (type === 'n8n-nodes-base.formTrigger') {
					expect(parameters.authentication).toBe('basicAuth');
				} else expect(parameters.limitWaitTime).toBe(true);
				// Text that n8n evaluates once more could be a customer's name.
				expect(JSON.stringify(parameters)).not.toContain('"fieldType":"html"');
			}
		});

		it('holds no secret and no pinned data', () => {
			expect(text).not.toMatch(/whsec_|ptl[ac]_|"instanceId"/);
			expect(JSON.parse(text)).toHaveProperty('pinData', {});
		});

		// n8n links credentials on import by the names that its own form gives to new ones.
		it('names credentials as n8n does, without an id', () => {
			for (const { credentials = {} } of workflow.nodes) {
				for (const [type, credential] of Object.entries(credentials)) {
					expect(credential).toEqual({ id: null, name: CREDENTIAL_NAMES[type] });
				}
			}
		});

		it('decides nothing in expressions: none is longer than 120 characters', () => {
			const long = expressionsOf(workflow).filter((one) => one.length > 120);
			expect(long).toEqual([]);
		});

		it('explains itself on the canvas', () => {
			const notes = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
			expect(notes.length).toBeGreaterThanOrEqual(2);
			expect(JSON.stringify(notes)).toMatch(/fill in/i);
		});
	});
});

describe('All workflows together', () => {
	it('are small: no more than 115 nodes, and 8,000 characters of expressions', () => {
		const nodes = parsed.flatMap(({ workflow }) =>
			workflow.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote'),
		);
		const characters = parsed
			.flatMap(({ workflow }) => expressionsOf(workflow))
			.reduce((sum, { length }) => sum + length, 0);
		expect(nodes.length).toBeLessThanOrEqual(115);
		expect(characters).toBeLessThanOrEqual(8000);
	});
});

describe('The five Data Tables', () => {
	const columnsOf = ({ parameters }: WorkflowNode) =>
		(parameters.columns as { column: Array<{ name: string; type: string }> }).column;
	const made = new Map(
		nodesOf('create').map((node) => [tableOf(node), columnsOf(node).map(({ name }) => name)]),
	);

	it('are created by Setup alone: an empty table in place of a lost one would take access', () => {
		for (const { file, workflow } of parsed) {
			const creating = workflow.nodes.filter(({ parameters }) => parameters.operation === 'create');
			expect([file, creating.length]).toEqual([file, file === 'setup.json' ? 5 : 0]);
		}
		expect(made.size).toBe(5);
	});

	it('are created with exactly the columns that the code knows', () => {
		const created = nodesOf('create').map((node) => [
			tableOf(node),
			Object.fromEntries(columnsOf(node).map(({ name, type }) => [name, type])),
		]);
		expect(Object.fromEntries(created)).toEqual(TABLES);
	});

	it('have distinctive names with one prefix, none contained in another', () => {
		const names = [...made.keys()];
		for (const name of names) {
			expect(name).toMatch(/^paymenter_/);
			expect(names.filter((other) => other.includes(name))).toEqual([name]);
		}
	});

	it.each(['insert', 'update', 'upsert'].flatMap(nodesOf))(
		'have every column that "$name" writes',
		(node) => {
			const { value } = node.parameters.columns as { value: Record<string, string> | null };
			// Finished rows are held against the tables in tables.test.
			for (const column of Object.keys(value ?? {}))
				expect(made.get(tableOf(node))).toContain(column);
		},
	);

	// n8n takes every other condition of these two for equality, and says nothing.
	it('are not asked by If Row Exists', () => {
		expect(['rowExists', 'rowNotExists'].flatMap(nodesOf)).toEqual([]);
	});

	it.each(['get', 'update', 'upsert', 'deleteRows'].flatMap(nodesOf))(
		'have every column that "$name" searches by',
		(node) => {
			const { conditions } = node.parameters.filters as { conditions: Array<{ keyName: string }> };
			const columns = [...(made.get(tableOf(node)) ?? []), 'createdAt', 'updatedAt', 'id'];
			for (const { keyName } of conditions) {
				const named = keyName.startsWith('=') ? keyName.match(/(?<=')\w+(?=')/g) : [keyName];
				for (const name of named ?? ['no column']) expect(columns).toContain(name);
			}
		},
	);
});

describe('The shipped tier plan', () => {
	const provision = parsed
		.flatMap(({ workflow }) => workflow.nodes)
		.filter(({ parameters: { tiers } }) => tiers !== undefined);
	const parameters = provision.find(({ parameters: { resource } }) => resource === 'tierPlan')
		?.parameters as {
		serverGroups: { group: PlanDocument['server_groups'] };
		tiers: { tier: PlanDocument['tiers'] };
		allowHarmful: boolean;
		graceDays: number;
		deleteAccountAfterDays: number;
	};
	const { plan } = readPlanDocument({
		server_groups: parameters.serverGroups.group,
		tiers: parameters.tiers.tier,
		allow_harmful: parameters.allowHarmful,
		grace_days: parameters.graceDays,
		delete_account_after_days: parameters.deleteAccountAfterDays,
	});

	it('has seven days of grace, and keeps the account for thirty', () => {
		expect(parameters).toMatchObject({ graceDays: 7, deleteAccountAfterDays: 30 });
	});

	it('stands in one place', () => {
		expect(provision).toHaveLength(1);
	});

	it.each([
		['awakened', 'awakened'],
		['fire-elemental', 'elemental'],
		['frost-elemental', 'elemental'],
		['fire-knight', 'knight'],
		['frost-knight', 'knight'],
		['fire-master', 'master'],
		['frost-master', 'master'],
		['fire-legend', 'legend'],
		['frost-legend', 'legend'],
		['sovereign', 'sovereign'],
	])('sells %s as subscriber_%s', (product, tier) => {
		expect(tiersOf(plan, [{ product_id: product, tier }]).map(({ role }) => role)).toEqual([
			`subscriber_${tier}`,
		]);
	});

	it('has six tiers, the highest called Sovereign, and permissions that grow with them', () => {
		expect(plan.tiers.map(({ name }) => name)).toEqual([
			'awakened',
			'elemental',
			'knight',
			'master',
			'legend',
			'sovereign',
		]);
		for (const [index, { permissions }] of plan.tiers.entries()) {
			const lower = plan.tiers[index - 1]?.permissions ?? [];
			expect(permissions.length).toBeGreaterThan(lower.length);
			expect(permissions).toEqual(expect.arrayContaining(lower));
		}
		expect(JSON.stringify(parsed).toLowerCase()).not.toContain('founder');
	});
});
