import {
	hasIgnorable,
	isLike,
	isListed,
	listOf,
	trimInvisible,
	visibleWords,
} from '../../../domain/text';

describe('A list in a text', () => {
	it.each<[string, string[]]>([
		['', []],
		[' , ', []],
		['Frost*, Beta*', ['Frost*', 'Beta*']],
		['"Fire, Ice", Beta*', ['Fire, Ice', 'Beta*']],
		['a,"b ""c"", d" ,e', ['a', 'b "c", d', 'e']],
		['12" rack, "half', ['12" rack', '"half']],
		['"a" b, c', ['"a" b', 'c']],
		['\u200bFrost\u3164,', ['Frost']],
	])('%j has the entries %j', (text, entries) => {
		expect(listOf(text)).toEqual(entries);
	});
});

describe('A pattern', () => {
	it.each([
		['İstanbul*', 'İstanbul - Survival'],
		['istanbul*', 'ISTANBUL'],
		['ΟΔΟΣ*', 'ΟΔΟΣΑ'],
		['οδος', 'ΟΔΟΣ'],
		['STRASSE', 'Straße'],
		['cafe\u0301*', 'CAFÉ Nord'],
		['caf\u00e9*', 'cafe\u0301 Nord'],
		['*', ''],
		['**', 'x'],
		['a*a', 'aa'],
		['*b*b*', 'abcb'],
		['Frost [1]', 'frost [1]'],
		['*a\nb*', 'xa\nby'],
		['*ab*cd*cd', 'xabycdzcd'],
	])('%j is like %j', (pattern, text) => {
		expect(isLike(pattern, text)).toBe(true);
	});

	it.each([
		['a*a', 'a'],
		['*b*b', 'ab'],
		['ab*ba', 'aba'],
		['*aba*ab', 'xabab'],
		['frost', 'frost path'],
		['path', 'frost path'],
		['', 'x'],
		['fr.st', 'frost'],
		['*ab*ab*', 'xaby'],
		['*abc*bcd*', 'abcd'],
	])('%j is not like %j', (pattern, text) => {
		expect(isLike(pattern, text)).toBe(false);
	});

	it.each(['İstanbul', 'ΟΔΟΣ', 'ß', 'ŉ', 'ǰ', 'ﬃ', 'ı', 'K', 'e\u0301\u0323', 'i̇'])(
		'that is an exact text matches itself (%s)',
		(text) => {
			for (const pattern of [text, `${text}*`, `*${text}`, `*${text}*`]) {
				expect([pattern, isLike(pattern, text)]).toEqual([pattern, true]);
			}
		},
	);

	it('with many stars does not backtrack: that would not end for a text of this length', () => {
		expect(isLike('*-*-*-*-*-*-staff', '-'.repeat(200_000))).toBe(false);
	});
});

describe('Characters that show nothing', () => {
	it('between others are walked over once: the square of this many would not end', () => {
		const text = `a${' '.repeat(1_000_000)}b`;
		expect(trimInvisible(text)).toBe(text);
	});

	it.each([
		'\u3164',
		'\u200b',
		'\ufeff',
		'\u00ad',
		'\u034f',
		'\u2800',
		'\u180e',
		'\u{e0020}',
		' \t',
	])('are cut at both ends (%j)', (nothing) => {
		expect(trimInvisible(`${nothing}A${nothing}b${nothing}`)).toBe(`A${nothing}b`);
		expect(trimInvisible(nothing)).toBe('');
		expect(visibleWords(` ${nothing} A ${nothing}B${nothing}`)).toEqual(['A', 'B']);
	});
});

describe('A text is listed', () => {
	const isEntry = (list: string, text: string) => isListed(list, text, isLike);

	it('if any entry fits it', () => {
		expect(isEntry('Hub, Frost*', 'frost path')).toBe(true);
		expect(isEntry('Hub, Frost*', 'Fire')).toBe(false);
	});

	it('if the list is the text as a whole: a name may contain a comma', () => {
		expect(isEntry('fire, ice', 'Fire, Ice')).toBe(true);
		expect(isEntry('fire, ice', 'Fire, Ice and more')).toBe(false);
	});
});

it('Characters that nobody sees are found, a space is not one of them', () => {
	for (const text of ['a\u200bb', '\u00ad', '\u3164']) expect(hasIgnorable(text)).toBe(true);
	for (const text of ['', 'a b', 'é😀']) expect(hasIgnorable(text)).toBe(false);
});
