// Mail that was held back: the list, one mail as it may safely be looked at, and what to do with it.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type UseInfiniteQueryResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { HeldMail, HeldMailPreview, Released } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { flat, type Paged } from '@/lib/data/pages';

const KEY = ['held'] as const;
const PAGE = 50;
/** It is no letter that anyone waits for by the second. */
const EVERY_MS = 60_000;

export function useHeldMails(): UseInfiniteQueryResult<Paged<HeldMail>> {
  const { api } = useDesk();
  return useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => unwrap(api.GET('/v1/suspended-mails', { params: { query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 10_000,
    refetchInterval: EVERY_MS,
  });
}

/** How many there are, "50+" when there are more than one page holds; null while there are none. */
export function useHeldCount(): string | null {
  const { data, hasNextPage } = useHeldMails();
  const count = flat(data).length;
  return count === 0 ? null : `${count}${hasNextPage ? '+' : ''}`;
}

export function useHeldMail(id: string): UseQueryResult<HeldMailPreview> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['held-mail', id], queryFn: () => unwrap(api.GET('/v1/suspended-mails/{id}', { params: { path: { id } } })), staleTime: EVERY_MS });
}

export type Act = 'release' | 'block' | 'remove';

interface Outcome {
  done: (act: Act, released: Released | null) => void;
  failed: (act: Act, error: Error) => void;
}

/** Lets a mail in, blocks who sent it, or deletes it; what is dealt with leaves the list at once. */
export function useHeldActs(id: string, outcome: Outcome): { act: (act: Act) => void; busy: boolean } {
  const { api } = useDesk();
  const client = useQueryClient();
  const params = { path: { id } };
  const { mutate, isPending } = useMutation({
    mutationFn: async (act: Act): Promise<Released | null> => {
      if (act === 'release') return unwrap(api.POST('/v1/suspended-mails/{id}/release', { params }));
      if (act === 'block') await unwrap(api.POST('/v1/suspended-mails/{id}/block', { params, body: { scope: 'address' } }));
      else await done(api.DELETE('/v1/suspended-mails/{id}', { params }));
      return null;
    },
    onSuccess: (released, act) => {
      if (act !== 'block') {
        client.setQueryData<Paged<HeldMail>>(KEY, (data) =>
          data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((mail) => mail.id !== id) })) },
        );
      }
      outcome.done(act, released);
    },
    onError: (error, act) => outcome.failed(act, error),
    onSettled: async () => {
      await Promise.all([KEY, ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
  return { act: mutate, busy: isPending };
}
