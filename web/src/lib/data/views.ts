// The desk's views: what each is called, how many tickets it holds, and which tickets changed since one last asked.
import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { done, unwrap } from '@/lib/api/client';
import type { DeskView, ViewDraft, ViewPage, ViewTrial } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { renewCopies } from '@/lib/data/copies';
import { useLanguage } from '@/lib/i18n/use-t';
import { listenTo, useNews } from '@/lib/live/live';

const COUNTS = ['counts'] as const;

export function useViews(): UseQueryResult<DeskView[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['views'],
    queryFn: async () => (await unwrap(api.GET('/v1/views', { params: { query: { limit: 100 } } }))).items,
    staleTime: 5 * 60_000,
    retry: false,
  });
}

/** What a view is called in the reader's language; what nobody translated is called as it was written. */
export function useViewTitle(): (view: DeskView | undefined) => string {
  const language = useLanguage();
  return (view) => (view === undefined ? '' : (view.names[language] ?? view.title));
}

/** How many tickets each view holds, kept current. */
export function useCounts(): ReadonlyMap<string, number> | undefined {
  const { api } = useDesk();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: COUNTS,
    queryFn: async () => (await unwrap(api.GET('/v1/views/counts'))).items,
    select: asMap,
    staleTime: 10_000,
    retry: false,
  });
  useNews(async ({ any }) => {
    if (any) await client.invalidateQueries({ queryKey: COUNTS });
  });
  return data;
}

const asMap = (items: readonly { id: string; count: number }[]): ReadonlyMap<string, number> => new Map(items.map(({ id, count }) => [id, count]));

/** Has the page look for news only where the desk says that something changed, and renew its copies of settings, people and views. */
export function useChangeFeed(): void {
  const { api } = useDesk();
  const client = useQueryClient();
  useEffect(() => {
    let cursor: string | null = null;
    listenTo(async () => {
      const known = cursor;
      const { items, left, kinds, next_cursor: next } = await unwrap(api.GET('/v1/changes', { params: { query: known === null ? {} : { cursor: known } } }));
      cursor = next;
      void renewCopies(client, kinds);
      const ids = new Set([...items.map(({ id }) => id), ...left]);
      // The first answer says only where now is: what came before it is not known.
      return known === null ? { any: true, has: () => true } : { any: ids.size > 0, has: (ticket) => ids.has(ticket) };
    });
    return () => listenTo(null);
  }, [api, client]);
}

interface Saving {
  /** Null: it is a new one. */
  id: string | null;
  /** As it was seen. */
  version: number;
  body: ViewDraft;
}

const renewViews = async (client: ReturnType<typeof useQueryClient>): Promise<void> => {
  await Promise.all([['views'], COUNTS, ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey })));
};

export function useSaveView(): UseMutationResult<DeskView, Error, Saving> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, body }) =>
      id === null
        ? unwrap(api.POST('/v1/views', { params: { header: { 'Idempotency-Key': crypto.randomUUID() } }, body }))
        : unwrap(api.PUT('/v1/views/{id}', { params: { path: { id }, header: { 'If-Match': `"${version}"` } }, body })),
    onSuccess: () => renewViews(client),
  });
}

export function useRemoveView(): UseMutationResult<void, Error, { id: string; version: number }> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }) => done(api.DELETE('/v1/views/{id}', { params: { path: { id }, header: { 'If-Match': `"${version}"` } } })),
    onSuccess: () => renewViews(client),
  });
}

/** The first tickets that conditions mean, and how many there are, before they are kept. */
export function useTriedView(trial: ViewTrial): UseQueryResult<ViewPage> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['view-trial', trial],
    queryFn: ({ signal }) => unwrap(api.POST('/v1/views/preview', { body: trial, signal })),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
}
