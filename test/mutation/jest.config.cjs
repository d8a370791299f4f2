/**
 * The unit tests of the pure parts alone, for Stryker: those that play on a simulator take seconds, and
 * there are more than a thousand mutants.
 */
const { join, resolve } = require('node:path');

const { projects } = require('../../jest.config.cjs');

const rootDir = resolve(__dirname, '..', '..');
const { displayName: _, ...unit } = projects.find(({ displayName }) => displayName === 'unit');

const PURE = ['domain/**/*', 'nodes/PaymenterTrigger/{checkRequest,ipAllowlist,signature}'];

module.exports = {
	...unit,
	rootDir,
	moduleNameMapper: { ...unit.moduleNameMapper, '^fast-check$': join(__dirname, 'fastCheck.cjs') },
	testMatch: PURE.map((file) => join(rootDir, 'test', 'unit', `${file}.test.cts`)),
};
