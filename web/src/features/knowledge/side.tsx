// Beside the words: how they look, what they translate, where the article stands, what it was, and what readers make of it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Details, type Place } from './details';
import { Original, Preview } from './preview';
import { Readers } from './readers';
import { Tabs } from './tabs';
import type { Acting } from './use-acting';
import { Versions } from './versions';
import { useWords } from './words';
import { useMe } from '@/lib/data/directory';
import { publishesArticles, useArticleActs, useText, writesArticles, type Article, type ArticleChange, type Words } from '@/lib/data/knowledge';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';

type SheetName = 'preview' | 'original' | 'details' | 'versions' | 'readers';

interface SideProps {
  article: Article;
  own: Language;
  language: Language;
  words: Words;
  acting: Acting;
  onRestored: () => void;
}

export function Side({ article, own, language, words, acting, onRestored }: SideProps) {
  const w = useWords();
  const translated = language !== own;
  // Who translates wants to read what they translate.
  const [shown, setShown] = useState<SheetName>(translated ? 'original' : 'preview');
  const sheets = [
    { name: 'preview' as const, title: w('side.preview') },
    ...(translated ? [{ name: 'original' as const, title: w('side.original') }] : []),
    { name: 'details' as const, title: w('side.details') },
    { name: 'versions' as const, title: w('side.versions') },
    { name: 'readers' as const, title: w('side.readers'), note: article.helpful + article.unhelpful },
  ];
  return (
    <Tabs label={w('side.label')} sheets={sheets} shown={shown} onShow={setShown}>
      {shown === 'preview' && <Preview words={words} language={language} />}
      {shown === 'original' && <Source article={article} own={own} />}
      {shown === 'details' && <Placed key={article.version} article={article} acting={acting} />}
      {shown === 'versions' && <Versions article={article} language={language} acting={acting} onRestored={onRestored} />}
      {shown === 'readers' && <Readers article={article} />}
    </Tabs>
  );
}

/** What a translation says in another language: as readers see it, where they see it. */
function Source({ article, own }: { article: Article; own: Language }) {
  const { data } = useText(article, own, article.languages[own]?.live_revision ?? undefined);
  return data ? <Original title={data.title} html={data.html} language={own} /> : <div aria-busy="true" />;
}

const placeOf = ({ kind, section, audience, organizations, keywords, related, brands }: Article): Place => ({ kind, section, audience, organizations, keywords, related, brands });

function Placed({ article, acting }: { article: Article; acting: Acting }) {
  const w = useWords();
  const { data: me } = useMe();
  const acts = useArticleActs();
  const start = placeOf(article);
  const [changed, setChanged] = useState<Partial<Place>>({});
  const place = { ...start, ...changed };
  const differs = JSON.stringify(place) !== JSON.stringify(start);
  // What readers see is changed only by those who may let it out.
  const seen = LANGUAGES.some((one) => (article.languages[one]?.live_revision ?? null) !== null || article.languages[one]?.state === 'scheduled');
  const fixed = article.archived || !(seen ? publishesArticles(me) : writesArticles(me));
  const save = async (version = article.version): Promise<void> => {
    const { organizations, keywords, related, brands, ...plain } = place;
    const body: ArticleChange = { ...plain, organizations: [...organizations], keywords: [...keywords], related: [...related], brands: [...brands] };
    await acting.run(() => acts.change(article.id, version, body), { done: w('details.saved'), repeat: (now) => void save(now) });
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {fixed && me !== undefined && !article.archived && <p className="field__hint">{w('details.fixed')}</p>}
      <Details place={place} own={article.id} fixed={fixed} faultOf={acting.faultOf} onChange={(part) => setChanged({ ...changed, ...part })} />
      {differs && (
        <div className="setup__acts">
          <Button type="submit" size="compact-md" loading={acting.busy}>
            {w('details.save')}
          </Button>
          <Button variant="default" size="compact-md" onClick={() => setChanged({})}>
            {w('article.discard')}
          </Button>
        </div>
      )}
    </form>
  );
}
