import { withoutSettings } from '../../../tools/n8n/instance.cjs';

describe('Our n8n', () => {
	it('has nothing of the settings of another', () => {
		const its = {
			N8N_ENCRYPTION_KEY: 'theirs',
			DB_TYPE: 'postgresdb',
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: 'redis',
			WEBHOOK_URL: 'https://n8n.example.com/',
			NODES_EXCLUDE: '[]',
			CREDENTIALS_OVERWRITE_DATA: '{}',
			GENERIC_TIMEZONE: 'Asia/Tokyo',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			E2E_TESTS: 'true',
		};
		const ours = { PATH: '/bin', NODE_ENV: 'test', no_proxy: 'localhost', MY_DB_TYPE: 'x' };
		expect(withoutSettings({ ...its, ...ours })).toEqual(ours);
	});
});
