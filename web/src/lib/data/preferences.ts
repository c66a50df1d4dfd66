// How I like to be told, and what I sign with: shown as wished at once, and as it was when the desk says no.
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Item, Ok } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

const TOLD = ['notification-preferences'] as const;
const SIGNATURE = ['signature'] as const;

type Told = Ok<'/v1/me/notification-preferences', 'get'>;
export type Telling = Item<Told>;
/** Where one is told: in the page's list, or by mail. */
export type Way = 'page' | 'mail';

export interface Wish {
  kind: Telling['kind'];
  way: Way;
  on: boolean;
}

export function useTellings(): UseQueryResult<Telling[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: TOLD, queryFn: async () => (await unwrap(api.GET('/v1/me/notification-preferences'))).items });
}

const wished = (items: Telling[] | undefined, { kind, way, on }: Wish): Telling[] | undefined =>
  items?.map((item) => (item.kind === kind ? { ...item, [way]: on } : item));

/** Saves one wish after another: each names one kind as a whole, so two at once could take one another back. */
export function useTell(told: { done: (wish: Wish) => void; failed: (wish: Wish, error: Error) => void }): (wish: Wish) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: TOLD,
    scope: { id: 'notification-preferences' },
    onMutate: async (wish: Wish) => {
      await client.cancelQueries({ queryKey: TOLD });
      client.setQueryData<Telling[]>(TOLD, (items) => wished(items, wish));
    },
    mutationFn: ({ kind, way, on }: Wish) => {
      const items = (client.getQueryData<Telling[]>(TOLD) ?? []).filter((item) => item.kind === kind).map((item) => ({ ...item, [way]: on }));
      return unwrap(api.PUT('/v1/me/notification-preferences', { body: { items } }));
    },
    onSuccess: (_, wish) => told.done(wish),
    onError: (error, wish) => {
      client.setQueryData<Telling[]>(TOLD, (items) => wished(items, { ...wish, on: !wish.on }));
      told.failed(wish, error);
    },
    // What the desk says last is true, but not while more is under way.
    onSettled: () => (client.isMutating({ mutationKey: TOLD }) === 1 ? client.invalidateQueries({ queryKey: TOLD }) : undefined),
  });
  return mutate;
}

export function useSignature(): UseQueryResult<string> {
  const { api } = useDesk();
  return useQuery({ queryKey: SIGNATURE, queryFn: async () => (await unwrap(api.GET('/v1/me/signature'))).text });
}

/** Changes the signature; `done` is given it as the desk keeps it. */
export function useSign(told: { done: (kept: string, before: string) => void; failed: (text: string, error: Error) => void }): { sign: (text: string) => void; busy: boolean } {
  const { api } = useDesk();
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: async (text: string) => (await unwrap(api.PUT('/v1/me/signature', { body: { text } }))).text,
    onSuccess: (kept) => {
      const before = client.getQueryData<string>(SIGNATURE) ?? '';
      client.setQueryData(SIGNATURE, kept);
      told.done(kept, before);
    },
    onError: (error, text) => told.failed(text, error),
  });
  return { sign: mutate, busy: isPending };
}
