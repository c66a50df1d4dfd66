// The conversation of one ticket and its history, newest page first, and the messages we send into it.
import {
  useInfiniteQuery,
  useIsFetching,
  useMutation,
  usePrefetchInfiniteQuery,
  useQueryClient,
  type QueryClient,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { unwrap, type Api } from '@/lib/api/client';
import type { Attachment, HistoryEvent, Me, Message, NewMessage } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { flat, prepend, type Page, type Paged } from '@/lib/data/pages';
import { show } from '@/lib/data/tickets';
import { useNews } from '@/lib/live/live';
import { deskNow } from '@/lib/time/clock';

const messagesKey = (id: string) => ['messages', id] as const;
const historyKey = (id: string) => ['history', id] as const;

/** How long after it was written the desk is asked what became of an answer's mail. */
const WATCHED_MS = 2 * 60_000;

/** Whether there may soon be news of the mail that carries this message. */
const isOnItsWay = ({ delivery, at }: Message): boolean =>
  (delivery === 'queued' || delivery === 'sent') && deskNow() - Date.parse(at) < WATCHED_MS;

const query = (limit: number, cursor: string | null) => (cursor === null ? { limit } : { limit, cursor });

export interface Conversation {
  messages: UseInfiniteQueryResult<Paged<Message>>;
  history: UseInfiniteQueryResult<Paged<HistoryEvent>>;
  /** Looks for messages and events that came in since. */
  refresh: () => Promise<void>;
}

interface Asked {
  pageParam: string | null;
}

const paging = { initialPageParam: null as string | null, staleTime: 2_000 };
const messagePage = (api: Api, id: string, cursor: string | null): Promise<Page<Message>> =>
  unwrap(api.GET('/v1/tickets/{id}/messages', { params: { path: { id }, query: query(30, cursor) } }));
const historyPage = (api: Api, id: string, cursor: string | null): Promise<Page<HistoryEvent>> =>
  unwrap(api.GET('/v1/tickets/{id}/history', { params: { path: { id }, query: query(100, cursor) } }));

/** How a ticket's words are fetched, by whoever does. */
export const messagesOf = (api: Api, id: string) => ({
  ...paging,
  queryKey: messagesKey(id),
  queryFn: ({ pageParam }: Asked) => messagePage(api, id, pageParam),
  getNextPageParam: (page: Page<Message>) => page.next_cursor,
});

/** And what happened to it. */
export const historyOf = (api: Api, id: string) => ({
  ...paging,
  queryKey: historyKey(id),
  queryFn: ({ pageParam }: Asked) => historyPage(api, id, pageParam),
  getNextPageParam: (page: Page<HistoryEvent>) => page.next_cursor,
});

/** Whether the words of a ticket are there, or do not come: what stands beside them is fetched after them. */
export function useWordsThere(id: string): boolean {
  const client = useQueryClient();
  const asked = useIsFetching({ queryKey: messagesKey(id) }) > 0;
  return !asked || client.getQueryData(messagesKey(id)) !== undefined;
}

export function useConversation(id: string): Conversation {
  const { api } = useDesk();
  const client = useQueryClient();
  // Asked for while the page is still being made: the words are what everybody waits for.
  usePrefetchInfiniteQuery(messagesOf(api, id));
  usePrefetchInfiniteQuery(historyOf(api, id));

  async function renew<Item extends { id: string }>(key: readonly string[], page: Promise<Page<Item>>): Promise<void> {
    const fresh = await page;
    const known = client.getQueryData<Paged<Item>>(key);
    const renewed = known && prepend(known, fresh);
    if (renewed) client.setQueryData(key, renewed);
    else await client.invalidateQueries({ queryKey: key });
  }

  // A mail's fate changes nothing of the ticket: who waits for it has to ask.
  useNews(async () => {
    const letters = flat(client.getQueryData<Paged<Message>>(messagesKey(id)));
    if (client.isMutating({ mutationKey: ['send', id] }) === 0 && letters.some(isOnItsWay)) await renew(messagesKey(id), messagePage(api, id, null));
  });

  return {
    messages: useInfiniteQuery(messagesOf(api, id)),
    history: useInfiniteQuery(historyOf(api, id)),
    refresh: async () => {
      await Promise.all([renew(messagesKey(id), messagePage(api, id, null)), renew(historyKey(id), historyPage(api, id, null))]);
    },
  };
}

interface Outgoing {
  message: NewMessage;
  /** The same key on every attempt: a repeated call cannot send twice. */
  key: string;
  attachments: Attachment[];
  /** What stood in the editor, for the case that it comes back. */
  written: string;
  me: Me;
}

const PENDING = 'sending-';
export const isPending = (message: Message): boolean => message.id.startsWith(PENDING);

function preview({ message, key, me, attachments }: Outgoing): Message {
  return {
    id: PENDING + key,
    at: new Date().toISOString(),
    author: { kind: 'agent', id: me.id, name: me.name },
    visibility: message.visibility,
    channel: 'web',
    automatic: false,
    body_text: message.body,
    body_html: message.html ?? null,
    quoted_text: null,
    attachments,
    delivery: 'queued',
  };
}

/** Asks anew for everything that shows ticket `id`. */
export const renewTicket = async (client: QueryClient, id: string): Promise<void> => {
  await Promise.all([['messages', id], ['history', id], ['ticket', id], ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey })));
};

