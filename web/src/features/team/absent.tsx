// Who is away, until when, who stands in, and what becomes of their tickets.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from './words';
import type { Agent } from '@/lib/api/types';
import { useMe, useNames } from '@/lib/data/directory';
import { useHandOver, watchesOver } from '@/lib/data/triage';
import { useLanguage } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';

/** Whoever watches over the team shares out what waits for somebody absent. */
export function Absent({ agent }: { agent: Agent }) {
  const w = useWords();
  const language = useLanguage();
  const names = useNames();
  const { data: me } = useMe();
  const handOver = useHandOver();
  const [today] = useState(() => new Date().toLocaleDateString('sv'));
  const absence = agent.absences.find((one) => one.first_day <= today && today <= one.last_day);
  if (!absence || agent.open_tickets === 0 || !watchesOver(me)) return null;
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(absence.last_day));
  const standsIn = names.agent(agent.substitute ?? '');
  const share = (): void =>
    handOver.mutate(agent.id, {
      onSuccess: (count) => toast(w('absent.handedOver', { count })),
      onError: () => toast(w('absent.notHandedOver'), null, 'problem'),
    });
  return (
    <p className="load__absent">
      {w('absent.until', { day })}
      {standsIn !== null && ` ${w('absent.standsIn', { name: standsIn })}`}
      <Button size="compact-sm" variant="default" loading={handOver.isPending} onClick={share}>
        {w('absent.handOver')}
      </Button>
    </p>
  );
}
