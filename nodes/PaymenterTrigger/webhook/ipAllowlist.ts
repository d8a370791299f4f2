/** A range of addresses: all that share the first `bits` of 128 bits with `base`. */
interface Range {
	base: bigint;
	bits: number;
}

export type Allowlist = { ranges: Range[] } | { wrong: string };

const V4_PREFIX = 0xffffn << 32n;

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
	return text.includes(':') ? parseV6(text) : parseV4(text, V4_PREFIX);
}

function parseV4(text: string, prefix: bigint): bigint | null {
	const parts = text.split('.');
	if (parts.length !== 4) return null;
	let value = 0n;
	for (const part of parts) {
		if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
		value = (value << 8n) | BigInt(part);
	}
	return prefix | value;
}

function parseV6(text: string): bigint | null {
	const halves = text.split('::');
	if (halves.length > 2) return null;
	const head = parseGroups(halves[0] ?? '', halves.length === 1);
	const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
	if (!head || !tail) return null;
	const missing = 8 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
	const groups = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
	return groups.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The groups on one side of `::`; the last one of the address may be a dotted v4 address. */
function parseGroups(text: string, endsAddress: boolean): bigint[] | null {
	if (text === '') return [];
	const parts = text.split(':');
	const groups: bigint[] = [];
	for (const [index, part] of parts.entries()) {
		if (part.includes('.') && endsAddress && index === parts.length - 1) {
			const v4 = parseV4(part, 0n);
			if (v4 === null) return null;
			groups.push(v4 >> 16n, v4 & 0xffffn);
		} else if (/^[0-9a-f]{1,4}$/i.test(part)) {
			groups.push(BigInt(`0x${part}`));
		} else {
			return null;
		}
	}
	return groups;
}
