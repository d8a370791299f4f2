import type { Answer } from '../panel/errors.cjs';
import type { PanelRequest as Request } from '../panel/pipeline.cjs';

export type { Answer, Request };

export const json = (
	status: number,
	body: unknown,
	headers: Record<string, string> = {},
): Answer => ({
	status,
	headers: { 'content-type': 'application/json', ...headers },
	body: JSON.stringify(body),
});

export const text = (status: number, body: string): Answer => ({
	status,
	headers: { 'content-type': 'text/plain' },
	body,
});

export const noContent = (): Answer => ({ status: 204, headers: {}, body: '' });

/** One call, taken apart. */
export interface Call {
	method: string;
	/** Path by its parts, decoded. */
	parts: string[];
	query: URLSearchParams;
	authorization: string | undefined;
	body: string;
}

export function readCall({ method, url, headers, body }: Request): Call {
	const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
	return {
		method,
		parts: pathname.split('/').filter(Boolean).map(decodeURIComponent),
		query: searchParams,
		authorization: headers.authorization,
		body,
	};
}
