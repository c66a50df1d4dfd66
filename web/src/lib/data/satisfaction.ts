// What surveys brought: figures, answers page by page, and what colleagues are asked about themselves.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { Item, Ok, Sent } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

const MINUTE = 60_000;
const PULSES = ['pulses'] as const;

export type SurveyReport = Ok<'/v1/reports/surveys', 'get'>;
export type SurveyReportBy = SurveyReport['by'];
export type SurveyAnswers = Ok<'/v1/reports/surveys/answers', 'get'>;
export type SurveyAnswer = Item<SurveyAnswers>;
export type Pulse = Item<Ok<'/v1/me/pulses', 'get'>>;
type PulseAnswer = Sent<'/v1/me/pulses/{id}', 'post'>;
export type PulseRound = Item<Ok<'/v1/reports/pulses', 'get'>>;

export interface Days {
  since: string;
  until: string;
}

const complete = (days: Days | null): boolean => days === null || (days.since !== '' && days.until !== '' && days.since <= days.until);

/** Figures of some days (null: the last four weeks); of one agent alone, where one is named. */
export function useSurveyReport(days: Days | null, by: SurveyReportBy, agent?: string): UseQueryResult<SurveyReport> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['survey-report', days, by, agent],
    queryFn: () => unwrap(api.GET('/v1/reports/surveys', { params: { query: { ...days, by, ...(agent !== undefined && { agent }) } } })),
    enabled: complete(days),
    staleTime: MINUTE,
    placeholderData: (before) => before,
  });
}

interface Wanted {
  days: Days | null;
  agent?: string;
  person?: string;
  ratingTo?: number;
}

/** Answers one by one, the newest first. */
export function useSurveyAnswers({ days, agent, person, ratingTo }: Wanted): UseInfiniteQueryResult<InfiniteData<SurveyAnswers>> {
  const { api } = useDesk();
  return useInfiniteQuery({
    queryKey: ['survey-answers', days, agent, person, ratingTo],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/v1/reports/surveys/answers', {
          params: { query: { ...days, ...(agent !== undefined && { agent }), ...(person !== undefined && { person }), ...(ratingTo !== undefined && { rating_to: ratingTo }), ...(pageParam !== null && { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
    enabled: complete(days),
    staleTime: MINUTE,
  });
}

/** What one is asked about oneself and has not answered. */
export function usePulses(): UseQueryResult<Pulse[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: PULSES, queryFn: async () => (await unwrap(api.GET('/v1/me/pulses'))).items, staleTime: 10 * MINUTE });
}

export function useAnswerPulse(id: string): UseMutationResult<void, Error, PulseAnswer> {
  const { api } = useDesk();
  return useMutation({ mutationFn: (body) => done(api.POST('/v1/me/pulses/{id}', { params: { path: { id } }, body })) });
}

/** Lets what is asked be looked at anew. */
export function useForgetPulses(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: PULSES });
}

export function usePulseRounds(enabled: boolean): UseQueryResult<PulseRound[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['pulse-rounds'], queryFn: async () => (await unwrap(api.GET('/v1/reports/pulses'))).items, staleTime: MINUTE, enabled });
}
