import { BlockList } from 'node:net';

import fc from 'fast-check';

import { isAllowed, parseAllowlist } from '../../../../nodes/PaymenterTrigger/webhook/ipAllowlist';

function allows(list: string, address: string): boolean {
	const parsed = parseAllowlist(list);
	if ('wrong' in parsed) throw new Error(`${parsed.wrong} was refused`);
	return isAllowed(parsed.ranges, address);
}

describe('the IP allowlist', () => {
	it.each([
		['203.0.113.7', '203.0.113.7', true],
		['203.0.113.7', '203.0.113.8', false],
		['203.0.113.0/24', '203.0.113.255', true],
		['203.0.113.0/24', '203.0.114.0', false],
		['203.0.113.77/24', '203.0.113.1', true],
		['10.0.0.0/8', '10.255.255.255', true],
		['10.0.0.0/8', '11.0.0.0', false],
		['203.0.113.6/31', '203.0.113.7', true],
		['203.0.113.6/31', '203.0.113.8', false],
		['203.0.113.7/32', '203.0.113.7', true],
		['0.0.0.0/0', '198.51.100.1', true],
		['0.0.0.0/0', '2001:db8::1', false],
		['203.0.113.7', '::ffff:203.0.113.7', true],
		['203.0.113.7', '::ffff:cb00:7107', true],
		['203.0.113.0/24', '::FFFF:203.0.113.9', true],
		['::ffff:203.0.113.7', '203.0.113.7', true],
		['::ffff:203.0.113.0/120', '203.0.113.9', true],
		['203.0.113.7', '::203.0.113.7', false],
		['2001:db8::/32', '2001:db8:ffff::1', true],
		['2001:db8::/32', '2001:db9::1', false],
		['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
		['2001:db8::1', '2001:0db8:0000:0000:0000:0000:0000:0001', true],
		['::1', '::1', true],
		['::1', '127.0.0.1', false],
		['fe80::/10', 'fe80::1%eth0', true],
		['2001:db8::/127', '2001:db8::1', true],
		['2001:db8::/127', '2001:db8::2', false],
		['::/0', '2001:db8::1', true],
	])('%s lets %s in: %s', (list, address, allowed) => {
		expect(allows(list, address)).toBe(allowed);
	});

	it('takes entries separated by commas, spaces and line breaks', () => {
		const list = '203.0.113.7, 198.51.100.0/24\n2001:db8::/32\r\n\t10.0.0.1,,';
		for (const address of ['203.0.113.7', '198.51.100.9', '2001:db8::5', '10.0.0.1']) {
			expect(allows(list, address)).toBe(true);
		}
		expect(allows(list, '10.0.0.2')).toBe(false);
	});

	it.each(['', '  \n, '])('has no ranges when it is %j', (list) => {
		expect(parseAllowlist(list)).toEqual({ ranges: [] });
	});

	it.each([
		'localhost',
		'203.0.113',
		'203.0.113.7.8',
		'203.0.113.256',
		'203.0.113.07',
		'0xcb.0.113.7',
		'3405803783',
		'203.0.113.7/',
		'203.0.113.7/33',
		'203.0.113.7/-1',
		'203.0.113.7/2.5',
		'203.0.113.7/24/8',
		'203.0.113.*',
		'203.0.113.1-203.0.113.9',
		'203.0.113.7:443',
		'/24',
		'2001:db8::/129',
		'2001:db8::1::2',
		'2001:db8',
		'1:2:3:4:5:6:7:8:9',
		'1:2:3:4:5:6:7:',
		':1:2:3:4:5:6:7',
		':::',
		'::1:2:3:4:5:6:7:8',
		'2001:db8::g',
		'2001:db8::12345',
		'1.2.3.4::',
		'::1.2.3',
		'[2001:db8::1]',
		'fe80::1%eth0',
	])('names the entry %s, which is neither an address nor a range', (entry) => {
		expect(parseAllowlist(`203.0.113.7, ${entry}, 10.0.0.1`)).toEqual({ wrong: entry });
	});

	it.each(['', 'unknown', 'localhost', '203.0.113.7, 198.51.100.1', '203.0.113.7:443'])(
		'lets %j in from nowhere: an address it cannot read is not allowed',
		(address) => {
			expect(allows('0.0.0.0/0, ::/0', address)).toBe(false);
		},
	);

	it('agrees with Node’s own block list, for v4, v6 and mapped addresses', () => {
		// Few distinct bytes, so that addresses and ranges meet.
		const byte = fc.constantFrom(0, 1, 2, 127, 128, 254, 255);
		const v4 = fc.array(byte, { minLength: 4, maxLength: 4 }).map((parts) => parts.join('.'));
		const group = fc.constantFrom('0', '1', 'ff', '8000', 'ffff');
		const full = fc.array(group, { minLength: 8, maxLength: 8 }).map((parts) => parts.join(':'));
		const short = fc
			.tuple(fc.array(group, { maxLength: 3 }), fc.array(group, { maxLength: 3 }))
			.map(([head, tail]) => `${head.join(':')}::${tail.join(':')}`);
		const mapped = v4.map((address) => `::ffff:${address}`);
		const v6 = fc.oneof(full, short, mapped);
		const range = fc.oneof(
			fc.tuple(v4, fc.option(fc.integer({ min: 0, max: 32 }), { nil: null })),
			fc.tuple(v6, fc.option(fc.integer({ min: 0, max: 128 }), { nil: null })),
		);
		fc.assert(
			fc.property(
				fc.array(range, { minLength: 1, maxLength: 4 }),
				fc.oneof(v4, v6),
				(ranges, address) => {
					const node = new BlockList();
					for (const [base, bits] of ranges) {
						const family = base.includes(':') ? 'ipv6' : 'ipv4';
						if (bits === null) node.addAddress(base, family);
						// Node 20 takes no length 0 for v4; all v4 addresses are those under ::ffff:0:0/96.
						else if (bits === 0 && family === 'ipv4') node.addSubnet('::ffff:0:0', 96, 'ipv6');
						else node.addSubnet(base, bits, family);
					}
					const list = ranges.map(([base, bits]) => (bits === null ? base : `${base}/${bits}`));
					const expected = node.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
					expect([list, address, allows(list.join(' '), address)]).toEqual([
						list,
						address,
						expected,
					]);
				},
			),
			{ numRuns: 1000 },
		);
	});

	it('never throws, whatever is written in it', () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ unit: fc.constantFrom(...'0123:./f%') }), (a, b) => {
				for (const text of [a, b]) {
					const parsed = parseAllowlist(text);
					expect('wrong' in parsed ? text.includes(parsed.wrong) : parsed.ranges).toBeTruthy();
					expect(isAllowed([], text)).toBe(false);
				}
			}),
		);
	});
});
