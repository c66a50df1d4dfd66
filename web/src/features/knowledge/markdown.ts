// Marks in a text of Markdown: what the buttons over the field do to what is selected. Pure: text in, text out.

export interface Selected {
  text: string;
  from: number;
  to: number;
}

/** What takes the place of `from` to `to`, and what is selected afterwards. */
export interface Edit {
  from: number;
  to: number;
  words: string;
  select: [number, number];
}

/** Marks around what is selected; taken off again where they are there. */
export function around({ text, from, to }: Selected, mark: string, otherwise: string): Edit {
  const inside = text.slice(from, to);
  const size = mark.length;
  if (text.slice(from - size, from) === mark && text.slice(to, to + size) === mark) {
    return { from: from - size, to: to + size, words: inside, select: [from - size, to - size] };
  }
  const words = inside === '' ? otherwise : inside;
  return { from, to, words: `${mark}${words}${mark}`, select: [from + size, from + size + words.length] };
}

const MARKED = /^(?:#{1,6} |> |[-*] |\d+\. )/;

/** The lines that are selected, each with a mark before it; a number counts on. Lines that have it lose it. */
export function before({ text, from, to }: Selected, mark: '## ' | '> ' | '- ' | '1. '): Edit {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const found = text.indexOf('\n', Math.max(to, from));
  const end = found < 0 ? text.length : found;
  const lines = text.slice(start, end).split('\n');
  const has = (line: string): boolean => (mark === '1. ' ? /^\d+\. /.test(line) : line.startsWith(mark));
  const marked = lines.every(has);
  const words = lines.map((line, at) => (marked ? line.replace(MARKED, '') : `${mark === '1. ' ? `${at + 1}. ` : mark}${line.replace(MARKED, '')}`)).join('\n');
  return { from: start, to: end, words, select: [lines.length > 1 ? start : start + words.length, start + words.length] };
}

const ADDRESS = /^https?:\/\/\S+$/;

/** A link: what is selected becomes its words, or its address where it is one. */
export function link({ text, from, to }: Selected, otherwise: string): Edit {
  const inside = text.slice(from, to);
  const address = ADDRESS.test(inside) ? inside : 'https://';
  const words = inside === '' || address === inside ? otherwise : inside;
  const made = `[${words}](${address})`;
  const selected: [number, number] = address === inside ? [from + 1, from + 1 + words.length] : [from + words.length + 3, from + made.length - 1];
  return { from, to, words: made, select: selected };
}

/** A block of its own: lines before and behind it where there are words. */
export function block({ text, from, to }: Selected, words: string): Edit {
  const lead = from === 0 || text.slice(0, from).endsWith('\n\n') ? '' : text[from - 1] === '\n' ? '\n' : '\n\n';
  const tail = text.slice(to).startsWith('\n') || to === text.length ? '\n' : '\n\n';
  const made = `${lead}${words}${tail}`;
  return { from, to, words: made, select: [from + made.length, from + made.length] };
}
