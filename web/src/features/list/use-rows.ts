// The rows of a list: those of a view, or what a search found with the places that fit.
import { useMemo } from 'react';
import type { Found, Heading, TicketRow, ViewPage } from '@/lib/api/types';
import { flat, unique } from '@/lib/data/pages';
import { useSearch } from '@/lib/data/search';
import { useTicketList } from '@/lib/data/tickets';
import { filterOf, type ViewId } from '@/lib/tickets/views';

interface Rows {
  rows: readonly TicketRow[];
  /** What a search found, by the ticket's id: why a row is here. */
  hits: ReadonlyMap<string, Found>;
  /** Nothing has come yet. */
  pending: boolean;
  /** What is shown belongs to an earlier search. */
  stale: boolean;
  error: Error | null;
  more: boolean;
  /** How many tickets there are in all; null: the list does not tell. */
  count: number | null;
  headings: readonly Heading[];
  loadMore: (() => void) | null;
  retry: () => void;
}

export function useRows(view: ViewId, search: string): Rows {
  const list = useTicketList(filterOf(view, ''), search === '');
  const found = useSearch(search);
  const { data: listed } = list;
  const { data: hit } = found;
  const searching = search !== '';
  const { rows, hits } = useMemo(() => {
    const items = unique(flat(hit).map((item) => ({ ...item, id: item.ticket.id })));
    return {
      rows: searching ? items.map(({ ticket }) => ticket) : unique(flat(listed)),
      hits: new Map(searching ? items.map((item) => [item.id, item] as const) : []),
    };
  }, [searching, listed, hit]);
  const query = searching ? found : list;
  const first = searching ? undefined : (listed?.pages[0] as Partial<ViewPage> | undefined);
  return {
    rows,
    hits,
    pending: query.isPending,
    stale: searching && found.isPlaceholderData,
    error: query.error,
    more: query.hasNextPage,
    count: first?.count ?? null,
    headings: first?.headings ?? [],
    loadMore: query.hasNextPage && !query.isFetchingNextPage ? () => void query.fetchNextPage() : null,
    retry: () => void query.refetch(),
  };
}