interface SendOutcome {
  sent: (outgoing: Outgoing, message: Message) => void;
  failed: (outgoing: Outgoing, error: Error) => void;
}

/** Sends a message into ticket `id`; it stands in the conversation at once and leaves it again when refused. */
export function useSendMessage(id: string, outcome: SendOutcome): (outgoing: Outgoing) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const change = (edit: (items: Message[]) => Message[]): void => {
    client.setQueryData<Paged<Message>>(messagesKey(id), (data) => {
      const [first, ...others] = data?.pages ?? [];
      return data && first ? { ...data, pages: [{ ...first, items: edit(first.items) }, ...others] } : data;
    });
  };
  const { mutate } = useMutation({
    mutationKey: ['send', id],
    scope: { id: `send-${id}` },
    onMutate: async (outgoing: Outgoing) => {
      await client.cancelQueries({ queryKey: messagesKey(id) });
      change((items) => [preview(outgoing), ...items]);
      // What is held changes nothing until it goes.
      if (outgoing.message.status && !outgoing.message.hold_seconds) show(client, id, { status: outgoing.message.status });
    },
    mutationFn: ({ message, key }: Outgoing) =>
      unwrap(
        api.POST('/v1/tickets/{id}/messages', {
          params: { path: { id }, header: { 'Idempotency-Key': key } },
          body: message,
        }),
      ),
    onSuccess: (message, outgoing) => {
      change((items) => [message, ...items.filter((item) => item.id !== PENDING + outgoing.key && item.id !== message.id)]);
      outcome.sent(outgoing, message);
    },
    onError: (error, outgoing) => {
      change((items) => items.filter((item) => item.id !== PENDING + outgoing.key));
      outcome.failed(outgoing, error);
    },
    onSettled: () => renewTicket(client, id),
  });
  return mutate;
}

interface Held {
  /** Takes an answer back that has not gone yet; refused once it has. */
  undo: (message: string) => Promise<void>;
  /** Lets it go now. Without this it goes with the desk's next round, within a minute of its time. */
  release: (message: string) => Promise<void>;
}

/** What can be done about an answer of ticket `id` while it is held, wherever the page has gone meanwhile. */
export function useHeldMessage(id: string): Held {
  const { api } = useDesk();
  const client = useQueryClient();
  const params = (message: string) => ({ params: { path: { id, message_id: message } } });
  return {
    undo: async (message) => {
      await unwrap(api.POST('/v1/tickets/{id}/messages/{message_id}/undo', params(message)));
      await renewTicket(client, id);
    },
    release: async (message) => {
      await unwrap(api.POST('/v1/tickets/{id}/messages/{message_id}/send', params(message)));
      await renewTicket(client, id);
    },
  };
}
