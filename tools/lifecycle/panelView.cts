/** What customers have on a panel, read without any of the product's code. */
import { setTimeout as pause } from 'node:timers/promises';

import axios, { type AxiosError, type AxiosInstance } from 'axios';

import type { TierName } from './story.cjs';

export interface PanelAddress {
	url: string;
	applicationKey: string;
	accountKey: string;
}

/** Server name → permissions, sorted; `websocket.connect` is on every row. */
export type AccessMap = Record<string, string[]>;

interface PanelUser {
	id: number;
	email: string;
	external_id: string | null;
}

/** Of a server, what the shipped plan goes by. */
export interface SoldServer {
	name: string;
	description: string;
}

interface PanelServer extends SoldServer {
	user: number;
	relationships: {
		subusers: { data: Array<{ attributes: { user_id: number; permissions: unknown } }> };
	};
}

const LADDER: Array<[TierName, string[]]> = [
	['awakened', ['websocket.connect']],
	['elemental', ['allocation.read']],
	['knight', ['schedule.read']],
	['master', ['backup.read']],
	['legend', ['activity.read']],
	['sovereign', ['database.read', 'startup.read']],
];

/** What the shipped plan promises a tier, said once more by hand so that a wrong plan is noticed. */
export function promised(tier: TierName | null, servers: SoldServer[]): AccessMap {
	if (tier === null) return {};
	const rung = LADDER.findIndex(([name]) => name === tier);
	const permissions = LADDER.slice(0, rung + 1).flatMap(([, keys]) => keys);
	const isFor = ({ name, description }: SoldServer) => {
		if (tier === 'awakened') return description.toLowerCase().includes('public');
		const isAll = tier === 'legend' || tier === 'sovereign';
		return isAll ? !name.startsWith('Staff') : name.startsWith('Frost Path');
	};
	return Object.fromEntries(
		servers.filter(isFor).map(({ name }) => [name, [...permissions].sort()]),
	);
}

export function viewPanel({ url, applicationKey }: PanelAddress) {
	const api: AxiosInstance = axios.create({
		baseURL: `${url.replace(/\/+$/, '')}/api/application`,
		timeout: 20_000,
		headers: { Accept: 'application/json', Authorization: `Bearer ${applicationKey}` },
	});
	// On somebody's own panel we look with the shop's key, and share its limit of calls a minute.
	api.interceptors.response.use(undefined, async (error: AxiosError) => {
		const seconds = Number(error.response?.headers['retry-after']);
		if (error.response?.status !== 429 || !error.config || !(seconds <= 60)) throw error;
		await pause(seconds * 1000 + 100);
		return await api.request(error.config);
	});
	const servers = async () => {
		const answer = await api.get<{ data: Array<{ attributes: PanelServer }> }>('/servers', {
			params: { include: 'subusers', per_page: 1000 },
		});
		return answer.data.data.map(({ attributes }) => attributes);
	};
	const accounts = async (params: Record<string, string | number>) => {
		const answer = await api.get<{ data: Array<{ attributes: PanelUser }> }>('/users', { params });
		return answer.data.data.map(({ attributes }) => attributes);
	};
	const userOf = async (email: string) =>
		(await accounts({ 'filter[email]': email })).find((user) => user.email === email);
	return {
		servers,
		userOf,
		accessOf: async (email: string): Promise<AccessMap> => {
			const user = await userOf(email);
			return user ? accessOn(await servers(), user) : {};
		},
		/** The access of each account, by its address in lower case. */
		everybody: async (): Promise<{ servers: string[]; access: Map<string, AccessMap> }> => {
			const [all, users] = await Promise.all([servers(), accounts({ per_page: 1000 })]);
			return {
				servers: all.map(({ name }) => name),
				access: new Map(users.map((user) => [user.email.toLowerCase(), accessOn(all, user)])),
			};
		},
		deleteUser: async (email: string) => {
			const user = await userOf(email);
			if (user) await api.delete(`/users/${user.id}`);
		},
	};
}

function accessOn(servers: PanelServer[], { id }: PanelUser): AccessMap {
	const access: AccessMap = {};
	for (const { name, relationships } of servers) {
		const rows = relationships.subusers.data.filter(({ attributes }) => attributes.user_id === id);
		for (const [index, { attributes }] of rows.entries()) {
			// A second row on one server is no access that anybody promised.
			const place = index === 0 ? name : `${name} (row ${index + 1})`;
			access[place] = Object.values(attributes.permissions as Record<string, string>).sort();
		}
	}
	return access;
}

export type PanelView = ReturnType<typeof viewPanel>;

export function sameAccessMap(a: AccessMap, b: AccessMap): boolean {
	const sorted = (access: AccessMap) => JSON.stringify(Object.entries(access).sort());
	return sorted(a) === sorted(b);
}

/** `7 servers × 5 permissions`. */
export function sayAccess(access: AccessMap): string {
	const servers = Object.keys(access).length;
	if (servers === 0) return 'none';
	const counts = [...new Set(Object.values(access).map((keys) => keys.length))].join('/');
	return `${servers} server${servers === 1 ? '' : 's'} × ${counts} permission${counts === '1' ? '' : 's'}`;
}
