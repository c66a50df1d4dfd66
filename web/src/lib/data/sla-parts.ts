// A preview comes in parts; their sums add up.
import type { SlaPreview, SlaTallyRow } from '@/lib/api/types';

type Tally = SlaTallyRow['old'];

/** Changed promises that are listed, however many tickets there are. */
const LISTED = 200;

function sum(one: Tally, other: Tally): Tally {
  const met = one.met + other.met;
  const breached = one.breached + other.breached;
  return {
    met,
    breached,
    open: one.open + other.open,
    compliance: met + breached > 0 ? met / (met + breached) : null,
    late_seconds: one.late_seconds + other.late_seconds,
    paused_seconds: one.paused_seconds + other.paused_seconds,
  };
}

const keyOf = (row: SlaTallyRow): string => `${row.metric} ${row.by} ${row.of}`;

/** Two parts as one, in the order of the API: as listed, days and names by their text. */
export function joined(before: SlaPreview, next: SlaPreview): SlaPreview {
  const rows = new Map(before.rows.map((row) => [keyOf(row), row]));
  for (const row of next.rows) {
    const there = rows.get(keyOf(row));
    rows.set(keyOf(row), there ? { ...row, old: sum(there.old, row.old), new: sum(there.new, row.new) } : row);
  }
  return {
    ...next,
    tickets: before.tickets + next.tickets,
    rows: [...rows.values()].toSorted((one, other) => (one.of < other.of ? -1 : one.of > other.of ? 1 : 0)),
    changes: [...before.changes, ...next.changes].slice(0, LISTED),
    by_present_fields: [...(before.by_present_fields ?? []), ...(next.by_present_fields ?? [])],
  };
}
