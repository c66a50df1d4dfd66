// Beginning an article: it is the desk's once it has a title; until then it is kept in this browser.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { Details, FRESH_PLACE, type Place } from './details';
import { keepDraft } from './drafts';
import { articlePath, KNOWLEDGE, NEW } from './paths';
import { Preview } from './preview';
import { Tabs } from './tabs';
import { NO_WORDS, useWriting } from './use-writing';
import { useWords } from './words';
import { nameOfPicture, Writing } from './writing';
import { Field, Select } from '@/components/form';
import { IconBack } from '@/components/icons';
import { ApiError } from '@/lib/api/problem';
import { useArticleActs, type Article, type Words } from '@/lib/data/knowledge';
import { LANGUAGES, LANGUAGE_NAMES, type Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { toast } from '@/lib/toasts';

export function NewArticle() {
  const [query] = useSearchParams();
  const spoken = useLanguage();
  const language = LANGUAGES.find((one) => one === query.get('language')) ?? spoken;
  const title = query.get('title') ?? '';
  return <Beginning key={title} title={title} spoken={language} />;
}

function Beginning({ title, spoken }: { title: string; spoken: Language }) {
  const w = useWords();
  const navigate = useNavigate();
  const acts = useArticleActs();
  // What is begun from a search is a draft of its own, beside one that was begun from nothing.
  const [name] = useState(() => (title === '' ? NEW : `${NEW}.${title}`));
  const [begun] = useState<Words>(() => ({ ...NO_WORDS, title }));
  const writing = useWriting(name, 0, spoken, begun);
  const [language, setLanguage] = useState<Language>(spoken);
  const [place, setPlace] = useState<Place>(FRESH_PLACE);
  const [shown, setShown] = useState<'details' | 'preview'>('details');
  const [refused, setRefused] = useState<ApiError | null>(null);
  const [attempted, setAttempted] = useState(false);
  const [busy, setBusy] = useState(false);
  const { words } = writing;
  const untitled = words.title.trim() === '';

  const create = async (written: Words): Promise<Article | null> => {
    setBusy(true);
    setRefused(null);
    try {
      const { organizations, keywords, related, brands, ...plain } = place;
      return await acts.create({ ...written, ...plain, language, organizations: [...organizations], keywords: [...keywords], related: [...related], brands: [...brands] });
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setRefused(cause);
      return null;
    } finally {
      setBusy(false);
    }
  };
  const save = async (): Promise<void> => {
    setAttempted(true);
    if (untitled) return;
    const article = await create(words);
    if (!article) return;
    writing.settle(null);
    toast(w('article.saved'));
    void navigate(articlePath(article.id), { replace: true });
  };
  // A picture belongs to an article: the first ones make it, and what is written goes on there.
  const beginWith = async (files: readonly File[]): Promise<void> => {
    const article = await create({ ...words, title: untitled ? w('writing.untitled') : words.title });
    if (!article) return;
    const added = await Promise.allSettled(files.map(async (file) => `![${nameOfPicture(file)}](${await acts.addImage(article.id, file)})`));
    const pictures = added.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (pictures.length < files.length) toast(w('writing.noPicture', { name: '', detail: '' }), null, 'problem');
    keepDraft(article.id, language, { words: { ...words, body: [words.body, ...pictures].filter((one) => one !== '').join('\n\n') }, seen: article.version });
    writing.settle(null);
    void navigate(articlePath(article.id), { replace: true });
  };
  useHotkeys([{ keys: 'Mod+s', run: () => void save(), label: w('article.save') }]);
  const faultOf = (field: string): string | undefined => (field === 'title' && attempted && untitled ? w('writing.noTitle') : refused?.errors.find(({ pointer }) => pointer.startsWith(`/${field}`))?.message);

  return (
    <>
      <header className="article-head">
        <button type="button" className="icon-button" aria-label={w('article.back')} onClick={() => void navigate(KNOWLEDGE)}>
          <IconBack size={18} stroke={1.6} />
        </button>
        <div className="article-head__what">
          <h1 className="setup__title">{w('list.new')}</h1>
          <p className="article-head__facts">{writing.unsaved && <span className="article-head__unsaved">{w(writing.kept ? 'article.unsaved' : 'article.notKept')}</span>}</p>
        </div>
        <div className="article-head__acts">
          {writing.unsaved && (
            <Button variant="subtle" color="gray" onClick={() => writing.settle(null)}>
              {w('article.discard')}
            </Button>
          )}
          <Button loading={busy} onClick={() => void save()}>
            {w('article.create')}
          </Button>
        </div>
      </header>
      {refused?.errors.length === 0 && (
        <p className="article-refused" role="alert">
          {refused.offline ? w('refused.offline') : w('refused.refused', { detail: refused.detail })}
        </p>
      )}
      <div className="setup-grid article-grid">
        <form
          className="setup__form"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <div className="fields">
            <Field label={w('article.language')}>
              {({ id }) => <Select id={id} value={language} choices={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))} onChange={(value) => setLanguage(LANGUAGES.find((one) => one === value) ?? language)} />}
            </Field>
          </div>
          <Writing words={words} language={language} guide={place.kind === 'guide'} fixed={busy} faultOf={faultOf} onChange={writing.put} addPicture={() => Promise.reject(new ApiError(0, 'no_article', ''))} beginWith={beginWith} />
        </form>
        <aside className="setup__side" aria-label={w('side.label')}>
          <Tabs
            label={w('side.label')}
            sheets={[
              { name: 'details', title: w('side.details') },
              { name: 'preview', title: w('side.preview') },
            ]}
            shown={shown}
            onShow={setShown}
          >
            {shown === 'details' ? <Details place={place} own={null} fixed={busy} faultOf={faultOf} onChange={(part) => setPlace({ ...place, ...part })} /> : <Preview words={words} language={language} />}
          </Tabs>
        </aside>
      </div>
    </>
  );
}
