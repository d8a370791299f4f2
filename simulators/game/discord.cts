import { json, noContent, type Answer, type Call } from './answers.cjs';

export interface Role {
	name: string;
	/** Above the bot's own: the bot may neither give nor take it. */
	isAbove: boolean;
}

/** One guild with its members and the bot in it. */
export interface Discord {
	token: string;
	guild: string;
	/** By id, with their roles. */
	members: Map<string, Set<string>>;
	/** By id. */
	roles: Map<string, Role>;
}

const refuse = (status: number, code: number, message: string): Answer =>
	json(status, { message, code });

/** Of https://discord.com/api/v10, what n8n's Discord node calls to give and take roles. */
export function answerDiscord(discord: Discord, { method, parts, authorization }: Call): Answer {
	if (authorization !== `Bot ${discord.token}`) return refuse(401, 0, '401: Unauthorized');
	const [, , kind, id, list, user = '', , role = ''] = parts;
	const path = parts.slice(2).join('/');
	if (method === 'GET' && path === 'users/@me/guilds') {
		return json(200, [
			{ id: discord.guild, name: 'Guild', owner: false, permissions: '268435456' },
		]);
	}
	if (kind !== 'guilds') return refuse(404, 0, '404: Not Found');
	if (id !== discord.guild) return refuse(404, 10004, 'Unknown Guild');
	if (method === 'GET' && list === 'roles') {
		return json(
			200,
			[...discord.roles].map(([one, { name }], position) => ({ id: one, name, position })),
		);
	}
	const isRole = list === 'members' && parts.length === 8 && parts[6] === 'roles';
	if (!isRole || !['PUT', 'DELETE'].includes(method)) {
		return refuse(405, 0, '405: Method Not Allowed');
	}
	const known = discord.roles.get(role);
	const member = discord.members.get(user);
	if (!member) return refuse(404, 10007, 'Unknown Member');
	if (!known) return refuse(404, 10011, 'Unknown Role');
	if (known.isAbove) return refuse(403, 50013, 'Missing Permissions');
	if (method === 'PUT') member.add(role);
	else member.delete(role);
	return noContent();
}
