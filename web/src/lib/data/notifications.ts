// What I was told: asked for gently, and read at once on the page, whatever the network does.
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Notification, Notifications } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useNames } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';

const KEY = ['notifications'] as const;
const EVERY_MS = 60_000;
const PAGE = 30;

/** One by its id, or every one. */
type Which = { id: string } | 'all';

/** `always`: also while nobody looks at the page. */
export function useNotifications(always = false): UseQueryResult<Notifications> {
  const { api } = useDesk();
  return useQuery({
    queryKey: KEY,
    queryFn: () => unwrap(api.GET('/v1/notifications', { params: { query: { limit: PAGE } } })),
    staleTime: 10_000,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: always,
    refetchOnWindowFocus: true,
  });
}

function read(told: Notifications, which: Which, now: string): Notifications {
  const items = told.items.map((item) => (item.read_at === null && (which === 'all' || item.id === which.id) ? { ...item, read_at: now } : item));
  const count = items.filter((item, index) => item !== told.items[index]).length;
  return { ...told, items, unread: which === 'all' ? 0 : Math.max(0, told.unread - count) };
}

/** Marks one notification, or all of them, as read. */
export function useRead(): (which: Which) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const { mutate } = useMutation({
    onMutate: async (which: Which) => {
      await client.cancelQueries({ queryKey: KEY });
      client.setQueryData<Notifications>(KEY, (told) => told && read(told, which, new Date().toISOString()));
    },
    mutationFn: (which: Which) => unwrap(api.POST('/v1/notifications/read', { body: which === 'all' ? { all: true } : { ids: [which.id] } })),
    onSettled: () => client.invalidateQueries({ queryKey: KEY }),
  });
  return mutate;
}

/** What happened, in words. */
export function useTold(): (told: Notification) => string {
  const t = useT();
  const names = useNames();
  return ({ kind, actor }) => {
    const name = actor.name ?? names.agent(actor.id);
    const who = actor.kind === 'system' ? t('event.desk') : name === null ? t('event.someAgent') : t('person', { name });
    return t(`notification.kind.${kind}`, { who });
  };
}
