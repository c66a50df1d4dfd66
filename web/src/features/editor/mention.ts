// An "@" and the letters after it: whom somebody is about to call.

export interface Mention {
  /** Where the "@" stands. */
  from: number;
  to: number;
  query: string;
}

const LONGEST = 30;

/** The "@" that the caret stands behind: at the start or after a space, so that an address calls nobody. */
export function mentionAt(text: string, caret: number): Mention | null {
  const from = text.lastIndexOf('@', caret - 1);
  if (from < 0 || (from > 0 && !/[\s(,]/u.test(text[from - 1] ?? ''))) return null;
  const query = text.slice(from + 1, caret);
  if (query.length > LONGEST || query.includes('\n') || query.startsWith(' ') || query.split(' ').length > 2) return null;
  return { from, to: caret, query };
}
