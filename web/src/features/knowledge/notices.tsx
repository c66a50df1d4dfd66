// What somebody should know before they write on: each a line with what to do about it.
import { Link } from 'react-router';
import type { Acting } from './use-acting';
import { useWords } from './words';
import { useNames } from '@/lib/data/directory';
import type { Article } from '@/lib/data/knowledge';
import { LANGUAGE_NAMES, type Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { moment } from '@/lib/time/format';

interface NoticesProps {
  article: Article;
  own: Language;
  language: Language;
  acting: Acting;
}

export function Notices({ article, own, language, acting }: NoticesProps) {
  const w = useWords();
  const spoken = useLanguage();
  const names = useNames();
  const text = article.languages[language];
  const who = (id: string | null | undefined): string => names.agent(id) ?? w('refused.somebody');
  return (
    <div className="notices" aria-busy={acting.busy}>
      {article.archived && <p className="notice">{w('notices.archived')}</p>}
      {article.provisional && (
        <p className="notice notice--violet">
          {w('notices.provisional')}{' '}
          {article.from_ticket !== null && (
            <Link className="link" to={`/tickets/${article.from_ticket}`}>
              {w('article.fromTicket')}
            </Link>
          )}
        </p>
      )}
      {text?.asked_by && <p className="notice notice--accent">{w('notices.asked', { name: who(text.asked_by) })}</p>}
      {text?.returned_by && (
        <div className="notice notice--amber">
          <p>{w('notices.returned', { name: who(text.returned_by) })}</p>
          <blockquote dir="auto">{text.reason}</blockquote>
        </div>
      )}
      {text?.publish_at && <p className="notice notice--accent">{w('notices.scheduled', { at: moment(text.publish_at, spoken) })}</p>}
      {text && text.live_revision !== null && text.revision !== text.live_revision && text.state !== 'scheduled' && <p className="notice">{w('notices.newer')}</p>}
      {text?.stale && <p className="notice notice--amber">{w('notices.stale', { language: LANGUAGE_NAMES[own] })}</p>}
      {!text && <p className="notice">{w('notices.noText', { language: LANGUAGE_NAMES[language] })}</p>}
    </div>
  );
}
