import { ANY_ANSWER, pauseBefore, queryOf, type HttpClient } from '../../shared/httpClient';
import { parseJson } from '../../shared/json';
import { PaymenterError, noAnswer, notPaymenter, refusal } from './errors';
import { readCustomerProperties, readService, type Resource } from './service';
import type { CustomerProperties } from '../../../domain/events/customerProperties';
import { type Service } from '../../../domain/reconcile/service';

export interface PaymenterOptions {
	url: string;
	retries: number;
	/** Services per page; Paymenter has no upper limit [08]. */
	pageSize: number;
	timeoutMs: number;
}

export const CONNECTION_DEFAULTS = { retries: 3, pageSize: 200, timeoutMs: 30_000 };

const LONGEST_WAIT_MS = 60_000;
const MAX_PAGES = 10_000;
const INCLUDE = 'user,product';

interface Document {
	data: unknown;
	included?: Resource[];
	links?: { next?: string };
}

/**
 * The HTTP client for Paymenter's Admin API, as measured in the contract (numbers in brackets are
 * recorded exchanges). It only reads. All functions throw `PaymenterError`.
 */
export function connect(wire: HttpClient, options: PaymenterOptions) {
	const base = options.url.trim().replace(/\/+$/, '');

	async function once(path: string): Promise<Document | PaymenterError> {
		const answer = await wire
			.send({
				method: 'GET',
				url: `${base}${path}`,
				// Without Accept, errors come as HTML pages [123, 125, 187].
				headers: { Accept: 'application/json' },
				...ANY_ANSWER,
				timeout: options.timeoutMs,
			})
			.catch((error: unknown) => noAnswer(path, error, base));
		if (answer instanceof PaymenterError) return answer;
		const { body: sent } = answer;
		const body = typeof sent === 'string' ? (parseJson(sent) ?? sent) : sent;
		if (answer.statusCode < 200 || answer.statusCode >= 300) {
			return refusal(path, { ...answer, body });
		}
		const isDocument = typeof body === 'object' && body !== null && 'data' in body;
		return isDocument ? (body as Document) : notPaymenter(path, { ...answer, body });
	}

	async function read(path: string): Promise<Document> {
		for (let attempt = 0; ; attempt++) {
			const answer = await once(path);
			if (!(answer instanceof PaymenterError)) return answer;
			const { retryable } = answer;
			if (!retryable || attempt >= options.retries) throw answer;
			const asked = (retryable.afterSeconds ?? 0) * 1000;
			if (asked > LONGEST_WAIT_MS) throw answer;
			await wire.pause(asked || pauseBefore(attempt, wire.random()));
		}
	}

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
			const query = queryOf({ sort: 'id', include, page, per_page: options.pageSize });
			const list = await read(`/api/v1/admin/${kind}${query}`);
			const data = list.data as Resource[];
			for (const one of data) found.set(one.id, readOne(one, list.included ?? []));
			if (data.length === 0 || !list.links?.next) break;
		}
		return found;
	}

	/**
	 * All services. If one is deleted meanwhile, another may move to a page that was already read and be
	 * missing here: ask for it by its id before you conclude that it is gone.
	 */
	async function services(): Promise<Service[]> {
		return [...(await all('services', INCLUDE, readService)).values()];
	}

	/** The custom properties of all customers, by their id [92]. */
	async function customerProperties(): Promise<Map<string, CustomerProperties>> {
		return await all('users', 'properties', readCustomerProperties);
	}

	/** One service, or null if Paymenter itself says that it does not exist [68]. */
	async function service(id: string): Promise<Service | null> {
		const path = `/api/v1/admin/services/${encodeURIComponent(id)}${queryOf({ include: INCLUDE })}`;
		const answer = await read(path).catch((error: unknown) => {
			if (error instanceof PaymenterError && error.isNotFound) return null;
			throw error;
		});
		return answer && readService(answer.data as Resource, answer.included ?? []);
	}

	/** Throws unless the key has all rights that this node needs. */
	async function check(): Promise<void> {
		const query = queryOf({ sort: 'id', include: INCLUDE, per_page: 1 });
		const { data, included } = await read(`/api/v1/admin/services${query}`);
		for (const resource of data as Resource[]) readService(resource, included ?? []);
	}

	return { services, service, customerProperties, check };
}

export type Paymenter = ReturnType<typeof connect>;
