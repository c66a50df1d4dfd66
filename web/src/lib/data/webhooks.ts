// Webhooks: destinations that rules and escalations call, and what became of their calls.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { Deliveries, Delivery, DeliveryInFull, Webhook, WebhookIn } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

const WEBHOOKS = ['webhooks'] as const;
const MINUTE = 60_000;
const LOOK_MS = 3000;

const deliveriesOf = (id: string): readonly unknown[] => ['deliveries', id];

export function useWebhooks(wanted = true): UseQueryResult<Webhook[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: WEBHOOKS, enabled: wanted, queryFn: async () => (await unwrap(api.GET('/v1/webhooks'))).items, staleTime: MINUTE });
}

interface Saving {
  id: string;
  /** As it was seen; 0: it is new. */
  version: number;
  body: WebhookIn;
}

const seen = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

export function useSaveWebhook(): UseMutationResult<Webhook, Error, Saving> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, body }) => unwrap(api.PUT('/v1/webhooks/{id}', { params: { path: { id }, header: seen(version) }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

export function useRemoveWebhook(): UseMutationResult<void, Error, { id: string; version: number }> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }) => done(api.DELETE('/v1/webhooks/{id}', { params: { path: { id }, header: seen(version) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }),
  });
}

/** The secret that signs; asked for only when somebody wants to see it, and kept nowhere. */
export function useSecret(id: string): UseMutationResult<string, Error, boolean> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (rotate) => (await unwrap(api.POST('/v1/webhooks/{id}/secret', { params: { path: { id } }, body: { rotate } }))).secret,
    onSuccess: () => client.invalidateQueries({ queryKey: WEBHOOKS }),
    gcTime: 0,
  });
}

export function useTestWebhook(id: string): UseMutationResult<Delivery, Error, void> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.POST('/v1/webhooks/{id}/test', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesOf(id) }),
  });
}

/** What became of calls, newest first; looked at again while one of the newest is on its way. */
export function useDeliveries(id: string): UseInfiniteQueryResult<InfiniteData<Deliveries>> {
  const { api } = useDesk();
  return useInfiniteQuery({
    queryKey: deliveriesOf(id),
    queryFn: ({ pageParam }) => unwrap(api.GET('/v1/webhooks/{id}/deliveries', { params: { path: { id }, query: { limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) => (state.data?.pages[0]?.items.some((one) => one.state === 'waiting' && one.tries === 0) === true ? LOOK_MS : false),
    staleTime: 0,
  });
}

export function useDelivery(webhook: string, id: string | null): UseQueryResult<DeliveryInFull> {
  const { api } = useDesk();
  return useQuery({
    queryKey: [...deliveriesOf(webhook), id],
    queryFn: () => unwrap(api.GET('/v1/webhooks/{id}/deliveries/{delivery_id}', { params: { path: { id: webhook, delivery_id: id ?? '' } } })),
    enabled: id !== null,
    staleTime: 0,
  });
}

export function useRedeliver(webhook: string): UseMutationResult<Delivery, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id) => unwrap(api.POST('/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver', { params: { path: { id: webhook, delivery_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: deliveriesOf(webhook) }),
  });
}
