// What readers make of an article: how often it is read, whether it helps, what they say, and which tickets it solved.
import { Link } from 'react-router';
import { useWords } from './words';
import { IconClose } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { useMe, useNames } from '@/lib/data/directory';
import { publishesArticles, useArticleTickets, useFeedback, useForgetFeedback, type Article } from '@/lib/data/knowledge';

export function Readers({ article }: { article: Article }) {
  const w = useWords();
  const votes = article.helpful + article.unhelpful;
  return (
    <>
      <dl className="numbers">
        {(
          [
            ['views', String(article.views)],
            ['helpful', votes === 0 ? '–' : `${Math.round((article.helpful / votes) * 100)} %`],
            ['solved', String(article.solved)],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{w(`readers.${name}`)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Said article={article} />
      <Tickets article={article} />
    </>
  );
}

function Said({ article }: { article: Article }) {
  const w = useWords();
  const { data: me } = useMe();
  const { data = [], isSuccess } = useFeedback(article.id);
  const forget = useForgetFeedback(article.id);
  return (
    <section>
      <h3 className="setup__small">{w('readers.said')}</h3>
      {isSuccess && data.length === 0 && <p className="field__hint">{w('readers.nothing')}</p>}
      <ul className="feedback">
        {data.map(({ id, helpful, comment, at, language }) => (
          <li key={id} className="feedback__one">
            <p className="feedback__head">
              <span className={helpful ? 'feedback__yes' : 'feedback__no'}>{w(helpful ? 'readers.yes' : 'readers.no')}</span>
              <span className="field__hint">{language}</span>
              <RelativeTime className="field__hint" at={at} />
              {publishesArticles(me) && (
                <button type="button" className="icon-button feedback__forget" aria-label={w('readers.forget')} title={w('readers.forget')} onClick={() => forget.mutate(id)}>
                  <IconClose size={14} />
                </button>
              )}
            </p>
            {comment !== '' && (
              <blockquote className="feedback__words" dir="auto">
                {comment}
              </blockquote>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tickets({ article }: { article: Article }) {
  const w = useWords();
  const names = useNames();
  const { data = [], isSuccess } = useArticleTickets(article.id);
  return (
    <section>
      <h3 className="setup__small">{w('readers.tickets')}</h3>
      {isSuccess && data.length === 0 && <p className="field__hint">{w('readers.noTickets')}</p>}
      <ul className="uses">
        {data.map(({ ticket_id: id, number, subject, at, by, solved_at: solved }) => (
          <li key={id} className="uses__one">
            <Link className="link" to={`/tickets/${id}`}>
              #{number}
            </Link>{' '}
            <span dir="auto">{subject}</span>
            <span className="field__hint">
              {[solved === null ? null : w('readers.solvedIt'), by === null ? w('readers.byDesk') : names.agent(by)].filter((one) => one !== null).join(' · ')} · <RelativeTime at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
