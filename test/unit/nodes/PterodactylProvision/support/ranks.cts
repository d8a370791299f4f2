import { runAll, pauses, type Credential } from '../../../support/running.cjs';
import { nodeType, planDocument, type Keys } from './node.cjs';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { PterodactylApi } from '../../../../../credentials/PterodactylApi.credentials';
import type { RankRequest, RankResult, RanksForm } from '../../../../../domain/perks/ranks';

export { pauses };

export const ADA = 'c1d60c50-70b5-4722-8057-87767557e50d';
export const BOB = '069a79f4-44e9-4726-a5be-fca90e38aaf5';
export const CAT = '853c80ef-3c37-49fd-aa49-938b674adae6';
export const SURVIVAL = [{ key: 'server', value: 'survival' }];

/** The credential of the LuckPerms REST API, as n8n carries its generic authentication out. */
export const luckPermsCredential = (url: string, apiKey: string): Credential => ({
	name: 'luckPermsApi',
	data: { url, apiKey },
	authenticate: async (request) => ({
		...request,
		headers: { ...request.headers, Authorization: `Bearer ${apiKey.trim()}` },
	}),
});

export const panelCredential = (keys: Keys): Credential => {
	const credential = new PterodactylApi();
	const data = {
		url: keys.url,
		applicationApiKey: keys.applicationKey,
		accountApiKey: keys.accountKey,
	};
	return {
		name: 'pterodactylApi',
		id: keys.credentialId,
		data,
		authenticate: async (request) => await credential.authenticate(data, request),
	};
};

export const asks = (
	uuid: string,
	group: string | null,
	more: Partial<RankRequest> = {},
): RankRequest => ({ uuid, group, expires_at: null, take: [], ...more });

export interface RankRun {
	keys: Keys;
	luckPerms?: Credential;
	ranks: RanksForm;
	parameters?: INodeParameters;
}

/** Rank → Sync through n8n's own context: what came of each item's requests. */
export async function syncRanks(
	{ keys, luckPerms, ranks, parameters = {} }: RankRun,
	items: Array<RankRequest[] | IDataObject>,
): Promise<RankResult[]> {
	const rows = items.map((one) => (Array.isArray(one) ? { ranks: one } : one));
	const secrets = [keys.applicationKey, keys.accountKey, String(luckPerms?.data.apiKey ?? '')];
	const [output = []] = await runAll(
		{
			type: nodeType,
			parameters: {
				resource: 'rank',
				operation: 'sync',
				tierPlan: planDocument({ ranks }) as unknown as INodeParameters,
				...parameters,
			},
			credential: panelCredential(keys),
			otherCredential: luckPerms,
		},
		rows as unknown as IDataObject[],
		secrets,
	);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(rows.map((_, item) => ({ item })));
	return output.map(({ json }, item) => {
		const { rank, ...rest } = json;
		expect(rest).toEqual(rows[item]);
		return rank as unknown as RankResult;
	});
}
