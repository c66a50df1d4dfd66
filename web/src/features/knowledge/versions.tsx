// What a text was: each version with who wrote it and when, what differs from the one before, and a way back to it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Acting } from './use-acting';
import { useWords } from './words';
import { Compared } from '@/components/compared';
import { useMe, useNames } from '@/lib/data/directory';
import { useArticleActs, useDifference, useRevisions, writesArticles, type Article } from '@/lib/data/knowledge';
import type { Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { moment } from '@/lib/time/format';

interface VersionsProps {
  article: Article;
  language: Language;
  acting: Acting;
  onRestored: () => void;
}

export function Versions({ article, language, acting, onRestored }: VersionsProps) {
  const w = useWords();
  const spoken = useLanguage();
  const names = useNames();
  const { data: me } = useMe();
  const acts = useArticleActs();
  const { data: versions = [], isError, isPending } = useRevisions(article, language);
  const [open, setOpen] = useState<number | null>(null);
  if (isError) return <p className="field__fault">{w('list.failed')}</p>;
  if (!isPending && versions.length === 0) return <p className="field__hint">{w('versions.none')}</p>;
  const restore = async (revision: number, version = article.version): Promise<void> => {
    const done = await acting.run(() => acts.restore(article.id, version, language, revision), { done: w('versions.restored', { number: revision }), repeat: (now) => void restore(revision, now) });
    if (done) onRestored();
  };
  return (
    <ol className="revisions" aria-busy={isPending}>
      {versions.map(({ revision, title, author, at, live }, place) => {
        const older = versions[place + 1];
        const shown = open === revision;
        return (
          <li key={revision} className="revision">
            <div className="revision__head">
              <strong>{w('versions.number', { number: revision })}</strong>
              {live && <span className="article-mark article-mark--live">{w('versions.live')}</span>}
              <span className="field__hint revision__by">{[names.agent(author), moment(at, spoken)].filter((one) => one !== null).join(' · ')}</span>
            </div>
            <p className="revision__title" dir="auto">
              {title}
            </p>
            <div className="revision__acts">
              {older && (
                <button type="button" className="link" aria-expanded={shown} onClick={() => setOpen(shown ? null : revision)}>
                  {w(shown ? 'versions.hide' : 'versions.show', { number: older.revision })}
                </button>
              )}
              {place > 0 && writesArticles(me) && !article.archived && (
                <Button variant="default" size="compact-xs" loading={acting.busy} onClick={() => void restore(revision)}>
                  {w('versions.restore')}
                </Button>
              )}
            </div>
            {shown && older && <Between article={article} language={language} before={older.revision} after={revision} />}
          </li>
        );
      })}
    </ol>
  );
}

function Between({ article, language, before, after }: { article: Article; language: Language; before: number; after: number }) {
  const w = useWords();
  const { data } = useDifference(article, language, { before, after });
  return data ? <Compared lines={data} same={w('versions.same')} lang={language} /> : <div aria-busy="true" />;
}
