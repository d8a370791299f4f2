import { groupNode, sameContext, type Context, type Ranks } from './ranks.cjs';

/** A command that a server's console got, and what LuckPerms made of it. */
export interface ConsoleLine {
	server: string;
	command: string;
	says: string;
}

const COMMAND =
	/^(?:lp|lpb|lpv) user ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) parent (settrack|cleartrack) (\S+)(?: (.*))?$/;

/** Carries out `lp user <uuid> parent settrack <track> <group> [context…]` and `… cleartrack …`, as LuckPerms does. */
export function runCommand(ranks: Ranks, command: string): string {
	const [, uuid = '', action, track = '', rest = ''] = COMMAND.exec(command) ?? [];
	if (!action) return 'Unknown command.';
	const words = rest.split(' ').filter(Boolean);
	const groups = ranks.tracks[track.toLowerCase()];
	if (!groups) return `A track named ${track} does not exist.`;
	if (groups.length <= 1)
		return `The track ${track} cannot be used as it is empty or contains only one group.`;
	const isOfTrack = (key: string) => groups.some((group) => key === `group.${group}`);

	if (action === 'cleartrack') {
		const context = words.map(readContext);
		const isTaken = (of: Context[]) => context.length === 0 || sameContext(of, context);
		const kept = ranks
			.nodesOf(uuid)
			.filter((node) => !isOfTrack(node.key) || !isTaken(node.context));
		ranks.set(uuid, kept);
		return `${uuid}'s groups on track ${track} were cleared.`;
	}
	const [group = '', ...more] = words;
	const context = more.map(readContext);
	if (!groups.includes(group)) return `The track ${track} does not contain ${group}.`;
	const kept = ranks
		.nodesOf(uuid)
		.filter((node) => !isOfTrack(node.key) || !sameContext(node.context, context));
	ranks.set(uuid, [...kept, { ...groupNode(group), context }]);
	return `${uuid} had their existing groups on track ${track} cleared and replaced with ${group}.`;
}

function readContext(word: string): Context {
	const [key = '', value = ''] = word.split('=');
	return { key, value };
}
