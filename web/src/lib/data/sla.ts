// Promises of time: a ticket's clocks explained, policies and calendars, and trials of drafts on the past.
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { done, unwrap } from '@/lib/api/client';
import type { Plan } from '@/lib/api/settings';
import type { Calendar, CalendarEvents, CalendarIn, Me, SlaDraft, SlaPolicy, SlaPolicyIn, SlaPreview, SlaReport, SlaReportBy, TicketSla } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { joined } from '@/lib/data/sla-parts';
import { observeInstant } from '@/lib/time/clock';

const POLICIES = ['sla-policies'] as const;
const CALENDARS = ['calendars'] as const;
const MINUTE = 60_000;
const FRESH_MS = 15_000;

export function useTicketSla(id: string): UseQueryResult<TicketSla> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['ticket-sla', id],
    queryFn: async () => {
      const found = await unwrap(api.GET('/v1/tickets/{id}/sla', { params: { path: { id } } }));
      observeInstant(found.now);
      return found;
    },
    refetchInterval: FRESH_MS,
    staleTime: 0,
  });
}

export function usePolicies(): UseQueryResult<SlaPolicy[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: POLICIES, queryFn: async () => (await unwrap(api.GET('/v1/sla-policies'))).items, staleTime: MINUTE });
}

export function useCalendars(): UseQueryResult<Calendar[]> {
  const { api } = useDesk();
  const { data: me } = useMe();
  return useQuery({
    queryKey: CALENDARS,
    queryFn: async () => (await unwrap(api.GET('/v1/calendars'))).items,
    staleTime: MINUTE,
    // Agents see clocks explained, but not the settings behind them.
    enabled: makesPromises(me),
  });
}

/** Who may see and make policies and calendars. */
export const makesPromises = (me: Me | undefined): boolean => me?.permissions.includes('supervise') ?? false;

/** How promises of some days (both included, of the desk's time zone; null: the last thirty) were kept; asked for once both are typed. */
export function useSlaReport(days: { from: string; to: string } | null, by: SlaReportBy): UseQueryResult<SlaReport> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['sla-report', days, by],
    queryFn: () => unwrap(api.GET('/v1/reports/sla', { params: { query: { ...days, by } } })),
    enabled: days === null || (days.from !== '' && days.to !== '' && days.from <= days.to),
    staleTime: MINUTE,
    placeholderData: (before) => before,
  });
}

/** Support plans, for who chooses among them or is told of one. */
export function usePlans(wanted = true): UseQueryResult<Plan[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['plans'], queryFn: async () => (await unwrap(api.GET('/v1/plans'))).items, enabled: wanted, staleTime: MINUTE });
}

interface NamedThing {
  value: string;
  name: string;
}

/** Organizations whose names begin so, and those already chosen, by name. */
export function useOrganizationNames(wanted: string, chosen: readonly string[]): UseQueryResult<NamedThing[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['organization-names', wanted, chosen],
    queryFn: async () => {
      const found = (await unwrap(api.GET('/v1/organizations', { params: { query: { limit: 50, ...(wanted === '' ? {} : { q: wanted }) } } }))).items;
      const missing = chosen.filter((id) => !found.some((one) => one.id === id));
      const others = await Promise.all(missing.map((id) => unwrap(api.GET('/v1/organizations/{id}', { params: { path: { id } } })).catch(() => ({ id, name: id }))));
      return [...found, ...others].map(({ id, name }) => ({ value: id, name }));
    },
    staleTime: MINUTE,
    placeholderData: (before) => before,
  });
}

interface Named<Body> {
  id: string;
  body: Body;
}

/** Switches a policy on; the answer is all of them in their order. */
export function useSavePolicy(): UseMutationResult<SlaPolicy[], Error, Named<SlaPolicyIn>> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, body }) => (await unwrap(api.PUT('/v1/sla-policies/{id}', { params: { path: { id } }, body }))).items,
    onSuccess: (items) => client.setQueryData(POLICIES, items),
  });
}

export function useRemovePolicy(): UseMutationResult<void, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id) => done(api.DELETE('/v1/sla-policies/{id}', { params: { path: { id } } })),
    onSuccess: (_, id) => client.setQueryData<SlaPolicy[]>(POLICIES, (items) => items?.filter((one) => one.id !== id)),
  });
}

export function useSaveCalendar(): UseMutationResult<Calendar, Error, Named<CalendarIn>> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }) => unwrap(api.PUT('/v1/calendars/{id}', { params: { path: { id } }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: CALENDARS }),
  });
}

interface CalendarFile {
  id: string;
  file: string;
  zone: string;
  leaveOut: readonly string[];
}

/** What an iCalendar file would close; nothing is kept by it. */
export function useLookAtFile(): UseMutationResult<CalendarEvents, Error, CalendarFile> {
  const { api } = useDesk();
  return useMutation({
    mutationFn: ({ id, file, zone, leaveOut }) =>
      unwrap(api.POST('/v1/calendars/{id}/import', { params: { path: { id }, query: { dry_run: true } }, body: { file, zone, leave_out: [...leaveOut] } })),
  });
}

/** Reads the calendar that one follows, now. */
export function useReadFeed(): UseMutationResult<Calendar, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id) => unwrap(api.POST('/v1/calendars/{id}/refresh', { params: { path: { id } } })),
    onSuccess: (read) => client.setQueryData<Calendar[]>(CALENDARS, (items) => items?.map((one) => (one.id === read.id ? read : one))),
  });
}

/** Takes a calendar away; refused while something needs it. */
export function useRemoveCalendar(): UseMutationResult<void, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id) => done(api.DELETE('/v1/calendars/{id}', { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: CALENDARS }),
  });
}

/** Lives the past again under a draft, part by part, telling what it comes to so far; nothing is changed by it. */
export function usePreview(onPart: (soFar: SlaPreview) => void): UseMutationResult<SlaPreview, Error, SlaDraft> {
  const { api } = useDesk();
  const gone = useRef(false);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  return useMutation({
    mutationFn: async (body) => {
      let found = await unwrap(api.POST('/v1/sla/preview', { body }));
      while (found.next_cursor && !gone.current) {
        onPart(found);
        found = joined(found, await unwrap(api.POST('/v1/sla/preview', { body: { ...body, cursor: found.next_cursor } })));
      }
      return found;
    },
  });
}
