import { json, noContent, type Answer, type Call } from './answers.cjs';

/** The accounts at Mojang and at Xbox, by name in lower case: 32 hex digits. */
export interface Players {
	java: Map<string, { id: string; name: string }>;
	bedrock: Map<string, { id: string; name: string }>;
	/** How Mojang answers for a name that nobody has. */
	unknownStatus: 204 | 404;
}

/** `GET /users/profiles/minecraft/<name>` of api.mojang.com. */
export function answerMojang({ java, unknownStatus }: Players, { parts }: Call): Answer {
	const name = parts[3] ?? '';
	if (!/^\w{1,25}$/.test(name)) {
		return json(400, { path: '/users/profiles/minecraft/…', errorMessage: 'Invalid name' });
	}
	const found = java.get(name.toLowerCase());
	if (found) return json(200, found);
	return unknownStatus === 204
		? noContent()
		: json(404, {
				path: `/users/profiles/minecraft/${name}`,
				errorMessage: "Couldn't find any profile with that name",
			});
}

/** `GET /v2/utils/uuid/bedrock_or_java/<name>?prefix=.` of api.geysermc.org. */
export function answerGeyser({ java, bedrock }: Players, { parts, query }: Call): Answer {
	const name = (parts[4] ?? '').toLowerCase();
	const prefix = query.get('prefix') ?? '.';
	const found = name.startsWith(prefix) ? bedrock.get(name.slice(prefix.length)) : java.get(name);
	return found ? json(200, found) : json(404, { message: 'Unable to find user in our cache.' });
}
