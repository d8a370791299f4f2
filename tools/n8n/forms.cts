/** n8n's forms, filled in as a browser does. */
import { setTimeout as pause } from 'node:timers/promises';

import axios, { type AxiosResponse } from 'axios';

/** Who may open them: the basic auth of their first page. */
export interface Operator {
	user: string;
	password: string;
}

export interface Page {
	/** Its text as a person reads it, with tags taken out. */
	text: string;
	html: string;
	/** Fills in the fields in their order, and goes on to the next page. */
	submit: (...values: string[]) => Promise<Page>;
}

const PATIENCE_MS = 60_000;

const ANY_STATUS = { timeout: PATIENCE_MS, validateStatus: () => true };

/** Opens a form by its path. Throws where the first page is refused. */
export async function openForm(n8n: string, path: string, operator?: Operator): Promise<Page> {
	const url = `${n8n}/form/${path}`;
	const auth = operator && { username: operator.user, password: operator.password };
	const get = async (address: string) =>
		await axios.get<string>(address, { auth, timeout: PATIENCE_MS, responseType: 'text' });
	return pageOf(await get(url), async (values) => {
		const answer = await axios.post<{ formWaitingUrl?: string }>(url, bodyOf(values), {
			auth,
			timeout: PATIENCE_MS,
		});
		return await waiting(answer.data.formWaitingUrl ?? '');
	});
}

/** The page that an execution waits with, once it does. */
async function waiting(url: string): Promise<Page> {
	const { pathname, search, origin } = new URL(url);
	for (let wait = 0; wait < PATIENCE_MS; wait += 200) {
		const status = await axios.get<string>(
			`${origin}${pathname}/n8n-execution-status${search}`,
			ANY_STATUS,
		);
		if (status.data === 'form-waiting') {
			const page = await axios.get<string>(url, ANY_STATUS);
			return pageOf(page, async (values) => {
				await axios.post(url, bodyOf(values), { timeout: PATIENCE_MS });
				return await waiting(url);
			});
		}
		if (['error', 'crashed', 'success'].includes(status.data)) {
			throw new Error(`The form’s execution ended (${status.data}) without a page`);
		}
		await pause(200);
	}
	throw new Error(`The form at ${url} showed no page`);
}

function pageOf({ data: html }: AxiosResponse<string>, next: (values: string[]) => Promise<Page>) {
	const body = html.replace(/[^]*<body/, '<body').replace(/<(script|style)[^]*?<\/\1>/g, '');
	const text = body
		.replace(/<[^>]*>/g, ' ')
		.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
		.replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
		.replace(/&quot;/g, '"')
		.replace(/&gt;/g, '>')
		.replace(/&lt;/g, '<')
		.replace(/&(amp|nbsp);/g, (_, name) => (name === 'amp' ? '&' : ' '))
		.replace(/\s+/g, ' ')
		.trim();
	return { html, text, submit: async (...values: string[]) => await next(values) };
}

function bodyOf(values: string[]): FormData {
	const form = new FormData();
	for (const [index, value] of values.entries()) form.append(`field-${index}`, value);
	return form;
}
