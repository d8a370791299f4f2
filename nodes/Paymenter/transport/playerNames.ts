import { createHash } from 'crypto';

import { numberIn, sendCall, silence, type HttpClient } from '../../shared/httpClient';
import { inParallel } from '../../shared/inParallel';
import type { Lookup } from '../../../domain/perks/identity';
import type { RankSettings } from '../../../domain/perks/ranks';

type Service = 'Mojang' | 'Geyser';

const ADDRESS: Record<Service, (name: string) => string> = {
	Mojang: (name) => `https://api.mojang.com/users/profiles/minecraft/${name}`,
	Geyser: (name) => `https://api.geysermc.org/v2/utils/uuid/bedrock_or_java/${name}?prefix=.`,
};
const AT_ONCE = 4;
const TIMEOUT_MS = 10_000;
const UNKNOWN: Lookup = { uuid: null };

/** A name of Java, or after a dot one of Bedrock. */
const JAVA_NAME = /^\w{1,16}$/;
const BEDROCK_NAME = /^\.[\w ]{1,31}$/;

/**
 * Finds players' UUIDs. Java: at Mojang (600 calls in 10 minutes). Names with a leading dot are
 * Bedrock's: at Geyser. Servers in offline mode derive the UUID from the name. After the first 429 or
 * outage of a service it is not asked again. Never throws.
 * @returns for each name what was found
 */
export async function findPlayers(
	http: HttpClient,
	names: string[],
	players: RankSettings['players'],
): Promise<Map<string, Lookup>> {
	const found = new Map<string, Lookup>();
	const failures = new Map<Service, Lookup>();

	async function ask(service: Service, name: string): Promise<Lookup> {
		const answer = failures.get(service) ?? (await lookUp(http, service, name));
		if (answer.failed) failures.set(service, answer);
		return answer;
	}

	async function find(text: string): Promise<Lookup> {
		const name = text.trim();
		const uuid = uuidIn(name);
		if (uuid) return { uuid };
		if (BEDROCK_NAME.test(name)) return players === 'java' ? UNKNOWN : await ask('Geyser', name);
		if (!JAVA_NAME.test(name)) return UNKNOWN;
		return players === 'offline' ? { uuid: offlineUuid(name) } : await ask('Mojang', name);
	}

	await inParallel([...new Set(names)], AT_ONCE, async (name) => {
		found.set(name, await find(name));
	});
	return found;
}

async function lookUp(http: HttpClient, service: Service, name: string): Promise<Lookup> {
	const failed = (why: string) => ({
		uuid: null,
		failed: `${service} did not tell the player’s UUID: ${why}`,
	});
	try {
		const url = ADDRESS[service](encodeURIComponent(name));
		const answer = await sendCall(http, url, { method: 'GET', path: '' }, TIMEOUT_MS);
		const { statusCode: status, headers, body } = answer;
		// 400: it cannot be a name.
		if ([204, 400, 404].includes(status)) return UNKNOWN;
		const uuid = uuidIn(String((body as { id?: unknown } | null)?.id));
		if (status === 200 && uuid) return { uuid };
		const wait = numberIn(headers, 'retry-after');
		const limit = wait ? ` (again in ${wait} s)` : '';
		return failed(status === 429 ? `its limit is reached${limit}` : `it said ${status}`);
	} catch (error) {
		return failed(silence(error).why);
	}
}

/** With dashes and in lower case; null if the text is no UUID. */
function uuidIn(text: string): string | null {
	const parts = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/.exec(
		text.toLowerCase(),
	);
	return parts && parts.slice(1).join('-');
}

/** Java's `UUID.nameUUIDFromBytes("OfflinePlayer:" + name)`: version 3, without a namespace. */
function offlineUuid(name: string): string {
	const bytes = createHash('md5').update(`OfflinePlayer:${name}`).digest();
	bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x30, 6);
	bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
	return uuidIn(bytes.toString('hex')) ?? '';
}
