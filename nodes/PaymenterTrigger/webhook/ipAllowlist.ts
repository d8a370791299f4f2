/** A range of addresses: all that share the first `bits` of 128 bits with `base`. */
interface Range {
	base: bigint;
	bits: number;
}

export type Allowlist = { ranges: Range[] } | { wrong: string };

/**
 * Parses addresses and CIDR ranges, v4 and v6, separated by commas, spaces or line breaks.
 * `wrong` is the first invalid entry.
 */
export function parseAllowlist(text: string): Allowlist {
	const ranges: Range[] = [];
	for (const entry of text.split(/[\s,]+/).filter((part) => part !== '')) {
		const range = parseRange(entry);
		if (!range) return { wrong: entry };
		ranges.push(range);
	}
	return { ranges };
}

/** Whether an address (the client's, as n8n determined it) is in one of the ranges. */
export function isAllowed(ranges: Range[], address: string): boolean {
	const value = parseAddress(address.replace(/%.*$/, ''));
	if (value === null) return false;
	return ranges.some(({ base, bits }) => {
		const rest = BigInt(128 - bits);
		return value >> rest === base >> rest;
	});
}

function parseRange(entry: string): Range | null {
	const [address = '', length, ...more] = entry.split('/');
	const base = parseAddress(address);
	if (base === null || more.length > 0) return null;
	if (length === undefined) return { base, bits: 128 };
	const isV4 = !address.includes(':');
	if (!/^\d{1,3}$/.test(length) || Number(length) > (isV4 ? 32 : 128)) return null;
	return { base, bits: Number(length) + (isV4 ? 96 : 0) };
}

/**
 * An address as a 128-bit number. A v4 address equals its v6-mapped form (`::ffff:192.0.2.1`),
 * because that is how a dual-stack socket reports it.
 */
function parseAddress(text: string): bigint | null {
	return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): bigint | null {
	const parts = text.split('.');
	const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255;
	if (parts.length !== 4 || !parts.every(isByte)) return null;
	return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0xffffn);
}

/** The URL parser checks the address, and writes it without a dotted part. */
function parseV6(text: string): bigint | null {
	const url = `http://[${text}]`;
	if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(url)) return null;
	const [head, tail] = new URL(url).hostname.slice(1, -1).split('::').map(groupsOf);
	const zeros = 8 - (head ?? []).length - (tail ?? []).length;
	const groups = [...(head ?? []), ...Array<bigint>(zeros).fill(0n), ...(tail ?? [])];
	return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

const groupsOf = (text: string): bigint[] =>
	text === '' ? [] : text.split(':').map((group) => BigInt(`0x${group}`));
