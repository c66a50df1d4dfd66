// Which rows are selected, and how hands change that: one by one, a stretch from the last one, everything that is loaded.

export type Selection = ReadonlySet<string>;
export const NOTHING: Selection = new Set();

export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The selection with all rows between the last one that was touched and `id`, both included. */
export function stretched(selection: Selection, ids: readonly string[], from: string | null, id: string): Selection {
  const [one, other] = [ids.indexOf(from ?? id), ids.indexOf(id)];
  if (one < 0 || other < 0) return toggled(selection, id);
  return new Set([...selection, ...ids.slice(Math.min(one, other), Math.max(one, other) + 1)]);
}
