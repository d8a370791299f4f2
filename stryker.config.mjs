/** `npm run test:mutation`: do the tests notice when a decision is changed? The pure parts only. */
const of = (folder, ...files) => files.map((file) => `nodes/${folder}/${file}.ts`);

export default {
	testRunner: 'jest',
	jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs' },
	coverageAnalysis: 'perTest',
	mutate: [
		...of('PaymenterTrigger', 'signature', 'allowlist', 'event', 'gate'),
		...of('Paymenter', 'fold', 'order', 'owner', 'known', 'compare', 'found', 'dates', 'override'),
		...of('Paymenter', 'rows', 'explain'),
		...of('PterodactylProvision', 'plan', 'diff', 'account', 'permissions'),
	],
	concurrency: 2,
	tempDirName: '.tmp/stryker',
	ignorePatterns: ['dist', 'build', 'paymenter-extension'],
	reporters: ['clear-text', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: true },
	thresholds: { high: 90, low: 85, break: 85 },
};
