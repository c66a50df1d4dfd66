// What is likely to solve this ticket: articles, and solutions of colleagues that nobody has approved yet.
import { IconLink } from '@/components/icons';
import { Section } from './section';
import type { Ticket } from '@/lib/api/types';
import { useAnswers, useNoteUse } from '@/lib/data/answers';
import { useT } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';

export function Answers({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const { data = [] } = useAnswers(ticket.id);
  const note = useNoteUse(ticket.id);
  if (data.length === 0) return null;
  const copy = async (link: string, id: string): Promise<void> => {
    await navigator.clipboard.writeText(link);
    toast(t('answers.copied'));
    note.mutate(id);
  };
  return (
    <Section name="answers" title={t('answers.title')} note={data.length}>
      {data.map(({ id, title, summary, provisional, link, used }) => (
        <div key={id} className="similar">
          <span className="similar__head">
            {link === null ? (
              <span className="ticket-line__subject" dir="auto">
                {title}
              </span>
            ) : (
              <a className="link ticket-line__subject" dir="auto" href={link} target="_blank" rel="noreferrer">
                {title}
              </a>
            )}
            {link !== null && (
              <button type="button" className="tag__remove task__remove" aria-label={t('answers.copy', { title })} onClick={() => void copy(link, id)}>
                <IconLink size={14} />
              </button>
            )}
          </span>
          <span className="similar__excerpt" dir="auto">
            {[used ? t('answers.used') : '', provisional ? t('answers.provisional') : '', summary].filter((one) => one !== '').join(' · ')}
          </span>
        </div>
      ))}
    </Section>
  );
}
