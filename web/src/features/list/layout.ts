// Where rows and headings of a list stand. All rows are equally high and headings are few, so this is arithmetic, not measuring.

export const HEADING_HEIGHT = 32;

export interface Layout {
  /** Height of everything. */
  total: number;
  /** Where a row begins. */
  topOf: (index: number) => number;
  /** Where the heading before a row begins. */
  headingTop: (index: number) => number;
  /** The last row that begins at or above a height. */
  rowAt: (top: number) => number;
}

/** `before`: the rows that have a heading above them, in order. */
export function layoutOf(count: number, row: number, before: readonly number[]): Layout {
  const headingsUpTo = (index: number): number => {
    let many = 0;
    for (const at of before) if (at <= index) many += 1;
    return many;
  };
  const topOf = (index: number): number => index * row + headingsUpTo(index) * HEADING_HEIGHT;
  return {
    total: count * row + before.length * HEADING_HEIGHT,
    topOf,
    headingTop: (index) => topOf(index) - HEADING_HEIGHT,
    rowAt: (top) => {
      let index = Math.max(0, Math.min(count - 1, Math.floor((top - before.length * HEADING_HEIGHT) / row)));
      while (index + 1 < count && topOf(index + 1) <= top) index += 1;
      return index;
    },
  };
}
