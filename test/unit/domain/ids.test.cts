import { idOrNull } from '../../../domain/ids';

describe('An id', () => {
	it.each([
		'1',
		'77',
		'10',
		'007',
		'a',
		'user-0',
		'guest77',
		'3f2504e0-4f89-11d3-9a0c-0305e82c3301',
	])('is %s', (id) => {
		expect(idOrNull(id)).toBe(id);
	});

	it.each([
		...['0', '00', '+0', '-0', '0.0', '0.00', '-1', '-77', '', '-', '--', 'null', 'NULL', 'nil'],
		...[
			'none',
			'undefined',
			'NaN',
			'false',
			'guest',
			'Anonymous',
			'nobody',
			'unknown',
			'n/a',
			'NA',
		],
		...['(null)', '<none>', '{0}', '\\N'],
		'00000000-0000-0000-0000-000000000000',
		'00000000000000000000000000000000',
	])('is not %j, by which senders mean that there is none', (id) => {
		expect(idOrNull(id)).toBeNull();
	});

	it('is none where there is none', () => {
		expect(idOrNull(null)).toBeNull();
	});
});
