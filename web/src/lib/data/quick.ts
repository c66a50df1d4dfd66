// Canned responses and macros by a few letters, and using them on a ticket.
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Macro, MacroPreview, MacroRan, QuickItem } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { renewTicket } from '@/lib/data/messages';

const LIMIT = 8;

export function useQuick(ticket: string, q: string): UseQueryResult<QuickItem[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['quick', ticket, q],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/quick', { params: { query: { q, ticket, limit: LIMIT } }, signal }))).items,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** Macros that may be run, asked for when somebody is about to choose one. */
export function useMacros(wanted: boolean): UseQueryResult<Macro[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['macros'],
    queryFn: async () => (await unwrap(api.GET('/v1/macros', { params: { query: { limit: 100 } } }))).items,
    enabled: wanted,
    staleTime: 60_000,
  });
}

/** What running a macro on a ticket would change and write. */
export function useMacroPreview(ticket: string, macro: string | null): UseQueryResult<MacroPreview> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['macro-preview', ticket, macro],
    queryFn: ({ signal }) => unwrap(api.POST('/v1/macros/{id}/preview', { params: { path: { id: macro ?? '' } }, body: { ticket_id: ticket }, signal })),
    enabled: macro !== null,
    staleTime: 10_000,
    retry: false,
  });
}

export interface RunMacro {
  /** The ticket as it was looked at: what someone changed meanwhile is not overwritten. */
  version: number;
  /** Seconds in which its answer can be taken back. */
  hold: number;
  /** Newest message that was read: its answer is refused when something newer came in. */
  seen: string | null;
}

interface Uses {
  /** A canned response as it reads in this ticket, formatted where it can be; counted as used. */
  wordsOf: (canned: string, formatted: boolean) => Promise<string>;
  run: (macro: string, how: RunMacro) => Promise<MacroRan>;
}

export function useQuickUses(ticket: string): Uses {
  const { api } = useDesk();
  const client = useQueryClient();
  return {
    wordsOf: async (canned, formatted) => {
      const body = { ticket_id: ticket, insert: true };
      const { text, html } = await unwrap(api.POST('/v1/canned-responses/{id}/preview', { params: { path: { id: canned } }, body }));
      return formatted && html?.startsWith('<') ? html : text;
    },
    run: async (macro, { version, hold, seen }) => {
      const params = { path: { id: ticket }, header: { 'If-Match': `"${version}"`, 'Idempotency-Key': crypto.randomUUID() } };
      const body = { macro_id: macro, ...(hold > 0 ? { hold_seconds: hold } : {}), ...(seen === null ? {} : { seen_message_id: seen }) };
      try {
        return await unwrap(api.POST('/v1/tickets/{id}/macros', { params, body }));
      } finally {
        await renewTicket(client, ticket);
      }
    },
  };
}
