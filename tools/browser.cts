/** A Chromium that is on this machine, without a window. */
import { existsSync } from 'node:fs';

import { chromium, type Browser } from 'playwright-core';

import { Unable } from './n8n/install.cjs';
import { program } from './n8n/services.cjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const ELSEWHERE = [
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
	'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const chromiumHere = (): string | undefined =>
	[process.env.CHROMIUM, ...NAMES.map(program), ...ELSEWHERE].find(
		(file): file is string => !!file && existsSync(file),
	);

/** What to do where there is none; null where there is. */
export const missingForBrowser = (): string | null =>
	chromiumHere()
		? null
		: 'There is no Chromium. Install one (Debian: apt-get install chromium), or name its file in CHROMIUM.';

export async function openBrowser(): Promise<Browser> {
	const executablePath = chromiumHere();
	if (!executablePath) throw new Unable(missingForBrowser() ?? '');
	// Root in a container has no sandbox; nothing but our own pages is opened.
	const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
	return await chromium.launch({ executablePath, args });
}
