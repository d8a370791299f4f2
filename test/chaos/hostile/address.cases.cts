import { networkInterfaces } from 'node:os';

import { eventually } from '../../e2e/support.cjs';
import { PING } from './bodies.cjs';
import { added, genuine, request } from './forge.cjs';
import { expectRefusal, knock, scene } from './scene.cjs';
import { exchange, type Header } from './wire.cjs';

export function describeAddresses(): void {
	describe('The address of a sender', () => {
		/** Publishes the change; n8n goes on with the old one, or with none, for a moment. */
		const allow = async (ipAllowlist: string, more: object, isSo: () => Promise<boolean>) => {
			const editor = await scene.stage.editor();
			await editor.edit('paymenterEvents', (nodes) => {
				const trigger = nodes.find(({ name }) => name === 'Paymenter Event');
				if (trigger) trigger.parameters.security = { ipAllowlist, ...more };
			});
			expect(await eventually(isSo, (so) => so)).toBe(true);
		};
		const from = (...forwarded: string[]) =>
			knock(PING, added(...forwarded.map((value): Header => ['x-forwarded-for', value])));
		const statusFrom = async (...forwarded: string[]) => (await from(...forwarded)).status;

		it('is the one that the proxy saw, not one that the sender claims', async () => {
			await allow('203.0.113.0/24, 2001:db8::/32', {}, async () => (await statusFrom()) === 403);
			expect(await statusFrom('203.0.113.7')).toBe(200);
			expect(await statusFrom('198.51.100.1, 203.0.113.7')).toBe(200);
			for (const claim of [
				['203.0.113.7, 198.51.100.1'],
				['203.0.113.7', '198.51.100.1'],
				['203.0.113.7:443'],
				['[2001:db8::1]'],
				['0xcb.0.0x71.7'],
				['203.0.113.007'],
				['unknown'],
				[''],
				[],
			]) {
				expectRefusal(await from(...claim), 403, /not on the IP allowlist/);
			}
			const others = [
				'x-real-ip',
				'x-client-ip',
				'true-client-ip',
				'cf-connecting-ip',
				'forwarded',
			];
			const claimed = added(...others.map((name): Header => [name, '203.0.113.7']));
			expectRefusal(await knock(PING, claimed), 403, /not on the IP allowlist/);
		});

		it('is one and the same in every notation of v6, and mapped', async () => {
			for (const same of [
				'2001:db8::1',
				'2001:DB8:0:0::0:1',
				'2001:0db8:0000:0000:0000:0000:0000:0001',
				'::ffff:203.0.113.7',
				'::ffff:cb00:7107',
			]) {
				expect([same, await statusFrom(same)]).toEqual([same, 200]);
			}
			for (const other of ['2001:db9::1', '::203.0.113.7', '::ffff:198.51.100.1', '::']) {
				expect([other, await statusFrom(other)]).toEqual([other, 403]);
			}
		});

		describe('where no proxy is trusted', () => {
			const hasV6 = Object.values(networkInterfaces())
				.flat()
				.some((address) => address?.address === '::1');

			beforeAll(async () => {
				await scene.stage.n8n.stop();
				await scene.stage.n8n.start({
					env: { N8N_PROXY_HOPS: '0', ...(hasV6 ? { N8N_LISTEN_ADDRESS: '::' } : {}) },
				});
			});

			it('and HTTPS cannot be claimed', async () => {
				expectRefusal(await knock(PING), 403, /plain HTTP/);
				expectRefusal(await from('203.0.113.7'), 403, /plain HTTP/);
			});

			it('is that of the connection, whatever is claimed', async () => {
				const whyNot = async () => (await from('203.0.113.7')).json?.error;
				await allow('203.0.113.0/24', { requireHttps: false }, async () =>
					`${await whyNot()}`.includes('allowlist'),
				);
				await allow('127.0.0.1', { requireHttps: false }, async () => (await statusFrom()) === 200);
				expect(await statusFrom('198.51.100.1')).toBe(200);
			});

			(hasV6 ? it : it.skip)('is told apart by v4 and v6 on one socket', async () => {
				const bytes = request(PING, genuine({ secret: scene.stage.secret, body: PING }));
				const by = async (host: string) =>
					(await exchange(scene.port, [bytes], { host }))[0]?.status;
				expect([await by('127.0.0.1'), await by('::1')]).toEqual([200, 403]);
				await allow('::1', { requireHttps: false }, async () => (await by('::1')) === 200);
				expect([await by('127.0.0.1'), await by('::1')]).toEqual([403, 200]);
			});
		});
	});
}
