import { BlockList, isIPv4 } from 'node:net';

import type { Call } from './call.cjs';
import type { ApiKey, PanelState, Resource } from './state.cjs';

const bearer = (authorization: string | undefined): string | undefined => {
	const at = authorization?.lastIndexOf('Bearer ') ?? -1;
	return at === -1 ? undefined : authorization?.slice(at + 'Bearer '.length);
};

export const sendsKey = (authorization: string | undefined): boolean =>
	(bearer(authorization) ?? '') !== '';

/** No, unknown, wrong, deleted and expired keys all look the same [501-506, 531]. */
export function findKey(state: PanelState, authorization: string | undefined): ApiKey | undefined {
	const token = bearer(authorization);
	return state.keys.find((key) => key.token === token && !key.expired);
}

export function isAllowedFrom(key: ApiKey, ip: string): boolean {
	if (key.allowedIps.length === 0) return true;
	const allowed = new BlockList();
	for (const entry of key.allowedIps) {
		const [address = '', bits] = entry.split('/');
		const family = isIPv4(address) ? 'ipv4' : 'ipv6';
		if (bits === undefined) allowed.addAddress(address, family);
		else allowed.addSubnet(address, Number(bits), family);
	}
	return allowed.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6');
}

/**
 * Rights on the application API. An account key has no rights of its own: its owner is an admin,
 * so it may do everything [508-510]. "write" includes "read".
 */
export function may(call: Pick<Call, 'key'>, resource: Resource, write = false): boolean {
	if (call.key.kind === 'account') return true;
	const right = call.key.rights[resource] ?? 'none';
	return right === 'write' || (right === 'read' && !write);
}
