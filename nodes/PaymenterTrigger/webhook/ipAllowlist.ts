/** Ranges as the bits that their addresses begin with: `0` and `1`, up to 128. */
export type Allowlist = { ranges: string[] } | { wrong: string };

/** Reads addresses and CIDR ranges, separated by commas or white space; `wrong`: the first invalid one. */
export function parseAllowlist(text: string): Allowlist {
	const ranges: string[] = [];
	for (const entry of text.split(/[\s,]+/).filter((part) => part !== '')) {
		const range = parseRange(entry);
		if (range === null) return { wrong: entry };
		ranges.push(range);
	}
	return { ranges };
}

/** Whether an address (the client's, as n8n determined it) is in one of the ranges. */
export function isAllowed(ranges: string[], address: string): boolean {
	const bits = bitsOf(address.replace(/%.*$/, ''));
	return bits !== null && ranges.some((range) => bits.startsWith(range));
}

function parseRange(entry: string): string | null {
	const [, address = '', length] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
	const bits = bitsOf(address);
	if (bits === null || length === undefined) return bits;
	const end = Number(length) + (address.includes(':') ? 0 : 96);
	return end <= 128 ? bits.slice(0, end) : null;
}

/**
 * The 128 bits of an address. A v4 address equals its v6-mapped form (`::ffff:192.0.2.1`), because
 * that is how a dual-stack socket reports it. The URL parser checks the address, and writes it in hex.
 */
function bitsOf(text: string): string | null {
	const url = `http://[${text.includes(':') ? text : `::ffff:${text}`}]`;
	if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(url)) return null;
	const [head = [], tail = []] = new URL(url).hostname.slice(1, -1).split('::').map(groupsOf);
	const zeros = Array<string>(8 - head.length - tail.length).fill('0'.repeat(16));
	return [...head, ...zeros, ...tail].join('');
}

const groupsOf = (text: string): string[] =>
	text === ''
		? []
		: text.split(':').map((group) => parseInt(group, 16).toString(2).padStart(16, '0'));
