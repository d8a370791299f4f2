import type { IExecuteFunctions } from 'n8n-workflow';

import { connected, keyTest, openApi, orNull, type ApiOptions } from '../../shared/api';
import { queryOf, type HttpClient } from '../../shared/httpClient';
import { PAYMENTER } from './errors';
import { readCustomerProperties, readService, type Resource } from './service';
import { type Service } from '../../../domain/reconcile/service';

const MAX_PAGES = 10_000;
const INCLUDE = 'user,product';

interface Document<T> {
	data: T;
	included?: Resource[];
	links?: { next?: string };
}

/**
 * The client of Paymenter's Admin API, as measured in the contract (numbers in brackets are recorded
 * exchanges). It only reads. All functions throw `ApiError`.
 */
export function connect(http: HttpClient, options: ApiOptions) {
	const send = openApi(http, PAYMENTER, options);
	const read = async <T>(path: string, query: Parameters<typeof queryOf>[0]) =>
		(await send({
			method: 'GET',
			path: `/api/v1/admin/${path}${queryOf(query)}`,
		})) as Document<T>;

	/**
	 * All of a kind, by id. Pages are counted until there is no next one; the link is not followed,
	 * because it loses every other parameter [11]. Without a sort the database may return any order.
	 */
	async function all<T>(
		kind: string,
		include: string,
		readOne: (resource: Resource, included: Resource[]) => T,
	): Promise<Map<string, T>> {
		const found = new Map<string, T>();
		for (let page = 1; page <= MAX_PAGES; page++) {
			const query = { sort: 'id', include, page, per_page: PAYMENTER.pageSize };
			const { data, included = [], links } = await read<Resource[]>(kind, query);
			for (const one of data) found.set(one.id, readOne(one, included));
			if (data.length === 0 || !links?.next) break;
		}
		return found;
	}

	return {
		/**
		 * All services. If one is deleted meanwhile, another may move to a page that was already read and
		 * be missing here: ask for it by its id before you conclude that it is gone.
		 */
		services: async () => [...(await all('services', INCLUDE, readService)).values()],

		/** The custom properties of all customers, by their id [92]. */
		customerProperties: async () => await all('users', 'properties', readCustomerProperties),

		/** One service, or null if Paymenter itself says that it does not exist [68]. */
		async service(id: string): Promise<Service | null> {
			const path = `services/${encodeURIComponent(id)}`;
			const found = await orNull(read<Resource>(path, { include: INCLUDE }));
			return found && readService(found.data, found.included ?? []);
		},

		/** Throws unless the key has all rights that this node needs. */
		async check(): Promise<void> {
			const query = { sort: 'id', include: INCLUDE, per_page: 1 };
			const { data, included = [] } = await read<Resource[]>('services', query);
			for (const resource of data) readService(resource, included);
		},
	};
}

export const paymenterOf = async (context: IExecuteFunctions) =>
	await connected(context, PAYMENTER, connect);

/** The credential test: says what the key cannot do, and why. */
export const testKey = keyTest(
	PAYMENTER,
	connect,
	'The key can read services, their customers and products',
);
