import type { IExecuteFunctions } from 'n8n-workflow';

import { idOrNull } from '../../../../domain/ids';
import { objectAt } from '../../../shared/items';
import { parseJson } from '../../../shared/json';
import { listOf, trimInvisible } from '../../../../domain/text';
import type { Person } from '../../../../domain/access/account';
import { readPlanDocument, type PlanSettings } from '../../../../domain/access/planDocument';
import { CONNECTION_DEFAULTS } from '../../transport/connection';
import {
	NO_PLAN,
	PlanError,
	readPlan,
	tiersOf,
	type Grant,
	type Plan,
	type PlanForm,
} from '../../../../domain/access/tierPlan';
import type { SyncRequest } from '../../../../domain/access/result';

const OPERATIONS = ['get', 'remove', 'restore', 'suspend', 'sync'];

/** Reads one option. Reading the whole collection would evaluate all its expressions, which is slow. */
const optionAt = <T>(context: IExecuteFunctions, item: number, name: string, otherwise: T): T =>
	(context.getNodeParameter(`options.${name}`, item, null) as T | null) ?? otherwise;

/** A plan, with its settings if they came with it; otherwise the node's options hold them. */
export interface GivenPlan {
	plan: Plan;
	settings?: PlanSettings;
}

function planAt(context: IExecuteFunctions, item: number): GivenPlan {
	if (context.getNodeParameter('operation', item) === 'restore') return { plan: NO_PLAN };
	const form: PlanForm = {
		serverGroups: context.getNodeParameter('serverGroups.group', item, []) as never,
		tiers: context.getNodeParameter('tiers.tier', item, []) as never,
		allowHarmful: optionAt(context, item, 'allowHarmful', false),
	};
	return { plan: readPlan(form) };
}

/** Returns the plan of an item; reads it only once unless an expression can make it differ. */
export function plansOf(context: IExecuteFunctions): (item: number) => GivenPlan {
	let plan: GivenPlan | undefined;
	if (context.getNodeParameter('planFrom', 0, 'node') === 'input') {
		return () => (plan ??= readPlanDocument(objectAt(context, 'tierPlan')));
	}
	const { serverGroups, tiers, options } = context.getNode().parameters;
	const { allowHarmful } = (options ?? {}) as { allowHarmful?: unknown };
	const hasExpression = JSON.stringify([serverGroups, tiers, allowHarmful]).includes('"=');
	return (item) => (hasExpression ? planAt(context, item) : (plan ??= planAt(context, item)));
}

export function connectionAt(context: IExecuteFunctions, item: number) {
	const { retries, pageSize, timeoutMs } = CONNECTION_DEFAULTS;
	return {
		retries: optionAt(context, item, 'retries', retries),
		pageSize: optionAt(context, item, 'pageSize', pageSize),
		timeoutMs: optionAt(context, item, 'timeout', timeoutMs / 1000) * 1000,
	};
}

/** Whether customers without changes get a short output. */
export const isBrief = (context: IExecuteFunctions): boolean =>
	optionAt(context, 0, 'brief', false);

/** The customer of an item. */
export function personAt(context: IExecuteFunctions, item: number): Person {
	const value = (name: string) => context.getNodeParameter(name, item, '');
	return {
		customerId: idOrNull(textOf(value('customerId'))),
		email: textOf(value('email')),
		name: textOf(value('customerName')),
		previousEmails: addressesOf(value('previousEmails')),
		takenEmails: addressesOf(optionAt<unknown>(context, item, 'takenEmails', [])),
		accountId: numberOf(optionAt<unknown>(context, item, 'accountId', null)),
	};
}

function numberOf(value: unknown): number | null {
	const number = Number(textOf(value) ?? NaN);
	return Number.isSafeInteger(number) && number > 0 ? number : null;
}

/** The customers of the run's dry-run or other items, except those on hold; computed on demand. */
export function customersOf(context: IExecuteFunctions): (dryRun: boolean) => Person[] {
	const customers = new Map<boolean, Person[]>();
	return (dryRun) => {
		const known = customers.get(dryRun);
		if (known) return known;
		const found = [...context.getInputData().keys()]
			.filter((item) => isDryRun(context, item) === dryRun)
			.filter((item) => !optionAt(context, item, 'heldBecause', ''))
			.map((item) => personAt(context, item));
		customers.set(dryRun, found);
		return found;
	};
}

