import { explainCompiler, explainDownload } from '../../../tools/n8n/install.cjs';

describe('What goes wrong while n8n is installed', () => {
	it.each([
		['npm error code ENOTFOUND\nnpm error network request failed', /^No network/],
		['npm error code EAI_AGAIN', /^No network/],
		['npm error code ENOSPC', /^The disk is full/],
		['npm error code ETARGET\nNo matching version found for n8n', /does not have n8n/],
		['something new', /could not install/],
	])('is a sentence that says what to do: %j', (output, sentence) => {
		expect(explainDownload(output)).toMatch(sentence);
	});

	it.each([
		['gyp ERR! stack Error: not found: make', /^No compiler/],
		['gyp ERR! find Python Python is not set', /^No compiler/],
		['make: g++: No such file or directory', /^No compiler/],
		['something new', /could not be built/],
	])('names the missing compiler: %j', (output, sentence) => {
		expect(explainCompiler(output)).toMatch(sentence);
	});
});
