// The question of the community that a ticket was.
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

type TicketQuestion = components['schemas']['CommunityThreadOut'];

export const questionKey = (ticketId: string): readonly string[] => ['question-of', ticketId];

/** Null: it was none. Only what came by the web can have been one: nothing is asked of other tickets. */
export function useTicketQuestion({ id, channel }: Pick<Ticket, 'id' | 'channel'>): UseQueryResult<TicketQuestion | null> {
  const { api } = useDesk();
  return useQuery({
    queryKey: questionKey(id),
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/tickets/{id}/question', { params: { path: { id } }, signal }))).thread,
    enabled: channel === 'web',
    staleTime: 60_000,
    retry: false,
  });
}
