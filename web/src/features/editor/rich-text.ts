// Formatted words as the editor keeps them: HTML of a few elements, told from plain text by how it begins.

const FORMATTED = /^<(?:p|ul|ol|pre|blockquote|h[23])[ >]/;

/** Whether a draft was written with the formatting editor. */
const isFormatted = (words: string): boolean => FORMATTED.test(words);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Plain lines as paragraphs: a line each, an empty one where a line was left empty. */
export const formattedOf = (words: string): string =>
  isFormatted(words)
    ? words
    : words
        .split('\n')
        .map((line) => `<p>${escaped(line)}</p>`)
        .join('');

const BLOCKS = new Set(['P', 'LI', 'PRE', 'H2', 'H3']);

function write(node: Node, into: string[]): void {
  if (node.nodeType === Node.TEXT_NODE) into.push(node.textContent ?? '');
  else if (node instanceof HTMLBRElement) into.push('\n');
  else {
    const last = into.at(-1);
    if (node instanceof HTMLElement && BLOCKS.has(node.tagName) && into.length > 0 && last !== '\n- ') into.push('\n');
    if (node instanceof HTMLLIElement) into.push('- ');
    for (const child of node.childNodes) write(child, into);
  }
}

/** What formatted words say, plain: for the field that has no formatting. */
export function plainOf(words: string): string {
  if (!isFormatted(words)) return words;
  const lines: string[] = [];
  write(new DOMParser().parseFromString(words, 'text/html').body, lines);
  return lines.join('').replaceAll('\n- \n', '\n- ').replace(/^- \n/, '- ');
}

/** One text before another, whichever of them are formatted. */
export function joined(first: string, second: string): string {
  if (!isFormatted(first) && !isFormatted(second)) return `${first}\n\n${second}`;
  return `${formattedOf(first)}<p></p>${formattedOf(second)}`;
}
