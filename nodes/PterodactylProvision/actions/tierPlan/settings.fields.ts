import type { INodeProperties } from 'n8n-workflow';

export const allowHarmfulField: INodeProperties = {
	displayName: 'Allow Harmful Permissions',
	name: 'allowHarmful',
	type: 'boolean',
	default: false,
	description:
		'Whether tiers may give permissions with which a customer could harm a shared server, such as control.console or file.update',
};

export const leftAloneField: INodeProperties = {
	displayName: 'Accounts Left Alone',
	name: 'leftAlone',
	type: 'string',
	default: '',
	placeholder: 'e.g. admin@example.com, builder',
	description:
		'E-mails or usernames of accounts that must never be touched, such as staff with manual access. Administrators are never touched, listed or not.',
};

export const usernameTemplateField: INodeProperties = {
	displayName: 'Username Template',
	name: 'usernameTemplate',
	type: 'string',
	default: '{name}',
	placeholder: 'e.g. {name}-{customer}',
	description:
		'For new accounts. {name}, {email} (the part before the @) and {customer} (the customer ID) are replaced; characters that the panel does not accept are removed. If the username is taken, the customer ID is added.',
};

const graceDaysField: INodeProperties = {
	displayName: 'Days of Grace',
	name: 'graceDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 7,
	description: 'How long access lasts after a failed payment',
};

const deleteAccountField: INodeProperties = {
	displayName: 'Delete Account After (Days)',
	name: 'deleteAccountAfterDays',
	type: 'number',
	typeOptions: { minValue: -1 },
	default: 30,
	description:
		'How long the account is kept after the last cancellation. -1: for ever. An account that anything else uses is never deleted.',
};

/** The settings that belong to the plan; the plan itself is in `planFields`. */
export const tierPlanSettings: INodeProperties[] = [
	allowHarmfulField,
	graceDaysField,
	deleteAccountField,
	leftAloneField,
	usernameTemplateField,
].map((field) => ({
	...field,
	displayOptions: { show: { resource: ['tierPlan'], operation: ['get'] } },
}));
