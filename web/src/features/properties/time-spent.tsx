// Time spent on a ticket: the sum, and one field to write down more.
import { useState } from 'react';
import { Section } from './section';
import { useRefused } from './use-refused';
import type { Ticket } from '@/lib/api/types';
import { logTime, useAct } from '@/lib/data/acts';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { span } from '@/lib/time/format';
import { lengthOf } from '@/lib/time/length';

export function TimeSpent({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const language = useLanguage();
  const act = useAct(ticket.id, useRefused());
  const [typed, setTyped] = useState('');
  const [billable, setBillable] = useState(false);
  const seconds = lengthOf(typed);
  const { time_seconds: total, billable_seconds: billed } = ticket;
  const note = total === 0 ? undefined : billed > 0 ? t('time.ofWhichBilled', { total: span(total, language), billed: span(billed, language) }) : span(total, language);
  return (
    <Section name="time" title={t('time.spent')} note={note} open={false}>
      <form
        className="time-spent"
        onSubmit={(event) => {
          event.preventDefault();
          if (seconds === null) return;
          setTyped('');
          act(logTime(ticket.id, seconds, billable, ''));
        }}
      >
        <input
          className="cc__input time-spent__input"
          aria-label={t('time.log')}
          aria-invalid={typed !== '' && seconds === null}
          placeholder={t('time.placeholder')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <label className="time-spent__billable">
          <input type="checkbox" checked={billable} onChange={() => setBillable(!billable)} /> {t('time.billable')}
        </label>
      </form>
    </Section>
  );
}
