import type { INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { failedItem } from '../../../shared/failedItem';
import { noticeField, optionsField, textField } from '../../../shared/fields';
import { itemOf, textAt } from '../../../shared/items';
import { listOf } from '../../../../domain/text';
import { hasCredential } from '../../../shared/api';
import { paymenterOf } from '../../transport/client';
import { PAYMENTER } from '../../transport/errors';
import type { Service } from '../../../../domain/reconcile/service';
import { compare, missingOf } from '../../../../domain/reconcile/compare';
import { propertyCorrections } from '../../../../domain/reconcile/corrections';
import { loggedSubscriptionsOf } from '../../../../domain/reconcile/loggedSubscriptions';
import { logOf } from './resolve.operation';
import type { Operation } from '../../../shared/operation';

/** Subscription → Compare: takes all rows of the log and returns the events that are missing in it. */
export const compareOperation: Operation = {
	name: 'Compare',
	value: 'compare',
	description: 'Find events that are missing in the event log',
	action: 'Compare with the event log',
	properties: [
		noticeField(
			'compareNotice',
			'Input: all rows of the event log. The node reads all subscriptions from Paymenter and outputs the events that are missing in the log; none if both agree. Append them to the log.',
		),
		optionsField('Options', 'compareOptions', [
			textField(
				'Customer Properties',
				'customerProperties',
				'The keys of Paymenter’s custom properties that are compared as well, separated by commas. Empty: none. Tier Plan → Get outputs those that ranks and roles need.',
				{ placeholder: 'e.g. minecraft_username, discord_id' },
			),
			textField(
				'Products',
				'products',
				'If the shop also sells other things: the slugs of the products in the tier plan, separated by commas. Empty: all products.',
				{ placeholder: 'e.g. fire-knight, frost-knight' },
			),
		]),
	],
	async execute() {
		if (!hasCredential(this, PAYMENTER)) {
			this.addExecutionHints({
				message: 'No Paymenter credential is selected in this node, so nothing was compared',
			});
			return [];
		}
		const found: INodeExecutionData[] = [];
		// Nothing may be thrown if the workflow goes on: n8n would pass the log on as if it were the corrections.
		try {
			const log = logOf(this, (_, why, itemIndex) => {
				const message = `Item ${itemIndex} is not a row of the event log: ${why}`;
				throw new NodeOperationError(this.getNode(), message, { itemIndex });
			});
			const products = listOf(textAt(this, 'compareOptions.products'));
			const keys = listOf(textAt(this, 'compareOptions.customerProperties'));
			const now = new Date();
			const readAt = now.toISOString();
			const logged = new Set(log.map(({ event_id }) => event_id));
			const known = loggedSubscriptionsOf(log, now);
			const paymenter = await paymenterOf(this);
			const truth = new Map<string, Service | null>();
			for (const service of await paymenter.services()) truth.set(service.subscription_id, service);
			for (const id of missingOf({ known, truth })) truth.set(id, await paymenter.service(id));
			const nameless = [...truth.keys()].filter(
				(id) => truth.get(id)?.product_id === null && !known.has(id),
			);
			if (nameless.length > 0) {
				this.addExecutionHints({
					message: `Skipped, because their product was deleted in Paymenter: subscriptions ${nameless.join(', ')}`,
				});
			}
			found.push(...compare({ known, logged, truth, readAt, products }).map(itemOf));
			if (keys.length > 0) {
				const said = await paymenter.customerProperties();
				const corrections = propertyCorrections(log, said, keys, readAt);
				found.push(...corrections.filter(({ event_id }) => !logged.has(event_id)).map(itemOf));
			}
			return found;
		} catch (error) {
			return [...found, failedItem(this, error, 0)];
		}
	},
};
