import type { IExecuteFunctions } from 'n8n-workflow';

import { idOrNull } from '../../../../domain/ids';
import { parseJson } from '../../../../domain/json';
import { listOf, trimInvisible } from '../../../../domain/text';
import type { Person } from '../../../../domain/access/account';
import {
	readPlanDocument,
	settingsOf,
	type PlanSettings,
} from '../../../../domain/access/planDocument';
import {
	NO_PLAN,
	PlanError,
	hasServers,
	tiersOf,
	type Grant,
	type Plan,
} from '../../../../domain/access/tierPlan';
import type { SyncRequest } from '../../../../domain/access/result';
import { permissionsIn } from '../../../../domain/work/syncRequest';
import { objectAt } from '../../../shared/items';
import { planDocumentOf } from '../tierPlan/get.operation';

/** Reads one option. Reading the whole collection would evaluate all its expressions, which is slow. */
const optionAt = <T>(context: IExecuteFunctions, item: number, name: string, otherwise: T): T =>
	(context.getNodeParameter(`options.${name}`, item, null) as T | null) ?? otherwise;

const operationOf = (context: IExecuteFunctions): string =>
	context.getNodeParameter('operation', 0) as string;

/** The plan of all items, from the node's own form or from its input; Restore needs none. */
export function planOf(context: IExecuteFunctions): { plan: Plan; settings: PlanSettings } {
	const isInput = context.getNodeParameter('planFrom', 0, 'node') === 'input';
	const document = isInput ? objectAt(context, 'tierPlan') : planDocumentOf(context);
	return operationOf(context) === 'restore'
		? { plan: NO_PLAN, settings: settingsOf(document) }
		: readPlanDocument(document);
}

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

const numberOf = (value: unknown): number | null => {
	const number = Number(textOf(value) ?? NaN);
	return Number.isSafeInteger(number) && number > 0 ? number : null;
};

/** The request of an item. Throws `PlanError` if a parameter is invalid. */
export function requestAt(
	context: IExecuteFunctions,
	item: number,
	{ plan, settings }: ReturnType<typeof planOf>,
): SyncRequest {
	const operation = operationOf(context);
	const option = <T>(name: string, otherwise: T) => optionAt(context, item, name, otherwise);
	const isByPlan = operation === 'get' || operation === 'sync';
	const person = personAt(context, item);
	if (!person.customerId && !person.email) {
		throw new PlanError('The customer is missing: enter a customer ID or an e-mail.');
	}
	const grants = isByPlan ? grantsOf(context.getNodeParameter('grants', item, '')) : [];
	const tiers = tiersOf(plan, grants);
	const dryRun = operation === 'get' || option('dryRun', false);
	const isDeleted = isByPlan && tiers.length === 0 && option('deleteAccount', false);
	return {
		person,
		tiers,
		grantedBefore: accessMapOf('Granted Before', option<unknown>('grantedBefore', {})),
		removeAccount: operation === 'remove' || isDeleted,
		// Only needed if all access is removed: saves evaluating an expression for everybody else.
		liveEmails: tiers.some(hasServers) ? [] : addressesOf(option<unknown>('liveEmails', [])),
		dryRun,
		isNew: !dryRun && option('isNew', false),
		usernameTemplate: settings.usernameTemplate,
		leftAlone: settings.leftAlone,
		recorded:
			operation === 'restore'
				? accessMapOf('Access to Restore', context.getNodeParameter('recorded', item))
				: null,
		heldBecause: option('heldBecause', ''),
	};
}

function textOf(value: unknown): string | null {
	const isText = typeof value === 'number' || typeof value === 'string';
	return isText ? trimInvisible(String(value)) || null : null;
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
	const list = typeof value === 'string' && /^\s*\[/.test(value) ? parseJson(value) : value;
	if (list === undefined || list === null) {
		throw new PlanError(
			'"Tiers or Products" has no value. Check its expression. (For "no access", use an empty string or list.)',
		);
	}
	if (!Array.isArray(list)) return namesOf(list);
	const wrong = list.find((grant) => !['string', 'object'].includes(typeof (grant ?? undefined)));
	if (wrong === undefined) return list as Grant[];
	throw new PlanError(`Invalid entry in "Tiers or Products": ${JSON.stringify(wrong)}.`);
}

function accessMapOf(parameter: string, value: unknown): Record<string, string[]> {
	const map = permissionsIn(typeof value === 'string' ? value || '{}' : JSON.stringify(value));
	if (map) return map;
	throw new PlanError(
		`"${parameter}" must be an object with a list of permissions for each server’s UUID.`,
	);
}
