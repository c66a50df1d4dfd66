// Who else looks at a ticket or writes on it: said and heard in one call, again and again while the ticket is on the screen.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { unwrap } from '@/lib/api/client';
import type { Present } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

const FIRST_BEAT_S = 15;
/** Writing is what someone did a moment ago, not what stands in the field since yesterday. */
const WRITING_MS = 20_000;

let wroteAt = 0;
let wroteOn = '';

/** Notes that somebody types on ticket `id` right now. */
export function noteWriting(id: string): void {
  wroteAt = Date.now();
  wroteOn = id;
}

const isWriting = (id: string): boolean => wroteOn === id && Date.now() - wroteAt < WRITING_MS;

/** Colleagues on ticket `id` beside me. */
export function usePresence(id: string): readonly Present[] {
  const { api } = useDesk();
  const client = useQueryClient();
  const beat = useRef(FIRST_BEAT_S);
  const say = (state: 'viewing' | 'writing' | 'gone') => api.PUT('/v1/tickets/{id}/presence', { params: { path: { id } }, body: { state } });
  const { data } = useQuery({
    queryKey: ['presence', id],
    queryFn: async () => {
      const here = await unwrap(say(isWriting(id) ? 'writing' : 'viewing'));
      beat.current = here.heartbeat_seconds;
      return here.items;
    },
    refetchInterval: () => beat.current * 1_000,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  useEffect(
    () => () => {
      // Who leaves says so; if that fails, the others hear nothing more and know it after two beats.
      void Promise.resolve(say('gone')).catch(() => undefined);
      client.removeQueries({ queryKey: ['presence', id] });
    },
    // oxlint-disable-next-line react/exhaustive-deps
    [id],
  );
  return data ?? [];
}
