import type { IExecuteFunctions } from 'n8n-workflow';

import type { Person } from '../../../../domain/access/account';
import type { PlanSettings } from '../../../../domain/access/planDocument';
import type { SyncRequest } from '../../../../domain/access/result';
import { PlanError, tiersOf, type Grant, type Plan } from '../../../../domain/access/tierPlan';
import { idOrNull } from '../../../../domain/ids';
import { parseJson } from '../../../../domain/json';
import { listOf, trimInvisible } from '../../../../domain/text';
import { permissionsIn } from '../../../../domain/work/syncRequest';

export function personAt(context: IExecuteFunctions, item: number): Person {
	const value = (name: string) => context.getNodeParameter(name, item, '');
	return {
		customerId: idOrNull(textOf(value('customerId'))),
		email: textOf(value('email')),
		name: textOf(value('customerName')),
		previousEmails: addressesOf(value('previousEmails')),
		takenEmails: [],
		accountId: null,
	};
}

/** The request of an item. Throws `PlanError` if a parameter is invalid. */
export function requestAt(
	context: IExecuteFunctions,
	item: number,
	{ plan, settings }: { plan: Plan; settings: PlanSettings },
): SyncRequest {
	const operation = context.getNodeParameter('operation', 0) as string;
	// Reading the whole collection would evaluate all its expressions, which is slow.
	const option = (name: string) => context.getNodeParameter(`options.${name}`, item, null);
	const person = personAt(context, item);
	if (!person.customerId && !person.email) {
		throw new PlanError('The customer is missing: enter a customer ID or an e-mail.');
	}
	const isByPlan = operation === 'get' || operation === 'sync';
	return {
		person,
		tiers: isByPlan ? tiersOf(plan, grantsOf(context.getNodeParameter('grants', item, ''))) : [],
		grantedBefore: accessMapOf('Granted Before', option('grantedBefore') ?? {}),
		removeAccount: operation === 'remove',
		liveEmails: [],
		dryRun: operation === 'get' || option('dryRun') === true,
		isNew: false,
		usernameTemplate: settings.usernameTemplate,
		leftAlone: settings.leftAlone,
		recorded:
			operation === 'restore'
				? accessMapOf('Access to Restore', context.getNodeParameter('recorded', item))
				: null,
		heldBecause: '',
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
