// Tickets in the browser: lists, one ticket, and changes that show before the server has said yes.
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { Api } from '@/lib/api/client';
import { unwrap } from '@/lib/api/client';
import type { Ticket, TicketChange, TicketPage, TicketRow } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { flat, mapItems, refreshFirst, type Paged } from '@/lib/data/pages';
import { useNews } from '@/lib/live/live';
import type { TicketFilter } from '@/lib/tickets/views';
import { observeInstant } from '@/lib/time/clock';

const PAGE = 50;
/** Marks every change of a ticket on its way: news waits for it. */
export const CHANGE = ['ticket-change'] as const;

const listKey = (filter: TicketFilter) => ['tickets', filter] as const;
export const ticketKey = (id: string) => ['ticket', id] as const;

async function fetchPage(api: Api, filter: TicketFilter, cursor: string | null, signal?: AbortSignal): Promise<TicketPage> {
  const { view, ...plain } = filter;
  const paging = { limit: PAGE, ...(cursor === null ? {} : { cursor }) };
  const asked = signal ? { signal } : {};
  const page =
    view === undefined
      ? await unwrap(api.GET('/v1/tickets', { params: { query: { ...plain, ...paging } }, ...asked }))
      : await unwrap(api.GET('/v1/views/{id}/tickets', { params: { path: { id: view }, query: paging }, ...asked }));
  for (const row of page.items) observeInstant(row.updated_at);
  return page;
}

