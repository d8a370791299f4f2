/** What all test projects share: TypeScript through swc, `.cjs` imports that mean `.cts` files. */
const common = {
	rootDir: __dirname,
	testEnvironment: 'node',
	modulePathIgnorePatterns: ['<rootDir>/.tmp/'],
	moduleFileExtensions: ['cts', 'ts', 'cjs', 'js', 'json', 'node'],
	moduleNameMapper: { '^(\\.{1,2}/.*)\\.cjs$': '$1' },
	transform: {
		'^.+\\.c?ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
				module: { type: 'commonjs' },
			},
		],
	},
};

// These play with the simulated panel's own controls: not on a panel that is somebody's.
const simulatorOnly = [
	'test/e2e/(operations|panels|ranks|reconcile|subuserLimit)',
	'test/(chaos|queue|browser)/',
];

const isLong = process.env.LONG === '1';

module.exports = {
	// Of `npm run coverage`: the shipped code, but for files that hold types only.
	collectCoverageFrom: ['domain/**/*.ts', 'nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageProvider: 'v8',
	coverageReporters: ['text'],
	coverageThreshold: { global: { lines: 95, branches: 90 } },
	projects: ['unit', 'contract', 'e2e', 'browser', 'chaos', 'queue'].map((name) => ({
		...common,
		displayName: name,
		testMatch: [`<rootDir>/test/${name}/**/*.test.cts`],
		testPathIgnorePatterns: [
			...(isLong ? [] : ['\\.long\\.test\\.cts$']),
			...(process.env.PANEL_URL ? simulatorOnly : []),
		],
	})),
};
