// What waits for somebody who may let articles out: drafts to be looked at, and solutions that were used before anybody had.
import { useFewArticles, type ArticleRow } from '@/lib/data/knowledge';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';

export interface Waiting {
  article: ArticleRow;
  language: Language;
}

interface AllWaiting {
  asked: readonly Waiting[];
  provisional: readonly Waiting[];
  count: number;
  /** Not known yet. */
  pending: boolean;
  failed: boolean;
}

/** Languages of an article in which somebody asked for a look at it. */
const askedIn = (article: ArticleRow): Language[] => LANGUAGES.filter((language) => article.languages[language]?.state === 'review');

export function useWaiting(): AllWaiting {
  const reviews = useFewArticles({ state: 'review' });
  const solutions = useFewArticles({ provisional: true });
  const asked = (reviews.data ?? []).flatMap((article) => askedIn(article).map((language) => ({ article, language })));
  const there = new Set(asked.map(({ article }) => article.id));
  const provisional = (solutions.data ?? [])
    .filter(({ id, archived, provisional: still }) => still && !archived && !there.has(id))
    .map((article) => ({ article, language: LANGUAGES.find((one) => one === article.language) ?? 'en' }));
  return { asked, provisional, count: asked.length + provisional.length, pending: reviews.isPending || solutions.isPending, failed: reviews.isError || solutions.isError };
}
