/** `npm run test:mutation`: do the tests notice when a decision is changed? The pure parts only. */
export default {
	testRunner: 'jest',
	jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs' },
	coverageAnalysis: 'perTest',
	mutate: [
		'domain/**/*.ts',
		'nodes/PaymenterTrigger/webhook/{checkRequest,ipAllowlist,signature}.ts',
	],
	concurrency: 2,
	tempDirName: '.tmp/stryker',
	ignorePatterns: ['dist', 'build', 'paymenter-extension'],
	reporters: ['clear-text', 'progress-append-only'],
	clearTextReporter: { allowColor: false, logTests: false, reportScoreTable: true },
	thresholds: { high: 90, low: 85, break: 85 },
};
