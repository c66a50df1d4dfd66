// The conversation of one ticket and its history, newest page first, and the messages we send into it.
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Attachment, HistoryEvent, Me, Message, NewMessage } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { prepend, type Page, type Paged } from '@/lib/data/pages';
import { show } from '@/lib/data/tickets';

const messagesKey = (id: string) => ['messages', id] as const;
const historyKey = (id: string) => ['history', id] as const;

const query = (limit: number, cursor: string | null) => (cursor === null ? { limit } : { limit, cursor });

export interface Conversation {
  messages: UseInfiniteQueryResult<Paged<Message>>;
  history: UseInfiniteQueryResult<Paged<HistoryEvent>>;
  /** Looks for messages and events that came in since. */
  refresh: () => Promise<void>;
}

export function useConversation(id: string): Conversation {
  const { api } = useDesk();
  const client = useQueryClient();
  const path = { id };
  const messagePage = (cursor: string | null): Promise<Page<Message>> =>
    unwrap(api.GET('/v1/tickets/{id}/messages', { params: { path, query: query(30, cursor) } }));
  const historyPage = (cursor: string | null): Promise<Page<HistoryEvent>> =>
    unwrap(api.GET('/v1/tickets/{id}/history', { params: { path, query: query(100, cursor) } }));

  async function renew<Item extends { id: string }>(key: readonly string[], page: Promise<Page<Item>>): Promise<void> {
    const fresh = await page;
    const known = client.getQueryData<Paged<Item>>(key);
    const renewed = known && prepend(known, fresh);
    if (renewed) client.setQueryData(key, renewed);
    else await client.invalidateQueries({ queryKey: key });
  }

  const paging = { initialPageParam: null as string | null, staleTime: 2_000 };
  return {
    messages: useInfiniteQuery({
      ...paging,
      queryKey: messagesKey(id),
      queryFn: ({ pageParam }) => messagePage(pageParam),
      getNextPageParam: (page) => page.next_cursor,
    }),
    history: useInfiniteQuery({
      ...paging,
      queryKey: historyKey(id),
      queryFn: ({ pageParam }) => historyPage(pageParam),
      getNextPageParam: (page) => page.next_cursor,
    }),
    refresh: async () => {
      await Promise.all([renew(messagesKey(id), messagePage(null)), renew(historyKey(id), historyPage(null))]);
    },
  };
}

export interface Outgoing {
  message: NewMessage;
  /** The same key on every attempt: a repeated call cannot send twice. */
  key: string;
  attachments: Attachment[];
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
    body_html: null,
    quoted_text: null,
    attachments,
    delivery: 'queued',
  };
}

interface SendOutcome {
  sent: (outgoing: Outgoing) => void;
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
      if (outgoing.message.status) show(client, id, { status: outgoing.message.status });
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
      outcome.sent(outgoing);
    },
    onError: (error, outgoing) => {
      change((items) => items.filter((item) => item.id !== PENDING + outgoing.key));
      outcome.failed(outgoing, error);
    },
    onSettled: async () => {
      await Promise.all(
        [['messages', id], ['history', id], ['ticket', id], ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey })),
      );
    },
  });
  return mutate;
}
