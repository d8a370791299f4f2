import type { IExecuteFunctions } from 'n8n-workflow';
import type { Lookup } from '../../../domain/perks/changes';
import type { RankSettings } from '../../../domain/perks/ranks';

export async function findPlayers(
	context: IExecuteFunctions,
	names: string[],
	players: RankSettings['players'],
): Promise<Map<string, Lookup>> {
	throw new Error(`not written yet ${names.join()} ${players} ${typeof context}`);
}
