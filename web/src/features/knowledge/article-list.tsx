// All articles, with filters that stand in the address; words find drafts, too.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { articlePath, newPath } from './paths';
import { StateSign } from './state-mark';
import { useSectionNames } from '@/lib/data/sections';
import { useWords } from './words';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { Select } from '@/components/form';
import { IconArticle, IconPlus } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { useMe, useNames } from '@/lib/data/directory';
import { useArticles, writesArticles, type ArticleFilter, type ArticleRow } from '@/lib/data/knowledge';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { useSlowly } from '@/lib/slowly';

const STATES = ['draft', 'review', 'scheduled', 'published', 'archived'] as const;
export const KINDS = ['article', 'guide', 'solution'] as const;
export const AUDIENCES = ['public', 'signed_in', 'organizations', 'internal'] as const;
const TYPED_MS = 200;

const among = <Value extends string>(all: readonly Value[], value: string | null): Value | undefined => all.find((one) => one === value);

function filterOf(query: URLSearchParams): ArticleFilter {
  const q = query.get('q')?.trim() ?? '';
  const filter = {
    q: q === '' ? undefined : q,
    state: among(STATES, query.get('state')),
    language: among(LANGUAGES, query.get('language')),
    section: query.get('section') ?? undefined,
    kind: among(KINDS, query.get('kind')),
    audience: among(AUDIENCES, query.get('audience')),
    stale: query.get('stale') === 'true' ? true : undefined,
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

export function ArticleList() {
  const w = useWords();
  const navigate = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [typed, setTyped] = useState(query.get('q') ?? '');
  const { data: me } = useMe();
  const filter = filterOf(query);
  const wanted = useSlowly(typed, TYPED_MS).trim();
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useArticles(wanted === '' ? { ...filter, q: '' } : { ...filter, q: wanted });
  const articles = data?.pages.flatMap(({ items }) => items) ?? [];
  const filtered = wanted !== '' || Object.keys(filter).length > 0;
  const write = writesArticles(me);

  const put = (name: string, value: string): void => {
    const next = new URLSearchParams(query);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setQuery(next, { replace: true });
  };
  const clear = (): void => {
    setTyped('');
    setQuery(new URLSearchParams(), { replace: true });
  };
  useHotkeys([
    { keys: '/', run: () => document.getElementById('article-search')?.focus(), label: w('list.search') },
    ...(write ? [{ keys: 'n', run: () => void navigate(newPath()), label: w('list.new') }] : []),
  ]);

  const add = write && (
    <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => void navigate(newPath())}>
      {w('list.new')}
    </Button>
  );
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('list.title')}</h1>
          <p className="setup__text">{w('list.text')}</p>
        </div>
        {add}
      </div>
      <div className="filters" role="search">
        <input
          id="article-search"
          className="input filters__words"
          type="search"
          aria-label={w('list.search')}
          placeholder={w('list.search')}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
          onBlur={() => put('q', typed.trim())}
        />
        <Filters query={query} put={put} />
      </div>
      {isError && !data ? (
        <Failed title={w('list.failed')} again={() => void refetch()} />
      ) : data && articles.length === 0 ? (
        <EmptyState
          icon={<IconArticle size={22} stroke={1.6} />}
          title={w(filtered ? 'list.nothingTitle' : 'list.emptyTitle')}
          text={w(filtered ? 'list.nothingText' : 'list.emptyText')}
          action={
            filtered ? (
              <Button variant="default" onClick={clear}>
                {w('list.clear')}
              </Button>
            ) : (
              add
            )
          }
        />
      ) : (
        <ul className="articles" aria-busy={data === undefined} aria-label={w('list.title')} data-old={isPlaceholderData || undefined}>
          {articles.map((article) => (
            <ArticleItem key={article.id} article={article} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div className="setup__acts">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {w('list.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function Filters({ query, put }: { query: URLSearchParams; put: (name: string, value: string) => void }) {
  const w = useWords();
  const sections = useSectionNames();
  const choices = [
    ['state', w('list.anyState'), STATES.map((value) => ({ value, name: w(`states.${value}`) }))],
    ['language', w('list.anyLanguage'), LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))],
    ['section', w('list.anySection'), sections],
    ['audience', w('list.anyAudience'), AUDIENCES.map((value) => ({ value, name: w(`audiences.${value}`) }))],
    ['kind', w('list.anyKind'), KINDS.map((value) => ({ value, name: w(`kinds.${value}`) }))],
  ] as const;
  return (
    <>
      {choices.map(([name, any, some]) => (
        <span key={name} className={query.has(name) ? 'filters__one filters__one--set' : 'filters__one'}>
          <Select label={any} value={query.get(name) ?? ''} choices={[{ value: '', name: any }, ...some]} onChange={(value) => put(name, value)} />
        </span>
      ))}
      <label className="choice">
        <input type="checkbox" checked={query.get('stale') === 'true'} onChange={({ target }) => put('stale', target.checked ? 'true' : '')} />
        {w('list.onlyStale')}
      </label>
    </>
  );
}

/** One article: what it is called, where it stands and for whom, and how far each of its languages is. */
function ArticleItem({ article }: { article: ArticleRow }) {
  const w = useWords();
  const names = useNames();
  const sections = useSectionNames();
  const facts = [
    sections.find(({ value }) => value === article.section)?.name ?? null,
    article.kind === 'article' ? null : w(`kinds.${article.kind}`),
    article.audience === 'public' ? null : w(`audiences.${article.audience}`),
    names.agent(article.updated_by),
  ].filter((one) => one !== null);
  return (
    <li className="article-row">
      <div className="article-row__what">
        <Link className="article-row__title" dir="auto" to={articlePath(article.id)}>
          {article.title}
        </Link>
        <span className="article-row__facts">
          <span className="article-row__number">#{article.number}</span>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          <RelativeTime className="article-row__time" at={article.updated_at} />
        </span>
      </div>
      <span className="article-row__states">
        {article.provisional && <span className="article-mark article-mark--provisional">{w('list.provisional')}</span>}
        {LANGUAGES.map((language) => {
          const text = article.languages[language];
          return text && <StateSign key={language} text={text} language={language} />;
        })}
      </span>
    </li>
  );
}
