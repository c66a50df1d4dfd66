// What third parties are asked beside a ticket: their threads, what we write into them, and who is in them.
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient, type UseInfiniteQueryResult, type UseMutationResult } from '@tanstack/react-query';
import { unwrap, type Api } from '@/lib/api/client';
import type { Message, Sent, Side } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import type { Page, Paged } from '@/lib/data/pages';
import { ticketKey } from '@/lib/data/tickets';

const PAGE = 30;

type SideStart = Sent<'/v1/tickets/{id}/side-conversations', 'post'>;
type SideWriting = Sent<'/v1/tickets/{id}/side-conversations/{side_id}/messages', 'post'>;
type Addressee = SideStart['to'][number];

/** A side conversation's messages, newest first; asked for anew whenever one went out or came in. */
export function useSideMessages(ticket: string, side: Side): UseInfiniteQueryResult<Paged<Message>> {
  const { api } = useDesk();
  const path = { id: ticket, side_id: side.id };
  return useInfiniteQuery({
    queryKey: ['side', ticket, side.id, side.messages],
    queryFn: ({ pageParam }): Promise<Page<Message>> =>
      unwrap(api.GET('/v1/tickets/{id}/side-conversations/{side_id}/messages', { params: { path, query: pageParam === null ? { limit: PAGE } : { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 2_000,
  });
}

/** Does something in a ticket's side conversations; the ticket is looked at anew whatever becomes of it. */
function useAside<Given, Told>(ticket: string, act: (api: Api, given: Given) => Promise<Told>): UseMutationResult<Told, Error, Given> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => act(api, given),
    onSettled: () => Promise.all([ticketKey(ticket), ['side', ticket], ['history', ticket], ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** The same key on every attempt of one text: a repeated call cannot ask twice. */
interface Once<Body> {
  key: string;
  body: Body;
}

export const useStartSide = (ticket: string) =>
  useAside(ticket, (api, { key, body }: Once<SideStart>) => unwrap(api.POST('/v1/tickets/{id}/side-conversations', { params: { path: { id: ticket }, header: { 'Idempotency-Key': key } }, body })));

export const useWriteAside = (ticket: string, side: string) =>
  useAside(ticket, (api, { key, body }: Once<SideWriting>) =>
    unwrap(api.POST('/v1/tickets/{id}/side-conversations/{side_id}/messages', { params: { path: { id: ticket, side_id: side }, header: { 'Idempotency-Key': key } }, body })),
  );

/** Sends a held message now (`send`), or takes it back (`undo`). */
export const useHeldAside = (ticket: string, side: string) =>
  useAside(ticket, (api, { message, go }: { message: string; go: 'send' | 'undo' }) => {
    const params = { params: { path: { id: ticket, side_id: side, message_id: message } } };
    return unwrap(
      go === 'send'
        ? api.POST('/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/send', params)
        : api.POST('/v1/tickets/{id}/side-conversations/{side_id}/messages/{message_id}/undo', params),
    );
  });

/** Waits for nothing more there, or goes on with it. */
export const useCloseAside = (ticket: string, side: string) =>
  useAside(ticket, (api, closed: boolean) => {
    const params = { params: { path: { id: ticket, side_id: side } } };
    return unwrap(closed ? api.POST('/v1/tickets/{id}/side-conversations/{side_id}/close', params) : api.POST('/v1/tickets/{id}/side-conversations/{side_id}/reopen', params));
  });

export const useAddAside = (ticket: string, side: string) =>
  useAside(ticket, (api, body: Addressee) => unwrap(api.POST('/v1/tickets/{id}/side-conversations/{side_id}/participants', { params: { path: { id: ticket, side_id: side } }, body })));

export const useRemoveAside = (ticket: string, side: string) =>
  useAside(ticket, (api, person: string) =>
    unwrap(api.DELETE('/v1/tickets/{id}/side-conversations/{side_id}/participants/{person_id}', { params: { path: { id: ticket, side_id: side, person_id: person } } })),
  );

const NAMED = /^(.*?)\s*<([^<>]+)>$/;

/** "Ann Kim <ann@x.org>, b@y.org" as people and addresses; whether each is one that takes mail is the desk's to say. */
export const addressees = (typed: string): Addressee[] =>
  typed
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => {
      const named = NAMED.exec(one);
      const name = named?.[1]?.replaceAll('"', '').trim() ?? '';
      return named?.[2] === undefined ? { email: one } : { email: named[2].trim(), ...(name === '' ? {} : { name }) };
    });
