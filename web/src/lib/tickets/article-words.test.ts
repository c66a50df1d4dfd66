// An article in an answer: its words without its pictures, its link without surprises.
import { describe, expect, test } from 'vitest';
import { articleWords, glanceOf, linkWords } from './article-words';

describe('an article in an answer', () => {
  test('says what its page says, its pictures and headings as a mail can', () => {
    const html = '<h2 id="a">First <em>this</em></h2><p>Open it.</p><p><img src="/help/images/a/b?t=secret" alt="x"></p><ul><li>One</li></ul>';
    expect(articleWords(html)).toBe('<p><strong>First this</strong></p><p>Open it.</p><ul><li>One</li></ul>');
    expect(articleWords('<ul><li>One</li></ul>')).toBe('<p></p><ul><li>One</li></ul>');
    expect(glanceOf(html, 20)).toBe('First thisOpen it.On…');
  });
  test('is linked by its title, whatever that contains', () => {
    expect(linkWords('A "<b>"', 'https://desk.test/help/1?a&b')).toBe('<p><a href="https://desk.test/help/1?a&amp;b">A &quot;&lt;b&gt;&quot;</a></p>');
  });
});
