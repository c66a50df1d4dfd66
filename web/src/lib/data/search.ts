// Finding tickets by what was written in them, and done tickets like one that is open.
import { keepPreviousData, useInfiniteQuery, useQuery, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Found } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useWordsThere } from '@/lib/data/messages';
import type { Paged } from '@/lib/data/pages';

const PAGE = 30;
const SIMILAR = 4;

/** What fits `q`, best first; what was found before stays on the page until something better has come. */
export function useSearch(q: string): UseInfiniteQueryResult<Paged<Found>> {
  const { api } = useDesk();
  return useInfiniteQuery({
    queryKey: ['tickets-found', q],
    queryFn: ({ pageParam, signal }) => unwrap(api.GET('/v1/search', { params: { query: { q, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** A few hits for a list under a field; those of the letters before stay until better ones have come. */
export function useQuickSearch(q: string, limit: number): UseQueryResult<Found[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['quick-found', q, limit],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/search', { params: { query: { q, limit } }, signal }))).items,
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
}

/** Done tickets that are most like ticket `id`. */
export function useSimilar(id: string): UseQueryResult<Found[]> {
  const { api } = useDesk();
  const wanted = useWordsThere(id);
  return useQuery({
    queryKey: ['similar', id],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/tickets/{id}/similar', { params: { path: { id }, query: { limit: SIMILAR } }, signal }))).items,
    enabled: wanted,
    staleTime: 5 * 60_000,
    retry: false,
  });
}
