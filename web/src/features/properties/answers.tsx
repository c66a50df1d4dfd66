// What is likely to solve this ticket: articles, and solutions of colleagues that nobody has approved yet. Each goes into the
// answer as a link or as text, and what solved the ticket becomes a solution for the next one.
import { lazy, Suspense, useState } from 'react';
import { Link } from 'react-router';
import { IconLightbulb, IconLink, IconText } from '@/components/icons';
import { Section } from './section';
import { unwrap } from '@/lib/api/client';
import type { Ticket } from '@/lib/api/types';
import { useAnswers, useNoteUse, type LikelyArticle } from '@/lib/data/answers';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { articleHtml } from '@/lib/data/quick';
import { useT } from '@/lib/i18n/use-t';
import { articleWords, linkWords } from '@/lib/tickets/article-words';
import { insertIntoReply } from '@/lib/tickets/insertion';
import { KNOWLEDGE_PATH } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

const SolutionDialog = lazy(async () => ({ default: (await import('@/features/knowledge/solution-dialog')).SolutionDialog }));

export function Answers({ ticket }: { ticket: Ticket }) {
  const t = useT();
  const { data: me } = useMe();
  const { data = [] } = useAnswers(ticket.id);
  const [solving, setSolving] = useState(false);
  const writes = me?.permissions.includes('write_articles') ?? false;
  if (data.length === 0 && !writes) return null;
  return (
    <Section name="answers" title={t('answers.title')} note={data.length > 0 ? data.length : undefined}>
      {data.map((article) => (
        <Likely key={article.id} ticket={ticket} article={article} />
      ))}
      {writes && (
        <button type="button" className="properties__add" onClick={() => setSolving(true)}>
          <IconLightbulb size={14} aria-hidden="true" /> {t('answers.makeSolution')}
        </button>
      )}
      {solving && (
        <Suspense>
          <SolutionDialog ticketId={ticket.id} onClose={() => setSolving(false)} />
        </Suspense>
      )}
    </Section>
  );
}

function Likely({ ticket, article: { id, title, summary, provisional, language, link, used } }: { ticket: Ticket; article: LikelyArticle }) {
  const t = useT();
  const { api } = useDesk();
  const note = useNoteUse(ticket.id);
  const put = (words: string): void => {
    if (insertIntoReply(ticket.id, words)) note.mutate(id);
  };
  const putText = async (): Promise<void> => {
    try {
      const { languages } = await unwrap(api.GET('/v1/articles/{id}', { params: { path: { id } } }));
      put(articleWords(await articleHtml(api, id, language, languages[language]?.live_revision ?? undefined)));
    } catch {
      toast(t('slash.notInserted'), null, 'problem');
    }
  };
  const facts = [used ? t('answers.used') : '', summary].filter((one) => one !== '').join(' · ');
  return (
    <div className="similar">
      <span className="similar__head">
        {link === null ? (
          <Link className="link ticket-line__subject" dir="auto" title={title} to={`${KNOWLEDGE_PATH}/articles/${id}`}>
            {title}
          </Link>
        ) : (
          <a className="link ticket-line__subject" dir="auto" title={title} href={link} target="_blank" rel="noreferrer">
            {title}
          </a>
        )}
        {link !== null && (
          <button type="button" className="tag__remove answer__act" aria-label={t('answers.insertLink', { title })} title={t('answers.insertLink', { title })} onClick={() => put(linkWords(title, link))}>
            <IconLink size={14} />
          </button>
        )}
        <button type="button" className="tag__remove answer__act" aria-label={t('answers.insertText', { title })} title={t('answers.insertText', { title })} onClick={() => void putText()}>
          <IconText size={14} />
        </button>
      </span>
      {(facts !== '' || provisional) && (
        <span className="similar__excerpt answer__facts" dir="auto">
          {provisional && <span className="answer__provisional">{t('answers.provisional')}</span>} {facts}
        </span>
      )}
    </div>
  );
}
