import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');
const SHIPPED = join(ROOT, 'workflows');

interface Node {
	name: string;
	type: string;
	disabled?: boolean;
	credentials?: Record<string, { id: string; name: string }>;
	parameters: Record<string, unknown>;
}

let folder: string;
const inFolder = (name: string) => join(folder, name);

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'carry-over-'));
	cpSync(SHIPPED, inFolder('old'), { recursive: true });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nodesOf = (file: string): Node[] =>
	(JSON.parse(readFileSync(file, 'utf8')) as { nodes: Node[] }).nodes;

function nodeOf(file: string, name: string): Node {
	const node = nodesOf(file).find((one) => one.name === name);
	if (!node) throw new Error(`${file} has no ${name}`);
	return node;
}

/** Changes a node of a workflow as an operator has it. */
function edit(file: string, name: string, change: (node: Node) => void): void {
	const path = join(inFolder('old'), file);
	const workflow = JSON.parse(readFileSync(path, 'utf8')) as { nodes: Node[] };
	for (const node of workflow.nodes.filter((one) => one.name === name)) change(node);
	writeFileSync(path, JSON.stringify(workflow));
}

const carryOver = () =>
	execFileSync(
		process.execPath,
		[join(ROOT, 'deploy', 'carry-over.cjs'), inFolder('old'), SHIPPED, inFolder('out')],
		{ encoding: 'utf8', stdio: 'pipe' },
	);

describe('deploy/carry-over.cjs', () => {
	it('changes nothing where nothing was filled in', () => {
		carryOver();
		for (const file of readdirSync(SHIPPED)) {
			expect(nodesOf(join(inFolder('out'), file))).toEqual(nodesOf(join(SHIPPED, file)));
		}
	});

	it('takes plan, options, credentials and switches over, and the release’s expressions', () => {
		edit('apply-access.json', 'Make Access Match', ({ parameters }) => {
			parameters.tiers = { tier: [{ tier: 'mine', products: 'mine' }] };
			Object.assign(parameters.options as object, { leftAlone: 'builder', dryRun: '={{ old }}' });
		});
		edit('on-error.json', 'Discord', (node) => {
			node.disabled = false;
			node.credentials = { discordWebhookApi: { id: 'mine', name: 'Mine' } };
		});
		carryOver();
		const made = nodeOf(join(inFolder('out'), 'apply-access.json'), 'Make Access Match');
		const shipped = nodeOf(join(SHIPPED, 'apply-access.json'), 'Make Access Match');
		expect(made.parameters.tiers).toEqual({ tier: [{ tier: 'mine', products: 'mine' }] });
		expect(made.parameters.options).toEqual({
			...(shipped.parameters.options as object),
			leftAlone: 'builder',
		});
		const discord = nodeOf(join(inFolder('out'), 'on-error.json'), 'Discord');
		expect(discord.disabled).toBe(false);
		expect(discord.credentials).toEqual({ discordWebhookApi: { id: 'mine', name: 'Mine' } });
	});

	it('leaves out an option that was taken out, as deleting accounts may be', () => {
		const name = 'What Are They Entitled To?';
		edit('apply-access.json', name, ({ parameters }) => {
			delete (parameters.resolveOptions as Record<string, unknown>).deleteAccountAfterDays;
		});
		carryOver();
		const made = nodeOf(join(inFolder('out'), 'apply-access.json'), name);
		const { deleteAccountAfterDays: _gone, ...rest } = nodeOf(
			join(SHIPPED, 'apply-access.json'),
			name,
		).parameters.resolveOptions as Record<string, unknown>;
		expect(made.parameters.resolveOptions).toEqual(rest);
	});

	it('goes on where a node of one’s own has a credential, and says that it is left out', () => {
		edit('on-error.json', 'Discord', (node) => {
			node.name = 'Slack';
			node.type = 'n8n-nodes-base.slack';
			node.credentials = { slackApi: { id: 'mine', name: 'Mine' } };
		});
		edit('paymenter-events.json', 'Paymenter Event', ({ parameters }) => {
			parameters.path = 'mine';
		});
		expect(carryOver()).toContain('On Error: "Slack" is not carried over');
		const event = nodeOf(join(inFolder('out'), 'paymenter-events.json'), 'Paymenter Event');
		expect(event.parameters.path).toBe('mine');
	});

	it('writes nothing where a node with settings is gone', () => {
		edit('apply-access.json', 'Make Access Match', (node) => {
			node.name = 'Mine';
			node.credentials = { pterodactylApi: { id: 'mine', name: 'Mine' } };
		});
		expect(carryOver).toThrow(/no node "Mine" any more/);
		expect(readdirSync(folder)).toEqual(['old']);
	});
});
