import type { Input } from '../panel/php.cjs';
import { isArray } from '../panel/php.cjs';
import { refuse } from './laravel.cjs';
import type { Resource } from './resources.cjs';

/** JSON:API documents as Paymenter's library writes them. */

interface Tree {
	[relation: string]: Tree;
}

/** `include=category,plans.prices` */
function treeOf(query: Input): Tree {
	const tree: Tree = {};
	const names = typeof query.include === 'string' ? query.include.split(',') : [];
	for (const name of names) {
		let level = tree;
		for (const part of name.split('.')) level = level[part] ??= {};
	}
	return tree;
}

/** `fields[services]=id,status`; undefined: all. */
function fieldsOf(query: Input, type: string): string[] | undefined {
	const { fields } = query;
	if (fields === undefined || fields === null) return undefined;
	if (!isArray(fields)) {
		throw refuse(400, 'The fields parameter must be an array of resource types.');
	}
	if (!(type in fields)) return undefined;
	const own = (fields as Input)[type] ?? '';
	if (typeof own !== 'string') {
		throw refuse(400, 'The fields parameter value must be a comma seperated list of attributes.');
	}
	return own.split(',');
}

const identifier = ({ type, id }: Resource) => ({ type, id });

function related(resource: Resource, name: string): Resource[] {
	const found = resource.relations[name]?.() ?? [];
	return Array.isArray(found) ? found : [found];
}

const asked = (resource: Resource, tree: Tree): string[] =>
	Object.keys(resource.relations).filter((name) => name in tree);

function shown(resource: Resource, query: Input, tree: Tree): Input {
	const fields = fieldsOf(query, resource.type);
	if (isArray(query.include)) {
		throw refuse(
			400,
			'The include parameter must be a comma seperated list of relationship paths.',
		);
	}
	const attributes = Object.fromEntries(
		Object.entries(resource.attributes).filter(([name]) => !fields || fields.includes(name)),
	);
	const relationships = Object.fromEntries(
		asked(resource, tree).map((name) => {
			const found = resource.relations[name]?.() ?? null;
			const data = Array.isArray(found) ? found.map(identifier) : found && identifier(found);
			return [name, { data }];
		}),
	);
	const { meta } = resource;
	const parts = {
		attributes,
		relationships,
		meta: meta && meta.with in tree ? meta.value() : {},
	};
	const filled = Object.entries(parts).filter(([, part]) => Object.keys(part).length > 0);
	return { id: resource.id, type: resource.type, ...Object.fromEntries(filled) };
}

/** What is included directly comes before what is included with it. */
function included(resource: Resource, query: Input, tree: Tree): Input[] {
	const names = asked(resource, tree);
	const own = names.flatMap((name) =>
		related(resource, name).map((one) => shown(one, query, tree[name] ?? {})),
	);
	const nested = names.flatMap((name) =>
		related(resource, name).flatMap((one) => included(one, query, tree[name] ?? {})),
	);
	return [...own, ...nested];
}

function withIncluded(body: Input, resources: Resource[], query: Input, tree: Tree): Input {
	const seen = new Map<string, Input>();
	for (const one of resources.flatMap((resource) => included(resource, query, tree))) {
		const key = `${String(one.type)}:${String(one.id)}`;
		if (!seen.has(key)) seen.set(key, one);
	}
	return seen.size > 0 ? { ...body, included: [...seen.values()] } : body;
}

export function one(resource: Resource, query: Input): Input {
	const tree = treeOf(query);
	return withIncluded({ data: shown(resource, query, tree) }, [resource], query, tree);
}

export function many(resources: Resource[], paging: Input, query: Input): Input {
	const tree = treeOf(query);
	const data = resources.map((resource) => shown(resource, query, tree));
	return withIncluded({ data, ...paging }, resources, query, tree);
}
