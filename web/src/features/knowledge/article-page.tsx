// One article: its words in a language on the left; how they look, where they stand and what became of them on the right.
import { useMemo, useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { Notices } from './notices';
import { KNOWLEDGE } from './paths';
import { Refused } from './refused';
import { Side } from './side';
import { StateMark, StateSign } from './state-mark';
import { StepButtons } from './step-buttons';
import { useActing } from './use-acting';
import { NO_WORDS, useWriting } from './use-writing';
import { useWords } from './words';
import { Writing } from './writing';
import { Failed } from '@/components/failed';
import { IconBack, IconExternal } from '@/components/icons';
import { ApiError } from '@/lib/api/problem';
import { useMe } from '@/lib/data/directory';
import { useArticle, useArticleActs, useText, writesArticles, type Article, type Words } from '@/lib/data/knowledge';
import { LANGUAGES, LANGUAGE_NAMES, type Language } from '@/lib/i18n/languages';
import { useHotkeys } from '@/lib/keys/hotkeys';

export function ArticlePage() {
  const w = useWords();
  const { id = '' } = useParams();
  const [query, setQuery] = useSearchParams();
  const { data: article, error, refetch } = useArticle(id);
  if (error && !article) {
    const gone = error instanceof ApiError && error.status === 404;
    return (
      <Failed title={w(gone ? 'article.gone' : 'list.failed')} again={() => void refetch()} />
    );
  }
  if (!article) return <div aria-busy="true" />;
  const own = LANGUAGES.find((one) => one === article.language) ?? 'en';
  const language = LANGUAGES.find((one) => one === query.get('language')) ?? own;
  return <OneLanguage key={`${id}.${language}`} article={article} own={own} language={language} onLanguage={(next) => setQuery(next === own ? {} : { language: next }, { replace: true })} />;
}

interface LanguageProps {
  article: Article;
  /** The language that the article is written in first. */
  own: Language;
  language: Language;
  onLanguage: (language: Language) => void;
}

/** Waits for the text, where there is one in this language. */
function OneLanguage(props: LanguageProps) {
  const w = useWords();
  const { article, language } = props;
  const { data, isError, refetch } = useText(article, language);
  const there = useMemo((): Words => (data ? { title: data.title, summary: data.summary, body: data.body } : NO_WORDS), [data]);
  if (article.languages[language] && !data) {
    return isError ? (
      <p className="field__fault">
        {w('list.failed')}{' '}
        <button type="button" className="link" onClick={() => void refetch()}>
          ↻
        </button>
      </p>
    ) : (
      <div aria-busy="true" />
    );
  }
  return <Editor {...props} there={there} />;
}

function Editor({ article, own, language, onLanguage, there }: LanguageProps & { there: Words }) {
  const w = useWords();
  const navigate = useNavigate();
  const { data: me } = useMe();
  const acts = useArticleActs();
  const writing = useWriting(article.id, article.version, language, there);
  const acting = useActing(article);
  const [attempted, setAttempted] = useState(false);
  const text = article.languages[language];
  const fixed = !(me === undefined || writesArticles(me)) || article.archived;
  const { words, unsaved } = writing;
  const untitled = words.title.trim() === '';

  const save = async (seen = writing.seen): Promise<Article | null> => {
    setAttempted(true);
    if (untitled) return null;
    const saved = await acting.run(() => acts.write(article.id, seen, language, words), { repeat: (version) => void save(version) });
    if (saved) writing.settle(words);
    return saved;
  };
  useHotkeys([{ keys: 'Mod+s', run: () => void (unsaved && !fixed && save()), label: w('article.save') }]);
  const faultOf = (field: 'title' | 'summary' | 'body'): string | undefined => (field === 'title' && attempted && untitled ? w('writing.noTitle') : acting.faultOf(field));

  return (
    <>
      <header className="article-head">
        <button type="button" className="icon-button" aria-label={w('article.back')} onClick={() => void navigate(KNOWLEDGE)}>
          <IconBack size={18} stroke={1.6} />
        </button>
        <div className="article-head__what">
          <h1 className="setup__title" dir="auto">
            {words.title || w('writing.untitled')}
          </h1>
          <p className="article-head__facts">
            <span>#{article.number}</span>
            <StateMark state={text?.state ?? 'draft'} />
            {unsaved && <span className="article-head__unsaved">{w(writing.kept ? 'article.unsaved' : 'article.notKept')}</span>}
            {text?.address && (
              <a className="link" href={text.address} target="_blank" rel="noreferrer">
                {w('article.open')} <IconExternal size={14} stroke={1.7} aria-hidden="true" />
              </a>
            )}
            {article.from_ticket !== null && !article.provisional && (
              <Link className="link" to={`/tickets/${article.from_ticket}`}>
                {w('article.fromTicket')}
              </Link>
            )}
          </p>
        </div>
        <StepButtons article={article} language={language} unsaved={unsaved} acting={acting} save={save} onDiscard={() => writing.settle(null)} />
      </header>
      <Languages article={article} own={own} language={language} onLanguage={onLanguage} />
      <Notices article={article} own={own} language={language} acting={acting} />
      {acting.refused && <Refused refused={acting.refused} onTheirs={() => writing.settle(null)} onClose={acting.forget} />}
      <div className="setup-grid article-grid">
        <form
          className="setup__form"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Writing words={words} language={language} guide={article.kind === 'guide'} fixed={fixed} faultOf={faultOf} onChange={writing.put} addPicture={(file) => acts.addImage(article.id, file)} />
        </form>
        <aside className="setup__side" aria-label={w('side.label')}>
          <Side article={article} own={own} language={language} words={words} acting={acting} onRestored={() => writing.settle(null)} />
        </aside>
      </div>
    </>
  );
}

function Languages({ article, own, language, onLanguage }: LanguageProps) {
  const w = useWords();
  return (
    <nav className="languages" aria-label={w('article.languages')}>
      {LANGUAGES.map((one) => {
        const text = article.languages[one];
        return (
          <button key={one} type="button" className="languages__one" lang={one} aria-current={one === language ? 'true' : undefined} onClick={() => onLanguage(one)}>
            {LANGUAGE_NAMES[one]}
            {text ? <StateSign text={text} language={one} named={false} /> : <span className="languages__none">{w('article.noText')}</span>}
            {one === own && <span className="languages__own">{w('article.own')}</span>}
          </button>
        );
      })}
    </nav>
  );
}
