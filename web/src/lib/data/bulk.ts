// The same for many tickets: asked for at once, followed while it goes on, taken back as a whole.
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Api } from '@/lib/api/client';
import { unwrap } from '@/lib/api/client';
import type { Bulk, BulkAction, BulkOrder } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { show } from '@/lib/data/tickets';
import type { TicketFilter } from '@/lib/tickets/views';

const LOOK_MS = 700;
const LONGEST_MS = 15 * 60_000;

const IN_HAND = new Set<Bulk['state']>(['listing', 'running', 'undoing']);

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks again and again until `id` has come to an end. */
async function follow(api: Api, id: string, onProgress: (bulk: Bulk) => void): Promise<Bulk> {
  const until = Date.now() + LONGEST_MS;
  for (;;) {
    const bulk = await unwrap(api.GET('/v1/bulk/{id}', { params: { path: { id }, query: {} } }));
    if ((!IN_HAND.has(bulk.state) && !bulk.stopping) || Date.now() > until) return bulk;
    onProgress(bulk);
    await wait(LOOK_MS);
  }
}

const renew = (client: QueryClient): Promise<unknown> =>
  Promise.all([['tickets'], ['ticket'], ['history'], ['tickets-found'], ['counts']].map((queryKey) => client.invalidateQueries({ queryKey })));

/** Which tickets: those that are named, or all of a list, loaded or not. */
export type BulkTarget = Partial<Pick<BulkOrder, 'view' | 'view_id'>> & { tickets: readonly string[] };

/** Everything that a list holds; `shown` are its tickets that are on the page. */
export function wholeOf(filter: TicketFilter, shown: readonly string[]): BulkTarget {
  const { view: id, ...plain } = filter;
  return id === undefined ? { view: plain, tickets: shown } : { view_id: id, tickets: shown };
}

interface BulkRun {
  id: string;
  finished: Promise<Bulk>;
}

interface Bulks {
  /** Begins; the tickets named show the change at once where it is a plain one. */
  run: (action: BulkAction, target: BulkTarget, onProgress: (bulk: Bulk) => void) => Promise<BulkRun>;
  undo: (id: string, onProgress: (bulk: Bulk) => void) => Promise<Bulk>;
}

export function useBulk(): Bulks {
  const { api } = useDesk();
  const client = useQueryClient();
  return {
    run: async (action, { tickets, ...whole }, onProgress) => {
      const { change } = action;
      if (change) {
        const plain = Object.fromEntries(Object.entries(change).filter(([name]) => name !== 'add_tags' && name !== 'remove_tags'));
        for (const id of tickets) show(client, id, plain);
      }
      const order: BulkOrder = Object.keys(whole).length > 0 ? { action, ...whole } : { action, tickets: [...tickets] };
      try {
        const { id } = await unwrap(api.POST('/v1/bulk', { params: { header: { 'Idempotency-Key': crypto.randomUUID() } }, body: order }));
        return { id, finished: follow(api, id, onProgress).finally(() => void renew(client)) };
      } catch (cause) {
        await renew(client);
        throw cause;
      }
    },
    undo: async (id, onProgress) => {
      await unwrap(api.POST('/v1/bulk/{id}/undo', { params: { path: { id } } }));
      return follow(api, id, onProgress).finally(() => void renew(client));
    },
  };
}
