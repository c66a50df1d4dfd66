import { expect, test } from 'vitest';
import { joined } from './sla-parts';
import type { SlaPreview } from '@/lib/api/types';

const tally = (met: number, breached: number) => ({ met, breached, open: 1, compliance: met / (met + breached), late_seconds: 60, paused_seconds: 5 });

const part = (of: string, met: number, next_cursor: string | null): SlaPreview => ({
  tickets: 2,
  complete: next_cursor === null,
  rows: [{ metric: 'first_response', by: 'day', of, old: tally(met, 1), new: tally(met, 3) }],
  changes: [],
  next_cursor,
});

test('parts of a preview add up, and the last one says whether that is all', () => {
  const found = joined(joined(part('2026-11-02', 1, 'a'), part('2026-11-01', 9, 'b')), part('2026-11-02', 5, null));
  expect([found.tickets, found.complete]).toEqual([6, true]);
  expect(found.rows.map((row) => [row.of, row.old.met, row.old.breached, row.new.compliance])).toEqual([
    ['2026-11-01', 9, 1, 0.75],
    ['2026-11-02', 6, 2, 0.5],
  ]);
});