/** A view's tickets, page by page, kept current while shown. */
export function useTicketList(filter: TicketFilter, wanted = true): UseInfiniteQueryResult<Paged<TicketRow>> {
  const { api } = useDesk();
  const client = useQueryClient();
  useNews(async (changed) => {
    if (!changed.any) return;
    const known = client.getQueryData<Paged<TicketRow>>(listKey(filter));
    if (!known || !wanted || client.isMutating({ mutationKey: CHANGE }) > 0 || client.isFetching({ queryKey: listKey(filter) }) > 0) return;
    const fresh = await fetchPage(api, filter, null);
    if (client.isMutating({ mutationKey: CHANGE }) > 0) return;
    const renewed = refreshFirst(known, fresh);
    if (renewed) client.setQueryData(listKey(filter), renewed);
    else await client.invalidateQueries({ queryKey: listKey(filter), exact: true });
  });
  return useInfiniteQuery({
    queryKey: listKey(filter),
    queryFn: ({ pageParam, signal }) => fetchPage(api, filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    enabled: wanted,
    staleTime: 10_000,
  });
}

function rowInLists(client: QueryClient, id: string): TicketRow | undefined {
  for (const [, data] of client.getQueriesData<Paged<TicketRow>>({ queryKey: ['tickets'] })) {
    for (const page of data?.pages ?? []) {
      const row = page.items.find((item) => item.id === id);
      if (row) return row;
    }
  }
  return undefined;
}

export async function fetchTicket(api: Api, id: string): Promise<Ticket> {
  const ticket = await unwrap(api.GET('/v1/tickets/{id}', { params: { path: { id } } }));
  observeInstant(ticket.updated_at);
  return ticket;
}

const placeholder = (row: TicketRow): Ticket => ({
  ...row,
  requester: { ...row.requester, undeliverable: false, complained: false },
  participants: [],
  linked_tickets: [],
  merged_into: null,
  merged_from: [],
  tasks: [],
  approvals: [],
  side_conversations: [],
  organization: null,
  followers: [],
  held: [],
  time_seconds: 0,
  billable_seconds: 0,
  solved_at: null,
  closed_at: null,
  rating: null,
  language: '',
});

/** One ticket; what the list already knows of it shows at once. `onChanged` hears of every newer version. */
export function useTicket(id: string, onChanged: () => Promise<void>): UseQueryResult<Ticket> {
  const { api } = useDesk();
  const client = useQueryClient();
  useNews(async (changed) => {
    if (!changed.has(id)) return;
    const known = client.getQueryData<Ticket>(ticketKey(id));
    if (!known || client.isMutating({ mutationKey: CHANGE }) > 0) return;
    const fresh = await fetchTicket(api, id);
    if (client.isMutating({ mutationKey: CHANGE }) > 0) return;
    client.setQueryData(ticketKey(id), fresh);
    if (fresh.version !== known.version || fresh.updated_at !== known.updated_at) await onChanged();
  });
  return useQuery({
    queryKey: ticketKey(id),
    queryFn: () => fetchTicket(api, id),
    placeholderData: () => {
      const row = rowInLists(client, id);
      return row ? placeholder(row) : undefined;
    },
    staleTime: 2_000,
  });
}

/** Shows a change of ticket `id` in every list and on its own page. */
export function show(client: QueryClient, id: string, { fields, ...change }: TicketChange): void {
  const listed = change.status === undefined || change.custom_status !== undefined ? change : { ...change, custom_status: null };
  client.setQueryData<Ticket>(ticketKey(id), (ticket) => ticket && { ...ticket, ...listed, fields: { ...ticket.fields, ...fields } });
  client.setQueriesData<Paged<TicketRow>>({ queryKey: ['tickets'] }, (data) =>
    data && mapItems(data, (row) => (row.id === id ? { ...row, ...listed } : row)),
  );
}

export function settle(client: QueryClient, ticket: Ticket): void {
  client.setQueryData(ticketKey(ticket.id), ticket);
  client.setQueriesData<Paged<TicketRow>>({ queryKey: ['tickets'] }, (data) =>
    data && mapItems(data, (row) => (row.id === ticket.id ? { ...row, ...ticket } : row)),
  );
}

/** The part of `ticket` that `change` would overwrite: what an undo has to restore. */
function before(ticket: TicketRow, change: TicketChange): TicketChange {
  const kept: TicketChange = {};
  if (change.status !== undefined || change.custom_status !== undefined) {
    // A further status says its base by itself.
    if (ticket.custom_status === null) kept.status = ticket.status;
    else kept.custom_status = ticket.custom_status;
  }
  if (change.priority !== undefined) kept.priority = ticket.priority;
  if (change.assignee !== undefined) kept.assignee = ticket.assignee;
  if (change.group !== undefined) kept.group = ticket.group;
  if (change.category !== undefined) kept.category = ticket.category;
  if (change.tags !== undefined) kept.tags = ticket.tags;
  if (change.type !== undefined) kept.type = ticket.type;
  if (change.product !== undefined) kept.product = ticket.product;
  if (change.impact !== undefined) kept.impact = ticket.impact;
  if (change.urgency !== undefined) kept.urgency = ticket.urgency;
  if (change.due_at !== undefined) kept.due_at = ticket.due_at;
  if (change.fields !== undefined) kept.fields = Object.fromEntries(Object.keys(change.fields).map((name) => [name, ticket.fields[name] ?? null]));
  return kept;
}

export interface ChangeCommand {
  id: string;
  change: TicketChange;
}

/** What happened to a change: who wants to tell the person about it hears it here. */
interface ChangeOutcome {
  done: (command: ChangeCommand, undo: ChangeCommand) => void;
  failed: (command: ChangeCommand, error: Error) => void;
}

/** Changes tickets: shown at once, sent one after another with the version they were made on, rolled back when refused. */
export function useChangeTicket(outcome: ChangeOutcome): (command: ChangeCommand) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const { mutate } = useMutation({
    mutationKey: CHANGE,
    scope: { id: 'ticket-change' },
    onMutate: async ({ id, change }: ChangeCommand) => {
      await client.cancelQueries({ queryKey: ticketKey(id) });
      const ticket = client.getQueryData<Ticket>(ticketKey(id)) ?? rowInLists(client, id);
      const kept = ticket ? before(ticket, change) : {};
      show(client, id, change);
      return { kept };
    },
    mutationFn: async ({ id, change }: ChangeCommand) => {
      // The version is read when the call is made, not when it was asked for: earlier changes of ours raised it meanwhile.
      const known = client.getQueryData<Ticket>(ticketKey(id)) ?? rowInLists(client, id) ?? (await fetchTicket(api, id));
      const params = { path: { id }, header: { 'If-Match': `"${known.version}"` } };
      return unwrap(api.PATCH('/v1/tickets/{id}', { params, body: change }));
    },
    onSuccess: (ticket, command, { kept }) => {
      settle(client, ticket);
      outcome.done(command, { id: command.id, change: kept });
    },
    onError: (error, command, context) => {
      if (context) show(client, command.id, context.kept);
      outcome.failed(command, error);
    },
    onSettled: async (_ticket, _error, { id }) => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ticketKey(id) }),
        client.invalidateQueries({ queryKey: ['history', id] }),
        client.invalidateQueries({ queryKey: ['tickets'] }),
      ]);
    },
  });
  return mutate;
}

/** The tickets that stand before and after `id` in a list that is loaded. */
export function useNeighbours(filter: TicketFilter): (id: string) => { next: string | null; previous: string | null } {
  const client = useQueryClient();
  return (id) => {
    const rows = flat(client.getQueryData<Paged<TicketRow>>(listKey(filter)));
    const at = rows.findIndex((row) => row.id === id);
    return { next: at < 0 ? null : (rows[at + 1]?.id ?? null), previous: at < 0 ? null : (rows[at - 1]?.id ?? null) };
  };
}

/** The newest tickets of a requester. */
export function useRecentOf(requester: string, wanted = true): UseQueryResult<TicketRow[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['tickets-of', requester],
    queryFn: async () => (await unwrap(api.GET('/v1/tickets', { params: { query: { requester, limit: 6 } } }))).items,
    enabled: wanted,
    staleTime: 30_000,
  });
}
