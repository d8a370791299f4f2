import type { INodeProperties, INodeTypeDescription } from 'n8n-workflow';

import { flagField, noticeField, numberField, optionsField, textField } from '../shared/fields';
import { BILLING_EVENTS } from '../../domain/events/event';

const EVENT_DESCRIPTIONS: Record<(typeof BILLING_EVENTS)[number], string> = {
	'customer.updated': 'Name, e-mail or a custom property of a customer changed',
	'subscription.created': 'A subscription became active for the first time',
	'subscription.updated':
		'Product, owner, e-mail or planned end changed, or somebody suspended it manually',
	'payment.failed': 'A payment failed: the grace period begins when the paid period ends',
	'payment.succeeded': 'A payment was received: grace and suspension end',
	'payment.refunded':
		'A payment was refunded in full: the subscription is suspended until another payment',
	'payment.disputed':
		'A customer had a payment charged back: the subscription is suspended until another payment',
	'subscription.cancelled': 'A subscription was cancelled or deleted',
};

export const triggerProperties: INodeProperties[] = [
	noticeField(
		'notice',
		'Give the sender the <b>production URL</b> above and the signing secret of the credential. An event is delivered only when the answer is 2xx and has the header <code>x-paymenter-event</code> (stored) or <code>x-paymenter-ignored</code>. Only 413, 415 and 422 with <code>x-paymenter-refused</code> are final; send it again after every other answer.',
	),
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		options: BILLING_EVENTS.map((value) => ({
			// `Payment Failed`
			name: value.replace('.', ' ').replace(/\b[a-z]/g, (letter) => letter.toUpperCase()),
			value,
			description: EVENT_DESCRIPTIONS[value],
		})),
		default: [...BILLING_EVENTS],
		required: true,
		description: 'The events that start the workflow. Others are answered with 202 and ignored.',
	},
	textField(
		'Path',
		'path',
		'The last part of the webhook URL. Two active workflows cannot share one.',
		{ default: 'paymenter', required: true, placeholder: 'e.g. paymenter' },
	),
	optionsField('Security', 'security', [
		textField(
			'IP Allowlist',
			'ipAllowlist',
			'The addresses and CIDR ranges that requests may come from, separated by commas or line breaks. Behind a proxy, N8N_PROXY_HOPS must be set, or every request seems to come from the proxy.',
			{ typeOptions: { rows: 3 }, placeholder: 'e.g. 203.0.113.7, 2001:db8::/32' },
		),
		numberField(
			'Maximum Body Size (KiB)',
			'maxBodySize',
			'Larger requests are refused with 413. An event is smaller than 1 KiB.',
			{ typeOptions: { minValue: 1, maxValue: 1024 }, default: 64 },
		),
		flagField(
			'Require HTTPS',
			'requireHttps',
			'Whether to refuse requests over plain HTTP. Behind a proxy that terminates TLS, N8N_PROXY_HOPS must be set.',
			{ default: true },
		),
	]),
];

export const triggerPanel: INodeTypeDescription['triggerPanel'] = {
	header: 'Tell Paymenter where to send its events',
	executionsHelp: {
		inactive:
			'<b>To try it</b>, click "Listen for test event", enter the <b>test URL</b> in the settings of Paymenter’s n8n Webhooks extension, and buy a product. Saving the settings sends a <code>ping</code>, which is answered but starts nothing here.<br /><br /><b>In production</b>, publish the workflow: events go to the <b>production URL</b> and show up in the list of executions.',
		active:
			'<b>In production</b>, events go to the <b>production URL</b>; each one is an execution in the list.<br /><br />A refused request does not start an execution: the sender gets the reason in the response, and n8n’s log has a line with it.',
	},
	activationHint:
		'Publish the workflow, then enter its production URL and the signing secret in Paymenter.',
};
