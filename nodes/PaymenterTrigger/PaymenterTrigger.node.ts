import type {
	ICredentialTestFunctions,
	ICredentialsDecrypted,
	IHookFunctions,
	INodeCredentialTestResult,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import {
	NodeConnectionTypes,
	NodeOperationError,
	fromParameter,
	webhookDescriptionFields,
} from 'n8n-workflow';

import { parseAllowlist } from './webhook/ipAllowlist';
import { triggerProperties, triggerPanel } from './description';
import { readEvent } from '../../domain/events/parse';
import { queueKey } from '../../domain/events/append';
import { rowOf } from '../../domain/events/row';
import { BILLING_EVENTS } from '../../domain/events/event';
import { checkRequest, type WebhookSettings, type WebhookRequest } from './webhook/checkRequest';
import { Refusal, whySecretIsWrong, type WebhookCredential } from './webhook/signature';

/**
 * A response is final for the sender only with one of these headers: stored, ignored, or refused for
 * good. Without them n8n itself may have responded: 200 while it starts, 400 if the package is missing.
 */
const STORED_HEADER = 'x-paymenter-event';
const IGNORED_HEADER = 'x-paymenter-ignored';
const REFUSED_HEADER = 'x-paymenter-refused';

export class PaymenterTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Paymenter Trigger',
		name: 'paymenterTrigger',
		icon: {
			light: 'file:../../icons/paymenterTrigger.svg',
			dark: 'file:../../icons/paymenterTrigger.dark.svg',
		},
		group: ['trigger'],
		// Version 2 without an expression in its webhook: n8n then starts no expression engine for an event.
		version: 2,
		subtitle: `={{ $parameter["events"].length }} of ${BILLING_EVENTS.length} events`,
		description:
			'Starts the workflow when Paymenter reports a purchase, a payment or a cancellation',
		eventTriggerDescription: 'Waiting for Paymenter to send an event',
		activationMessage:
			'Paymenter can now send its events to the production URL of the Paymenter Trigger.',
		defaults: { name: 'Paymenter Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'paymenterWebhookApi',
				required: true,
				testedBy: 'paymenterWebhookSecretTest',
			},
		],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				...webhookDescriptionFields({ path: fromParameter('path') }),
				isFullPath: true,
				// Respond after the workflow has run, so that 2xx means "stored".
				responseMode: 'lastNode',
				responseData: 'noData',
			},
		],
		triggerPanel,
		properties: triggerProperties,
	};

	methods = {
		credentialTest: {
			async paymenterWebhookSecretTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const wrong = whySecretIsWrong(credential.data as unknown as WebhookCredential);
				return wrong
					? { status: 'Error', message: wrong }
					: { status: 'OK', message: 'The secret has the right form' };
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			/** Registers nothing at Paymenter, but reports invalid settings before the first event. */
			async create(this: IHookFunctions): Promise<boolean> {
				const allowlist = parseAllowlist(
					this.getNodeParameter('security.ipAllowlist', '') as string,
				);
				if ('wrong' in allowlist) {
					throw new NodeOperationError(
						this.getNode(),
						`Invalid entry in the IP allowlist: "${allowlist.wrong}"`,
						{ description: 'Enter addresses or CIDR ranges such as 203.0.113.7 or 2001:db8::/32' },
					);
				}
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = this.getRequestObject();
		const response = this.getResponseObject();
		const answer = (
			status: number,
			body: object,
			why = '',
			headers: Record<string, string> = {},
		): IWebhookResponseData => {
			if (why) {
				const who = request.ip ?? 'an unknown address';
				this.logger.warn(`${this.getNode().name} answered ${status} to ${who}: ${why}`);
			}
			for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
			response.status(status).json(body);
			return { noWebhookResponse: true };
		};

		// An error thrown here would start an execution, and show a stack trace to any stranger.
		try {
			const credential = await this.getCredentials<WebhookCredential>('paymenterWebhookApi');
			const settings: WebhookSettings = {
				credential,
				requireHttps: this.getNodeParameter('security.requireHttps', true) as boolean,
				allowlist: this.getNodeParameter('security.ipAllowlist', '') as string,
				maxBodyBytes: (this.getNodeParameter('security.maxBodySize', 64) as number) * 1024,
			};
			const now = new Date();
			const received: WebhookRequest = {
				protocol: request.protocol,
				address: request.ip ?? '',
				headers: request.headersDistinct,
				body: request.rawBody ?? Buffer.alloc(0),
			};
			const accepted = checkRequest(received, settings, Math.floor(now.getTime() / 1000));

			const reading = readEvent({ ...accepted, at: now });
			switch (reading.kind) {
				case 'malformed': {
					const { field } = reading;
					const error = `${field} ${reading.why}`;
					return answer(422, { error, field }, error, { [REFUSED_HEADER]: field });
				}
				case 'unknown': {
					const why = `ignored the unknown event ${JSON.stringify(reading.type)}`;
					const headers = { [IGNORED_HEADER]: 'unknown-event' };
					return answer(202, { ignored: true, reason: 'unknown event' }, why, headers);
				}
				case 'ping':
					return answer(200, { ok: true }, '', { [IGNORED_HEADER]: 'ping' });
				case 'event': {
					const { event } = reading;
					if (!(this.getNodeParameter('events') as string[]).includes(event.event)) {
						const headers = { [IGNORED_HEADER]: 'not-selected' };
						return answer(202, { ignored: true, reason: 'event not selected' }, '', headers);
					}
					response.setHeader(STORED_HEADER, encodeURIComponent(event.event_id));
					const queue = queueKey('webhook', event.received_at, event.event_id);
					return { workflowData: [[{ json: { ...rowOf(event), queue } }]] };
				}
			}
		} catch (error) {
			if (error instanceof Refusal) {
				const { status, message: why } = error;
				const final = { 413: 'size', 415: 'type', 401: null, 403: null }[status];
				return answer(status, { error: why }, why, final ? { [REFUSED_HEADER]: final } : {});
			}
			const why = error instanceof Error ? error.message : 'unknown reason';
			return answer(500, { error: 'The request could not be read' }, why);
		}
	}
}