const isDryRun = (context: IExecuteFunctions, item: number): boolean =>
	context.getNodeParameter('operation', item) === 'get' || optionAt(context, item, 'dryRun', false);

/** The request of an item. Throws `PlanError` if a parameter is invalid. */
export function requestAt(
	context: IExecuteFunctions,
	item: number,
	{ plan, settings }: GivenPlan,
	customers: (dryRun: boolean) => Person[],
): SyncRequest {
	const operation = context.getNodeParameter('operation', item) as string;
	if (!OPERATIONS.includes(operation)) {
		throw new PlanError(`Unknown operation ${JSON.stringify(operation)}.`);
	}
	const option = <T>(name: string, otherwise: T) => optionAt(context, item, name, otherwise);
	const isByPlan = operation === 'get' || operation === 'sync';
	const person = personAt(context, item);
	if (!person.customerId && !person.email) {
		throw new PlanError('The customer is missing: enter a customer ID or an e-mail.');
	}
	const grants = isByPlan ? grantsOf(context.getNodeParameter('grants', item, '')) : [];
	const tiers = tiersOf(plan, grants);
	const dryRun = isDryRun(context, item);
	const removeAccount =
		operation === 'remove' || (isByPlan && tiers.length === 0 && option('deleteAccount', false));
	return {
		person,
		tiers,
		grantedBefore: accessMapOf('Granted Before', option<unknown>('grantedBefore', {})),
		removeAccount,
		// Only needed if all access is removed: saves evaluating an expression for everybody else.
		liveEmails: tiers.length === 0 ? addressesOf(option<unknown>('liveEmails', [])) : [],
		dryRun,
		isNew: !dryRun && option('isNew', false),
		usernameTemplate: settings?.usernameTemplate ?? (option('usernameTemplate', '') || '{name}'),
		leftAlone: settings?.leftAlone ?? addressesOf(option('leftAlone', '')),
		customers: () => customers(dryRun),
		random: Math.random().toString(36).slice(2, 7),
		recorded:
			operation === 'restore'
				? accessMapOf('Access to Restore', context.getNodeParameter('recorded', item))
				: null,
		heldBecause: option('heldBecause', ''),
	};
}

function textOf(value: unknown): string | null {
	const isText = typeof value === 'number' || typeof value === 'string';
	const text = isText ? trimInvisible(String(value)) : '';
	return text === '' ? null : text;
}

/** Reads a list, or a comma-separated string. */
export const namesOf = (value: unknown): string[] =>
	Array.isArray(value) ? entriesOf(value) : listOf(String(value ?? ''));

/** The same for addresses and usernames, which may also be separated by spaces or line breaks. */
export const addressesOf = (value: unknown): string[] =>
	entriesOf(Array.isArray(value) ? value : String(value ?? '').split(/[,\s]+/));

const entriesOf = (list: unknown[]): string[] =>
	list.map((entry) => trimInvisible(String(entry))).filter((entry) => entry !== '');

function grantsOf(value: unknown): Grant[] {
	const parsed = typeof value === 'string' && /^\s*\[/.test(value) ? parse(value) : value;
	if (parsed === undefined || parsed === null) {
		throw new PlanError(
			'"Tiers or Products" has no value. Check its expression. (For "no access", use an empty string or list.)',
		);
	}
	if (!Array.isArray(parsed)) return namesOf(parsed);
	return parsed.map((grant: unknown) => {
		if (typeof grant === 'string') return grant;
		if (typeof grant === 'object' && grant !== null) return grant as Grant;
		throw new PlanError(`Invalid entry in "Tiers or Products": ${JSON.stringify(grant)}.`);
	});
}

function accessMapOf(parameter: string, value: unknown): Record<string, string[]> {
	const parsed = typeof value === 'string' ? parse(value || '{}') : (value ?? {});
	const isMap =
		typeof parsed === 'object' &&
		parsed !== null &&
		Object.values(parsed).every((keys) => Array.isArray(keys));
	if (!isMap) {
		throw new PlanError(
			`"${parameter}" must be an object with a list of permissions for each server identifier.`,
		);
	}
	return parsed as Record<string, string[]>;
}

function parse(text: string): unknown {
	const parsed = parseJson(text);
	if (parsed === undefined) {
		throw new PlanError(`Invalid JSON: ${JSON.stringify(text.slice(0, 80))}.`);
	}
	return parsed;
}
