import { createHash } from 'crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

import type { Lookup } from '../../../domain/perks/changes';
import type { RankSettings } from '../../../domain/perks/ranks';

export async function findPlayers(
	_context: IExecuteFunctions,
	names: string[],
	_players: RankSettings['players'],
): Promise<Map<string, Lookup>> {
	return new Map(names.map((name) => [name, { uuid: createHash('md5').update(name).digest('hex') }]));
}
