/**
 * A provisioner as one would write it at first, for comparison: looks the user up by e-mail, creates
 * them if need be, makes one call a server, and remembers nothing. So it cannot know what is there
 * already: every order gives anew, and what a downgrade or an end must take, it takes everywhere.
 */
import axios from 'axios';

import type { PanelAddress } from '../lifecycle/panelView.cjs';

export function plainProvisioner({ url, applicationKey, accountKey }: PanelAddress) {
	const api = (part: string, key: string) =>
		axios.create({
			baseURL: `${url}/api/${part}`,
			headers: { Accept: 'application/json', Authorization: `Bearer ${key}` },
			validateStatus: () => true,
		});
	const application = api('application', applicationKey);
	const client = api('client', accountKey);

	const userOf = async (email: string): Promise<string | undefined> => {
		const { data } = await application.get('/users', { params: { 'filter[email]': email } });
		return data.data[0]?.attributes.uuid as string | undefined;
	};

	return {
		/** A purchase, a renewal, an upgrade: all the same to it. */
		give: async (email: string, servers: string[], permissions: string[]): Promise<void> => {
			let uuid = await userOf(email);
			if (!uuid) {
				const username = email.split('@')[0];
				const user = { email, username, first_name: username, last_name: 'Example' };
				uuid = (await application.post('/users', user)).data.attributes.uuid as string;
			}
			for (const server of servers) {
				const path = `/servers/${server}/users`;
				const answer = await client.post(path, { email, permissions });
				// It is there already: set what it is to be.
				if (answer.status >= 400) await client.post(`${path}/${uuid}`, { permissions });
			}
		},
		take: async (email: string, servers: string[]): Promise<void> => {
			const uuid = await userOf(email);
			for (const server of servers) await client.delete(`/servers/${server}/users/${uuid}`);
		},
	};
}
