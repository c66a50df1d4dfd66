// What the desk makes of tickets: why one is where it is, who else says the same, possible incidents, and how it fares.
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { Alike, HistoryEvent, Me, RuleTrace, Suspicion, Ticket, Triage, TriageSetting, TriageSettings, TriageWeek } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useWordsThere } from '@/lib/data/messages';

const MINUTE = 60_000;
const SUSPICIONS = ['suspected-incidents'] as const;
const SETTINGS = ['triage-settings'] as const;
const WEEKS = 8;
const EVENTS = 100;
const TRACES = 10;

/** Who decides on possible incidents, and is shown how triage fares. */
export const watchesOver = (me: Me | undefined): boolean => me?.permissions.includes('supervise') ?? false;

/** Likely duplicates of a ticket, and the possible incident that it belongs to. */
export function useAlike(id: string): UseQueryResult<Alike> {
  const { api } = useDesk();
  const wanted = useWordsThere(id);
  return useQuery({
    queryKey: ['alike', id],
    queryFn: ({ signal }) => unwrap(api.GET('/v1/tickets/{id}/alike', { params: { path: { id } }, signal })),
    enabled: wanted,
    staleTime: MINUTE,
    retry: false,
  });
}

export function useTriage(id: string, version: number): UseQueryResult<Triage> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['triage', id, version], queryFn: () => unwrap(api.GET('/v1/tickets/{id}/triage', { params: { path: { id } } })), staleTime: MINUTE });
}

/** The last time the ticket was given to a group or somebody; null: it never was, as far as the newest events tell. */
export function useRouted(id: string, version: number): UseQueryResult<HistoryEvent | null> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['routed', id, version],
    queryFn: async () => {
      const { items } = await unwrap(api.GET('/v1/tickets/{id}/history', { params: { path: { id }, query: { limit: EVENTS } } }));
      return items.find(({ type }) => type === 'TicketAssigned') ?? null;
    },
    staleTime: MINUTE,
  });
}

/** What became of rules on a ticket, the newest first. */
export function useRuleTraces(id: string, version: number): UseQueryResult<RuleTrace[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['rule-traces', id, version],
    queryFn: async () => (await unwrap(api.GET('/v1/tickets/{id}/rules', { params: { path: { id }, query: { limit: TRACES } } }))).items,
    staleTime: MINUTE,
  });
}

export function useSuspicions(): UseQueryResult<Suspicion[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: SUSPICIONS, queryFn: async () => (await unwrap(api.GET('/v1/suspected-incidents'))).items, refetchInterval: MINUTE, staleTime: MINUTE / 2 });
}

/** Opens the incident's ticket of a possible incident, or takes into it what came in since. */
export function useMakeIncident(): UseMutationResult<Ticket, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.POST('/v1/suspected-incidents/{id}/ticket', { params: { path: { id } }, body: {} })),
    onSettled: () => Promise.all([SUSPICIONS, ['alike'], ['ticket'], ['tickets'], ['ties']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

export function useDismissIncident(): UseMutationResult<void, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => done(api.POST('/v1/suspected-incidents/{id}/dismiss', { params: { path: { id } } })),
    onSettled: () => Promise.all([SUSPICIONS, ['alike']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** Shares the tickets that wait for a colleague out to others; says how many. */
export function useHandOver(): UseMutationResult<number, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (id: string) => (await unwrap(api.POST('/v1/agents/{id}/hand-over', { params: { path: { id } } }))).taken,
    onSettled: () => Promise.all([['agents'], ['ticket'], ['tickets']].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** The weeks that were counted, the newest first. */
export function useTriageWeeks(): UseQueryResult<TriageWeek[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['triage-weeks'], queryFn: async () => (await unwrap(api.GET('/v1/reports/triage', { params: { query: { weeks: WEEKS } } }))).items.toReversed(), staleTime: MINUTE });
}

export function useTriageSettings(): UseQueryResult<TriageSettings> {
  const { api } = useDesk();
  return useQuery({ queryKey: SETTINGS, queryFn: () => unwrap(api.GET('/v1/triage-settings')), staleTime: MINUTE });
}

export function useSaveTriageSetting(): UseMutationResult<TriageSetting, Error, Pick<TriageSetting, 'field' | 'mode' | 'precision'>> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ field, mode, precision }) => unwrap(api.PUT('/v1/triage-settings/{id}', { params: { path: { id: field } }, body: { mode, precision } })),
    onSettled: () => client.invalidateQueries({ queryKey: SETTINGS }),
  });
}
