// Canned responses and macros by a few letters, and using them on a ticket.
import { keepPreviousData, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { unwrap, type Api } from '@/lib/api/client';
import type { Item, Macro, MacroPreview, MacroRan, Ok, QuickItem } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { renewTicket } from '@/lib/data/messages';

type ArticleRow = Item<Ok<'/v1/articles', 'get'>>;

const LIMIT = 8;

export function useQuick(ticket: string, q: string): UseQueryResult<QuickItem[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['quick', ticket, q],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/quick', { params: { query: { q, ticket, limit: LIMIT } }, signal }))).items,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

/** An article among what fits the words behind a slash. */
export interface QuickArticle {
  kind: 'article';
  id: string;
  title: string;
  preview: string;
  provisional: boolean;
  language: string;
  /** The version of its text that is put in: what readers see, where they see one. */
  revision: number;
  /** Its page; null: the requester cannot open one. */
  link: string | null;
}

export type SlashItem = QuickItem | QuickArticle;

const ARTICLES = 4;

function quickArticle({ id, title, audience, provisional, language: own, languages }: ArticleRow, wanted: string): QuickArticle | null {
  const spoken = [wanted, own, ...Object.keys(languages)];
  const language = spoken.find((one) => languages[one]?.address) ?? spoken.find((one) => one in languages);
  const text = language === undefined ? undefined : languages[language];
  if (language === undefined || text === undefined) return null;
  const link = audience === 'public' && text.address !== null ? `${location.origin}${text.address}` : null;
  return { kind: 'article', id, title: link === null ? title : text.title, preview: text.summary, provisional, language, revision: text.live_revision ?? text.revision, link };
}

/** Articles for the same words; none before anything is typed. */
export function useQuickArticles(q: string, language: string): UseQueryResult<QuickArticle[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['quick-articles', q, language],
    queryFn: async ({ signal }) => {
      const { items } = await unwrap(api.GET('/v1/articles', { params: { query: { q, limit: ARTICLES } }, signal }));
      return items.map((one) => quickArticle(one, language)).filter((one) => one !== null);
    },
    enabled: q !== '',
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
}

/** An article's text as its page shows it. */
export function useArticleHtml(article: QuickArticle | null): UseQueryResult<string> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['article-html', article?.id, article?.language, article?.revision],
    queryFn: () => articleHtml(api, article?.id ?? '', article?.language ?? '', article?.revision),
    enabled: article !== null,
    staleTime: 60_000,
    retry: false,
  });
}

export async function articleHtml(api: Api, id: string, language: string, revision?: number): Promise<string> {
  const query = revision === undefined ? {} : { revision };
  return (await unwrap(api.GET('/v1/articles/{id}/texts/{language}', { params: { path: { id, language }, query } }))).html;
}

/** Macros that may be run, asked for when somebody is about to choose one. */
export function useMacros(wanted: boolean): UseQueryResult<Macro[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['macros'],
    queryFn: async () => (await unwrap(api.GET('/v1/macros', { params: { query: { limit: 100 } } }))).items,
    enabled: wanted,
    staleTime: 60_000,
  });
}

/** What running a macro on a ticket would change and write. */
export function useMacroPreview(ticket: string, macro: string | null): UseQueryResult<MacroPreview> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['macro-preview', ticket, macro],
    queryFn: ({ signal }) => unwrap(api.POST('/v1/macros/{id}/preview', { params: { path: { id: macro ?? '' } }, body: { ticket_id: ticket }, signal })),
    enabled: macro !== null,
    staleTime: 10_000,
    retry: false,
  });
}

interface RunMacro {
  /** The ticket as it was looked at: what someone changed meanwhile is not overwritten. */
  version: number;
  /** Seconds in which its answer can be taken back. */
  hold: number;
  /** Newest message that was read: its answer is refused when something newer came in. */
  seen: string | null;
}

interface Uses {
  /** A canned response as it reads in this ticket, formatted where it can be; counted as used. */
  wordsOf: (canned: string, formatted: boolean) => Promise<string>;
  run: (macro: string, how: RunMacro) => Promise<MacroRan>;
  /** What an article's page shows. */
  htmlOf: (article: QuickArticle) => Promise<string>;
  /** Notes that an article was used on the ticket. */
  noteArticle: (id: string) => void;
}

export function useQuickUses(ticket: string): Uses {
  const { api } = useDesk();
  const client = useQueryClient();
  const noteArticle = (id: string): void => {
    api.POST('/v1/tickets/{id}/answers', { params: { path: { id: ticket } }, body: { article_id: id } }).then(
      () => client.invalidateQueries({ queryKey: ['answers', ticket] }),
      () => undefined,
    );
  };
  return {
    noteArticle,
    htmlOf: (article) => articleHtml(api, article.id, article.language, article.revision),
    wordsOf: async (canned, formatted) => {
      const body = { ticket_id: ticket, insert: true };
      const { text, html } = await unwrap(api.POST('/v1/canned-responses/{id}/preview', { params: { path: { id: canned } }, body }));
      return formatted && html?.startsWith('<') ? html : text;
    },
    run: async (macro, { version, hold, seen }) => {
      const params = { path: { id: ticket }, header: { 'If-Match': `"${version}"`, 'Idempotency-Key': crypto.randomUUID() } };
      const body = { macro_id: macro, ...(hold > 0 ? { hold_seconds: hold } : {}), ...(seen === null ? {} : { seen_message_id: seen }) };
      try {
        return await unwrap(api.POST('/v1/tickets/{id}/macros', { params, body }));
      } finally {
        await renewTicket(client, ticket);
      }
    },
  };
}
