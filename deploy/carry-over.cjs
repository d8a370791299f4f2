/**
 * Writes the workflows of a new release with what was filled in in the old ones: credentials,
 * the tier plan, options, times. How to use it: docs/deploy.md, "Upgrading".
 *
 * node carry-over.cjs OLD NEW OUT: folders with one workflow a file. OUT is made.
 */
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/** What people fill in, by the name of the node. */
const FILLED_IN = {
	'Make Access Match': ['serverGroups', 'tiers', 'options'],
	'Compare with Paymenter': ['compareOptions'],
	'Paymenter Event': ['events', 'path', 'security'],
	'What Are They Entitled To?': ['graceDays', 'resolveOptions'],
	'Every Night': ['rule'],
};

const OUR_NODES = /\.(paymenter|paymenterTrigger|pterodactylProvision)$/;

const [oldFolder, newFolder, outFolder] = process.argv.slice(2);
if (!outFolder) throw new Error('Usage: node carry-over.cjs OLD NEW OUT');

const workflowsIn = (folder) =>
	readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.map((file) => ({ file, ...JSON.parse(readFileSync(join(folder, file), 'utf8')) }));

const isExpression = (value) => typeof value === 'string' && value.startsWith('=');
const isGroup = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Expressions belong to the release, everything else to whoever filled it in. */
function carried(before, now) {
	if (before === undefined || isExpression(before) || isExpression(now)) return now;
	if (!isGroup(before) || !isGroup(now)) return before;
	// What was taken out is left out.
	const names = new Set([
		...Object.keys(now).filter((name) => name in before || isExpression(now[name])),
		...Object.keys(before),
	]);
	return Object.fromEntries([...names].map((name) => [name, carried(before[name], now[name])]));
}

const old = workflowsIn(oldFolder);
const carriedOver = workflowsIn(newFolder).map(({ file, ...workflow }) => {
	const nodesBefore = old.find(({ id }) => id === workflow.id)?.nodes ?? [];
	for (const before of nodesBefore) {
		const node = workflow.nodes.find(
			({ name, type }) => name === before.name && type === before.type,
		);
		if (!node) {
			const isOurs = FILLED_IN[before.name] || OUR_NODES.test(before.type);
			if (isOurs) {
				throw new Error(
					`${workflow.name} has no node "${before.name}" any more. Nothing was written: import the new workflows as they are, and fill in by hand what ${oldFolder} has in that node.`,
				);
			}
			if (before.credentials) {
				console.log(
					`${workflow.name}: "${before.name}" is not carried over, nor what it was connected to. Add it again by hand, as ${oldFolder} has it.`,
				);
			}
			continue;
		}
		if (before.credentials) node.credentials = before.credentials;
		if (before.disabled !== undefined) node.disabled = before.disabled;
		for (const name of FILLED_IN[before.name] ?? []) {
			node.parameters[name] = carried(before.parameters[name], node.parameters[name]);
		}
	}
	console.log(`${workflow.name}: ${nodesBefore.length ? 'carried over' : 'new, nothing to carry'}`);
	return { file, workflow };
});

mkdirSync(outFolder, { recursive: true });
for (const { file, workflow } of carriedOver) {
	writeFileSync(join(outFolder, file), JSON.stringify(workflow, null, '\t'));
}
