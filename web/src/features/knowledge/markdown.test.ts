// The buttons over the field change what is selected and nothing else.
import { describe, expect, test } from 'vitest';
import { around, before, block, link, type Edit, type Selected } from './markdown';

/** A text with its selection between bars: "a |b| c". */
function selected(text: string): Selected {
  const [lead = '', inside = '', tail = ''] = text.split('|');
  return { text: lead + inside + tail, from: lead.length, to: lead.length + inside.length };
}

function after({ text }: Selected, { from, to, words, select }: Edit): string {
  const made = text.slice(0, from) + words + text.slice(to);
  return `${made.slice(0, select[0])}|${made.slice(select[0], select[1])}|${made.slice(select[1])}`;
}

const edited = (text: string, act: (one: Selected) => Edit): string => after(selected(text), act(selected(text)));

describe('marks in Markdown', () => {
  test.each([
    ['go |there| now', 'go **|there|** now'],
    ['go **|there|** now', 'go |there| now'],
    ['go || now', 'go **|bold|** now'],
  ])('%s in bold is %s', (text, expected) => {
    expect(edited(text, (one) => around(one, '**', 'bold'))).toBe(expected);
  });
  test('lines are listed, counted on, and taken out of the list again', () => {
    expect(edited('a\n|b\nc|\nd', (one) => before(one, '- '))).toBe('a\n|- b\n- c|\nd');
    expect(edited('a\n|- b\n- c|\nd', (one) => before(one, '1. '))).toBe('a\n|1. b\n2. c|\nd');
    expect(edited('|1. b\n2. c|', (one) => before(one, '1. '))).toBe('|b\nc|');
    expect(edited('a st|e|p', (one) => before(one, '## '))).toBe('## a step||');
  });
  test('words become a link whose address is typed next, an address one whose words are', () => {
    expect(edited('see |the page| there', (one) => link(one, 'words'))).toBe('see [the page](|https://|) there');
    expect(edited('|https://a.test/x|', (one) => link(one, 'words'))).toBe('[|words|](https://a.test/x)');
  });
  test('a picture stands between empty lines', () => {
    expect(edited('one|| two', (one) => block(one, '![p](/i)'))).toBe('one\n\n![p](/i)\n\n|| two');
    expect(edited('||', (one) => block(one, '![p](/i)'))).toBe('![p](/i)\n||');
  });
});
