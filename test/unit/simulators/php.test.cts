import { cleanInput, trimmed } from '../../../simulators/panel/php.cjs';

/** What Laravel's `Str::trim` cuts, found by trying every character of Unicode on a real panel. */
const cut =
	'0 9 a b c d 20 85 a0 ad 34f 61c 115f 1160 1680 17b4 17b5 180e 2000 2001 2002 2003 2004 2005 ' +
	'2006 2007 2008 2009 200a 200b 200c 200d 200e 200f 2028 2029 202f 205f 2060 2061 2062 2063 2064 ' +
	'2065 206a 206b 206c 206d 206e 206f 2800 3000 3164 feff ffa0 1d159 1d173 1d174 1d175 1d176 1d177 ' +
	'1d178 1d179 1d17a e0020';

describe('Laravel’s trimming', () => {
	it('cuts these characters at both ends, and no others', () => {
		const found: string[] = [];
		for (let code = 0; code <= 0x10ffff; code++) {
			if (code >= 0xd800 && code <= 0xdfff) continue;
			const character = String.fromCodePoint(code);
			if (trimmed(`${character}a${character}`) === 'a') found.push(code.toString(16));
		}
		expect(found).toEqual(cut.split(' '));
	});

	it('leaves what is inside', () => {
		expect(trimmed('\u3164 A\u200bd a\u3164 ')).toBe('A\u200bd a');
	});

	it('spares passwords at the top of the input only, and makes nothing of empty text', () => {
		const input = { password: ' a ', name: ' b ', list: [' ', { password: ' c ' }] };
		expect(cleanInput(input)).toEqual({
			password: ' a ',
			name: 'b',
			list: [null, { password: 'c' }],
		});
	});
});
