// Articles that are likely to solve a ticket, and that one of them was used on it.
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useDesk } from '@/lib/data/context';
import { useWordsThere } from '@/lib/data/messages';

export type LikelyArticle = components['schemas']['LikelyArticleOut'];

const MOST = 4;

export function useAnswers(id: string): UseQueryResult<LikelyArticle[]> {
  const { api } = useDesk();
  const wanted = useWordsThere(id);
  return useQuery({
    queryKey: ['answers', id],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/tickets/{id}/answers', { params: { path: { id }, query: { limit: MOST } }, signal }))).articles,
    enabled: wanted,
    staleTime: 5 * 60_000,
    retry: false,
  });
}

export function useNoteUse(id: string): UseMutationResult<unknown, Error, string> {
  const { api } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (article: string) => unwrap(api.POST('/v1/tickets/{id}/answers', { params: { path: { id } }, body: { article_id: article } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['answers', id] }),
  });
}
