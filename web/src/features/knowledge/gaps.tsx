// What readers look for and do not find, and tickets that no article answered: each with a way to write what is missing.
import { useState } from 'react';
import { Link } from 'react-router';
import { newPath } from './paths';
import { useWords } from './words';
import { EmptyState } from '@/components/empty-state';
import { Select } from '@/components/form';
import { IconCloudOff, IconSolved } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { useMe, useNames } from '@/lib/data/directory';
import { useGaps, writesArticles, type Gaps } from '@/lib/data/knowledge';
import { useLanguage } from '@/lib/i18n/use-t';
import { deskNow } from '@/lib/time/clock';

const MONTHS = 4;

/** This month and those before it that are still kept. */
function months(now: Date): string[] {
  return Array.from({ length: MONTHS }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7));
}

export function GapsPage() {
  const w = useWords();
  const language = useLanguage();
  const [all] = useState(() => months(new Date(deskNow())));
  const [month, setMonth] = useState(all[0] ?? '');
  const { data, isError } = useGaps(month);
  const named = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const empty = data !== undefined && data.nothing_found.length + data.nothing_opened.length + data.tickets.length === 0;
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('gaps.title')}</h1>
          <p className="setup__text">{w('gaps.text')}</p>
        </div>
        <Select label={w('gaps.month')} value={month} choices={all.map((value) => ({ value, name: named.format(new Date(`${value}-01T00:00:00Z`)) }))} onChange={setMonth} />
      </div>
      {isError && !data && <EmptyState icon={<IconCloudOff size={22} stroke={1.6} />} title={w('list.failed')} />}
      {empty && <EmptyState icon={<IconSolved size={22} stroke={1.6} />} title={w('gaps.emptyTitle')} text={w('gaps.emptyText')} />}
      {data && !empty && (
        <div className="gaps">
          <Searches title={w('gaps.nothingFound')} text={w('gaps.nothingFoundText')} items={data.nothing_found} />
          <Searches title={w('gaps.nothingOpened')} text={w('gaps.nothingOpenedText')} items={data.nothing_opened} />
          <Unanswered items={data.tickets} />
        </div>
      )}
    </>
  );
}

function Write({ title, language }: { title: string; language: string }) {
  const w = useWords();
  const { data: me } = useMe();
  if (!writesArticles(me)) return null;
  return (
    <Link className="link gaps__write" to={newPath({ title, language })}>
      {w('gaps.write')}
    </Link>
  );
}

function Searches({ title, text, items }: { title: string; text: string; items: Gaps['nothing_found'] }) {
  const w = useWords();
  return (
    <section>
      <h2 className="setup__part">{title}</h2>
      <p className="setup__text">{text}</p>
      {items.length === 0 && <p className="field__hint">{w('gaps.none')}</p>}
      <ol className="gaps__list">
        {items.map(({ words, language, asked, found }) => (
          <li key={`${language} ${words}`} className="gaps__one">
            <span className="gaps__words" lang={language} dir="auto">
              {words}
            </span>
            <span className="field__hint">
              {language} · {w('gaps.asked', { count: asked })}
              {found > 0 && ` · ${w('gaps.found', { count: found })}`}
            </span>
            <Write title={words} language={language} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Unanswered({ items }: { items: Gaps['tickets'] }) {
  const w = useWords();
  const names = useNames();
  return (
    <section>
      <h2 className="setup__part">{w('gaps.tickets')}</h2>
      <p className="setup__text">{w('gaps.ticketsText')}</p>
      {items.length === 0 && <p className="field__hint">{w('gaps.none')}</p>}
      <ol className="gaps__list">
        {items.map(({ ticket_id: id, number, subject, language, category, at }) => (
          <li key={id} className="gaps__one">
            <span className="gaps__words" dir="auto">
              <Link className="link" to={`/tickets/${id}`}>
                #{number}
              </Link>{' '}
              {subject}
            </span>
            <span className="field__hint">
              {[language, names.category(category)].filter((one) => one !== null).join(' · ')} · <RelativeTime at={at} />
            </span>
            <Write title={subject} language={language} />
          </li>
        ))}
      </ol>
    </section>
  );
}
