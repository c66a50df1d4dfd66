// Letting somebody take part in a ticket beside its requester, and no more.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

type Person = Ticket['participants'][number];

interface Participants {
  add: (email: string, onAdded: () => void) => void;
  remove: (person: Person) => void;
}

/** `failed` hears of what the desk refused; who was shown as gone is then shown again. */
export function useParticipants(id: string, failed: (error: Error) => void): Participants {
  const { api } = useDesk();
  const client = useQueryClient();
  const key = ['ticket', id];
  const settle = {
    onSuccess: (ticket: Ticket) => void client.setQueryData(key, ticket),
    onSettled: async () => {
      await Promise.all([key, ['history', id]].map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  };
  const adding = useMutation({
    ...settle,
    mutationFn: (email: string) => unwrap(api.POST('/v1/tickets/{id}/participants', { params: { path: { id } }, body: { email } })),
    onError: failed,
  });
  const removing = useMutation({
    ...settle,
    onMutate: async ({ id: gone }: Person) => {
      await client.cancelQueries({ queryKey: key });
      client.setQueryData<Ticket>(key, (ticket) => ticket && { ...ticket, participants: ticket.participants.filter((person) => person.id !== gone) });
    },
    mutationFn: ({ id: gone }: Person) => unwrap(api.DELETE('/v1/tickets/{id}/participants/{person_id}', { params: { path: { id, person_id: gone } } })),
    onError: failed,
  });
  return { add: (email, onAdded) => adding.mutate(email, { onSuccess: onAdded }), remove: removing.mutate };
}
