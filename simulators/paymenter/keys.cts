import { randomBytes } from 'node:crypto';

import { Refusal, refuse } from './laravel.cjs';
import type { Features } from './versions.cjs';

export interface ApiKey {
	/** `PAYM` and 64 hex digits. */
	token: string;
	/** `admin.services.view` and so on. */
	permissions: string[];
	enabled: boolean;
	/** Only `admin` keys open the Admin API. */
	type: string;
	/** Empty: any. */
	ipAddresses: string[];
}

/** Every permission to read that a key can have and something here asks for. */
const allPermissions: string[] = [
	'users',
	'services',
	'orders',
	'invoices',
	'tickets',
	'credits',
	'properties',
	'roles',
].map((name) => `admin.${name}.view`);

const newToken = (): string => `PAYM${randomBytes(32).toString('hex')}`;

export const newKey = (fields: Partial<ApiKey> = {}): ApiKey => ({
	token: newToken(),
	permissions: allPermissions,
	enabled: true,
	type: 'admin',
	ipAddresses: [],
	...fields,
});

const bearer = (authorization: string | undefined): string =>
	/Bearer ([^,]*)/i.exec(authorization ?? '')?.[1] ?? '';

/** Throws 401 or 403 as the API's middleware does. */
export function admit(
	keys: ApiKey[],
	authorization: string | undefined,
	ip: string,
	{ saysMessage }: Features,
): ApiKey {
	const refused = (status: number, text: string) =>
		saysMessage ? refuse(status, text) : new Refusal(status, { error: text }, 'json');
	const token = bearer(authorization);
	if (token === '') {
		throw new Refusal(401, { error: 'The request is missing a valid bearer token.' }, 'json');
	}
	const key = keys.find((one) => one.token === token && one.enabled);
	if (!key) throw refused(401, 'The provided API key is invalid or has been disabled.');
	const isElsewhere = key.ipAddresses.length > 0 && !key.ipAddresses.includes(ip);
	if (key.type !== 'admin' || isElsewhere) {
		throw refused(403, 'You do not have permission to access this resource.');
	}
	return key;
}
