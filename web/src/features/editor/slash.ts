// A "/" at the start of a line and the words after it: what somebody looks for in the middle of writing.

export interface Slash {
  /** Where the "/" stands in the text. */
  from: number;
  /** Where the words end: the caret. */
  to: number;
  query: string;
}

const LONGEST = 60;

/** The slash that the caret stands behind, in the same line; null when there is none. An address ("/usr/lib") is none. */
export function slashAt(text: string, caret: number): Slash | null {
  const from = text.lastIndexOf('\n', caret - 1) + 1;
  const query = text.slice(from + 1, caret);
  if (caret <= from || text[from] !== '/' || query.length > LONGEST || query.includes('/')) return null;
  return { from, to: caret, query: query.trim() };
}
