import {
	bold,
	escapeHtml,
	groupNames,
	listHtml,
	paragraphs,
} from '../../../../domain/operator/html';

describe('Text on a page of a form', () => {
	it('cannot become HTML, nor an expression of n8n', () => {
		expect(escapeHtml(`<>&"'{}`)).toBe('&#60;&#62;&#38;&#34;&#39;&#123;&#125;');
		expect(bold('{{ 7*7 }}')).toBe('<b>&#123;&#123; 7*7 &#125;&#125;</b>');
	});

	it('is empty if there is none', () => {
		expect([escapeHtml(null), escapeHtml(undefined), escapeHtml(0)]).toEqual(['', '', '0']);
	});

	it('leaves out empty lists and paragraphs', () => {
		expect(listHtml([])).toBe('');
		expect(listHtml(['a', 'b'])).toBe('<ul><li>a</li><li>b</li></ul>');
		expect(paragraphs(['a', '', 'b'])).toBe('a<br><br>b');
	});

	it('groups names by what is true of them', () => {
		expect(
			groupNames([
				['x', 'a'],
				['y', 'b'],
				['x', 'c'],
			]),
		).toEqual([
			['x', ['a', 'c']],
			['y', ['b']],
		]);
	});
});
