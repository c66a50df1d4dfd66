// What is likely to be opened next is fetched before it is.
import { useQueryClient } from '@tanstack/react-query';
import { useDesk } from '@/lib/data/context';
import { historyOf, messagesOf } from '@/lib/data/messages';
import { fetchTicket, ticketKey } from '@/lib/data/tickets';

/** For how long hands rest on a row before it counts as a guess: rows that are only passed are not fetched. */
export const REST_MS = 80;
const FRESH_MS = 10_000;

let resting: ReturnType<typeof setTimeout> | undefined;

/** Fetches a ticket, its words and its history once hands have rested on it. */
export function usePrefetchTicket(): (id: string) => void {
  const { api } = useDesk();
  const client = useQueryClient();
  const fetchAll = (id: string): void => {
    // A guess that fails costs nothing: all is asked for again when the ticket is opened.
    const guess = (asked: Promise<unknown>): void => void asked.catch(() => undefined);
    guess(client.query({ queryKey: ticketKey(id), queryFn: () => fetchTicket(api, id), staleTime: FRESH_MS, retry: false }));
    guess(client.infiniteQuery({ ...messagesOf(api, id), staleTime: FRESH_MS, retry: false }));
    guess(client.infiniteQuery({ ...historyOf(api, id), staleTime: FRESH_MS, retry: false }));
  };
  return (id) => {
    clearTimeout(resting);
    resting = setTimeout(() => fetchAll(id), REST_MS);
  };
}
