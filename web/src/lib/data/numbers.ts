// How much there is, per group and per colleague: counted by the desk over all its tickets, and kept current by the change feed.
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { unwrap } from '@/lib/api/client';
import type { TicketRow, ViewTrial } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useNews } from '@/lib/live/live';

/** A busy desk changes all the time: numbers move no oftener than this. */
const EVERY_MS = 10_000;

const ACTIVE = { field: 'status_category', is_not: ['done'] };
const OPEN = { field: 'status_category', is: ['open'] };

export const MEASURES = ['received', 'solved', 'open', 'unassigned', 'soon', 'breached'] as const;
export type Measure = (typeof MEASURES)[number];

/** What each number counts. Received and solved are of the last 24 hours: the same length at any hour of the day. */
const COUNTED: Readonly<Record<Measure, readonly object[]>> = {
  received: [{ field: 'created_at', within: '1d' }],
  solved: [{ field: 'status_category', is: ['done'] }, { field: 'solved_at', within: '1d' }],
  open: [ACTIVE],
  unassigned: [ACTIVE, { field: 'assignee', empty: true }],
  soon: [OPEN, { field: 'sla', breaches_within: '2h' }],
  breached: [OPEN, { field: 'sla', is: ['breached'] }],
};

export type By = 'group' | 'assignee';

/** Ids of groups or colleagues, null for tickets without one. */
type Counts = ReadonlyMap<string | null, number>;

const PRESSING: ViewTrial['sort'] = [{ field: 'sla_due_at' }];

/** Conditions are a tree of any shape, which the schema cannot say. */
const allOf = (conditions: readonly object[]): ViewTrial['conditions'] => ({ all: conditions }) as unknown as ViewTrial['conditions'];

const within = (by: By, of: string | null | undefined): object[] => (of === undefined ? [] : [of === null ? { field: by, empty: true } : { field: by, is: [of] }]);

/** The tickets behind one number, the most pressing first; `undefined`: whoever they are with. */
export const trialOf = (by: By, measure: Measure, of: string | null | undefined, limit: number): ViewTrial => ({
  conditions: allOf([...COUNTED[measure], ...within(by, of)]),
  sort: PRESSING,
  limit,
});

/** What waits for an answer of ours, the one that has waited longest first. */
const WAITING = [
  { field: 'waiting_on', is: ['us'] },
  { field: 'snoozed', is: false },
];
const LONGEST: NonNullable<ViewTrial['sort']> = [{ field: 'last_message_at' }];

/** Of each group or colleague the ticket that has waited longest for an answer. */
export function useOldest(by: By): ReadonlyMap<string | null, TicketRow> | undefined {
  const { api } = useDesk();
  const { data } = useQuery({
    queryKey: ['numbers', by, 'oldest'],
    queryFn: async () => {
      const body = { conditions: allOf(WAITING), group_by: by, sort: LONGEST, firsts: true, limit: 1 };
      const { headings } = await unwrap(api.POST('/v1/views/preview', { body }));
      return new Map(headings.flatMap(({ value, first }) => (first ? [[value, first] as const] : [])));
    },
    staleTime: EVERY_MS,
  });
  return data;
}

/** All of a number together; each ticket is of one group, or of none. */
export const sumOf = (counts: Counts | undefined): number | undefined => (counts === undefined ? undefined : [...counts.values()].reduce((sum, count) => sum + count, 0));

/** All numbers by group or by colleague; what has not come yet is undefined. */
export function useNumbers(by: By, measures: readonly Measure[]): ReadonlyMap<Measure, Counts | undefined> {
  const { api } = useDesk();
  const client = useQueryClient();
  const counted = useRef(0);
  useNews(async ({ any }) => {
    if (!any || Date.now() - counted.current < EVERY_MS) return;
    counted.current = Date.now();
    await client.invalidateQueries({ queryKey: ['numbers'] });
  });
  const found = useQueries({
    queries: measures.map((measure) => ({
      queryKey: ['numbers', by, measure],
      queryFn: async (): Promise<Counts> => {
        const body = { conditions: allOf(COUNTED[measure]), group_by: by, limit: 1 };
        const { headings } = await unwrap(api.POST('/v1/views/preview', { body }));
        return new Map(headings.map(({ value, count }) => [value, count]));
      },
      staleTime: EVERY_MS,
    })),
  });
  return new Map(measures.map((measure, at) => [measure, found[at]?.data]));
}
