/** fast-check with fewer runs of each property: of thousands of mutants the examples find the most. */
// By its file: `fast-check` itself leads here.
const real = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

const RUNS = 100;

const hasty = {
	...real,
	assert: (property, options) => real.assert(property, { ...options, numRuns: RUNS }),
};

module.exports = { ...hasty, default: hasty, __esModule: true };
