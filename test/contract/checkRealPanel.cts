import { caller, realPanel } from './target.cjs';

/** Says what the panel of PANEL_URL lacks for the contract suite, and ends with 1; else with 0. */

const keyForm =
	'Create an application key of an administrator with Read & Write for Servers and Users, and Read ' +
	'for Nodes, Locations and Nests';

async function missing(): Promise<string[]> {
	if (!realPanel) return ['PANEL_URL is not set.'];
	const { url, applicationKey, accountKey } = realPanel;
	if (!applicationKey || !accountKey) {
		return ['PANEL_URL also needs PANEL_APPLICATION_KEY and PANEL_ACCOUNT_KEY.'];
	}
	const application = caller(url, applicationKey);
	// Pelican has no locations.
	if ((await application('GET', '/api/application/locations')).status === 404) {
		return [`${url} is a Pelican; of this suite, subuserLimit.test.cts alone holds for it too.`];
	}
	const account = await caller(url, accountKey)('GET', '/api/client/account');
	const found: string[] = [];
	if (account.data.attributes?.admin !== true) {
		const { status } = account;
		const problem = status === 200 ? 'is not of an administrator' : `was refused (${status})`;
		found.push(
			`PANEL_ACCOUNT_KEY ${problem}: it must be an account key (ptlc_) of an administrator.`,
		);
	}
	const rights: Array<[string, string, string, number]> = [
		// Without a field: 422 when the key may do it.
		['create servers', 'POST', 'servers', 422],
		['create users', 'POST', 'users', 422],
		['read nodes', 'GET', 'nodes', 200],
		['read locations', 'GET', 'locations', 200],
		['read nests', 'GET', 'nests', 200],
	];
	const lacking: string[] = [];
	for (const [right, method, path, expected] of rights) {
		const body = method === 'POST' ? {} : undefined;
		const { status } = await application(method, `/api/application/${path}`, body);
		if (status !== expected) lacking.push(`${right} (${status})`);
	}
	if (lacking.length > 0) {
		found.push(
			`PANEL_APPLICATION_KEY may not ${lacking.join(', ')}. ${keyForm} (${url}/admin/api).`,
		);
		return found;
	}
	const servers = await application('GET', '/api/application/servers?per_page=1');
	if (servers.data.data.length === 0) {
		found.push('The panel needs one server, to make another one like it.');
	}
	return found;
}

missing()
	.catch((error: Error) => [`The panel at ${realPanel?.url} cannot be reached: ${error.message}`])
	.then((found) => {
		for (const sentence of found) process.stderr.write(`${sentence}\n`);
		process.exitCode = found.length > 0 ? 1 : 0;
	});
