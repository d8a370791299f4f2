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

module.exports = {
	// Of `npm run coverage`: the shipped code, but for files that hold types only.
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts', '!nodes/Paymenter/entitlement.ts'],
	coverageProvider: 'v8',
	coverageReporters: ['text'],
	coverageThreshold: { global: { lines: 95, branches: 90 } },
	projects: ['unit', 'contract', 'e2e', 'browser', 'chaos', 'queue'].map((name) => ({
		...common,
		displayName: name,
		testMatch: [`<rootDir>/test/${name}/**/*.test.cts`],
	})),
};
