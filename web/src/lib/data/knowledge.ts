// Articles as colleagues write them: lists, texts and their versions, what readers said, what they look for and do not find.
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type InfiniteData, type UseInfiniteQueryResult, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { Item, Me, Ok, Sent } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { uploadFile } from '@/lib/data/uploads';
import type { Language } from '@/lib/i18n/languages';

export type ArticlePage = Ok<'/v1/articles', 'get'>;
export type ArticleRow = Item<ArticlePage>;
export type Article = Ok<'/v1/articles/{id}', 'get'>;
type ArticleIn = Sent<'/v1/articles', 'post'>;
export type ArticleChange = Sent<'/v1/articles/{id}', 'patch'>;
type ArticleText = Ok<'/v1/articles/{id}/texts/{language}', 'get'>;
export type ArticleKind = ArticleRow['kind'];
export type Audience = ArticleRow['audience'];
export type ArticleState = NonNullable<ArticleRow['languages'][string]>['state'];
export type Step = Sent<'/v1/articles/{id}/texts/{language}/step', 'post'>;
type Revision = Item<Ok<'/v1/articles/{id}/texts/{language}/revisions', 'get'>>;
type DifferenceLine = Item<Ok<'/v1/articles/{id}/texts/{language}/difference', 'get'>>;
type Feedback = Item<Ok<'/v1/articles/{id}/feedback', 'get'>>;
type ArticleUse = Item<Ok<'/v1/articles/{id}/tickets', 'get'>>;
export type Gaps = Ok<'/v1/articles/gaps', 'get'>;
export type Section = Item<Ok<'/v1/sections', 'get'>>;
type SectionIn = Sent<'/v1/sections/{id}', 'put'>;
type Organization = Item<Ok<'/v1/organizations', 'get'>>;

export interface Words {
  title: string;
  summary: string;
  body: string;
}

export interface ArticleFilter {
  q?: string;
  state?: ArticleState;
  language?: Language;
  section?: string;
  kind?: ArticleKind;
  audience?: Audience;
  stale?: boolean;
  provisional?: boolean;
}

const LISTS = ['articles'] as const;
const FEW = ['articles', 'few'] as const;
const SECTIONS = ['sections'] as const;
/** How old the desk's own copy of what lists show may be. */
const LISTS_LAG_MS = 6_000;
const PAGE = 50;
const MOST = 100;
const MINUTE = 60_000;
const articleKey = (id: string) => ['article', id] as const;
const seenAt = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

/** Who may begin and change drafts. */
export const writesArticles = (me: Me | undefined): boolean => me?.permissions.includes('write_articles') ?? false;
/** Who may let articles out. */
export const publishesArticles = (me: Me | undefined): boolean => me?.permissions.includes('publish_articles') ?? false;

export function useArticles(filter: ArticleFilter): UseInfiniteQueryResult<InfiniteData<ArticlePage>> {
  const { api } = useDesk();
  return useInfiniteQuery({
    queryKey: [...LISTS, filter],
    queryFn: ({ pageParam, signal }) => unwrap(api.GET('/v1/articles', { params: { query: { ...filter, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: MINUTE / 4,
  });
}

/** The first hundred that fit: what waits for somebody is not more. */
export function useFewArticles(filter: ArticleFilter, wanted = true): UseQueryResult<ArticleRow[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: [...FEW, filter],
    queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/articles', { params: { query: { ...filter, limit: MOST } }, signal }))).items,
    enabled: wanted,
    placeholderData: keepPreviousData,
    staleTime: MINUTE / 4,
  });
}

export function useArticle(id: string): UseQueryResult<Article> {
  const { api } = useDesk();
  return useQuery({ queryKey: articleKey(id), queryFn: () => unwrap(api.GET('/v1/articles/{id}', { params: { path: { id } } })), staleTime: 0 });
}

/** A text as it stood at a version of its article; null: there is none in this language. */
export function useText(article: Article, language: Language, revision?: number): UseQueryResult<ArticleText> {
  const { api } = useDesk();
  const newest = article.languages[language];
  const wanted = revision ?? newest?.revision;
  return useQuery({
    queryKey: [...articleKey(article.id), 'text', language, wanted, newest?.updated_at],
    queryFn: () => unwrap(api.GET('/v1/articles/{id}/texts/{language}', { params: { path: { id: article.id, language }, query: revision === undefined ? {} : { revision } } })),
    enabled: wanted !== undefined,
    placeholderData: keepPreviousData,
    staleTime: MINUTE,
  });
}

export function useRevisions(article: Article, language: Language): UseQueryResult<Revision[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: [...articleKey(article.id), 'revisions', language, article.version],
    queryFn: async () => (await unwrap(api.GET('/v1/articles/{id}/texts/{language}/revisions', { params: { path: { id: article.id, language } } }))).items,
    placeholderData: keepPreviousData,
  });
}

export function useDifference(article: Article, language: Language, between: { before: number; after: number } | null): UseQueryResult<DifferenceLine[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: [...articleKey(article.id), 'difference', language, between, article.version],
    queryFn: async () => (await unwrap(api.GET('/v1/articles/{id}/texts/{language}/difference', { params: { path: { id: article.id, language }, query: between ?? { before: 1, after: 1 } } }))).items,
    enabled: between !== null,
  });
}

/** A body as readers would see it; what was shown before stays until the next has come. */
export function useRendered(body: string): UseQueryResult<string> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['article-preview', body],
    queryFn: async ({ signal }) => (await unwrap(api.POST('/v1/articles/preview', { body: { body }, signal }))).html,
    enabled: body.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: MINUTE,
    gcTime: MINUTE / 2,
  });
}

export function useFeedback(id: string): UseQueryResult<Feedback[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: [...articleKey(id), 'feedback'], queryFn: async () => (await unwrap(api.GET('/v1/articles/{id}/feedback', { params: { path: { id } } }))).items });
}

export function useForgetFeedback(id: string): UseMutationResult<void, Error, string> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (said) => done(api.DELETE('/v1/articles/{id}/feedback/{feedback_id}', { params: { path: { id, feedback_id: said } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: [...articleKey(id), 'feedback'] }),
  });
}

/** Tickets that an article was used on, newest first. */
export function useArticleTickets(id: string): UseQueryResult<ArticleUse[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: [...articleKey(id), 'tickets'], queryFn: async () => (await unwrap(api.GET('/v1/articles/{id}/tickets', { params: { path: { id }, query: { limit: PAGE } } }))).items });
}

/** What was missing in a month (`2026-11`). */
export function useGaps(month: string): UseQueryResult<Gaps> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['article-gaps', month], queryFn: () => unwrap(api.GET('/v1/articles/gaps', { params: { query: { month, limit: PAGE } } })), staleTime: MINUTE, placeholderData: keepPreviousData });
}

export function useSections(): UseQueryResult<Section[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: SECTIONS, queryFn: async () => (await unwrap(api.GET('/v1/sections'))).items, staleTime: MINUTE });
}

/** Names that the desk answers under, to choose from. */
export function useBrandChoices(language: string): { value: string; name: string }[] {
  const { api } = useDesk();
  const { data = [] } = useQuery({ queryKey: ['settings', 'brands'], queryFn: async () => (await unwrap(api.GET('/v1/brands'))).items, staleTime: 60_000 });
  return data.map(({ id, names }) => ({ value: id, name: names[language] ?? names['en'] ?? Object.values(names)[0] ?? id }));
}

export function useSaveSection(): UseMutationResult<Section, Error, { id: string; version: number; body: SectionIn }> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, body }) => unwrap(api.PUT('/v1/sections/{id}', { params: { path: { id }, header: seenAt(version) }, body })),
    onSuccess: () => client.invalidateQueries({ queryKey: SECTIONS }),
  });
}

export function useRemoveSection(): UseMutationResult<void, Error, { id: string; version: number }> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }) => done(api.DELETE('/v1/sections/{id}', { params: { path: { id }, header: seenAt(version) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: SECTIONS }),
  });
}

/** Organizations by a few letters. */
export function useOrganizationsLike(q: string, wanted: boolean): UseQueryResult<Organization[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['organizations-like', q], queryFn: async ({ signal }) => (await unwrap(api.GET('/v1/organizations', { params: { query: { q, limit: 8 } }, signal }))).items, enabled: wanted, placeholderData: keepPreviousData, staleTime: MINUTE });
}

/** What something of a few ids is called, each asked for once. */
export function useNamesOf(kind: 'organization' | 'article', ids: readonly string[]): UseQueryResult<Record<string, string>> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['names-of', kind, ...ids],
    queryFn: async () => {
      const named = await Promise.allSettled(
        ids.map(async (id) => {
          const params = { path: { id } };
          const name = kind === 'article' ? (await unwrap(api.GET('/v1/articles/{id}', { params }))).title : (await unwrap(api.GET('/v1/organizations/{id}', { params }))).name;
          return [id, name] as const;
        }),
      );
      return Object.fromEntries(named.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    },
    enabled: ids.length > 0,
    staleTime: 5 * MINUTE,
    placeholderData: keepPreviousData,
  });
}

interface Acts {
  create: (body: ArticleIn) => Promise<Article>;
  write: (id: string, version: number, language: Language, words: Words) => Promise<Article>;
  change: (id: string, version: number, change: ArticleChange) => Promise<Article>;
  step: (id: string, version: number, language: Language, step: Step) => Promise<Article>;
  restore: (id: string, version: number, language: Language, revision: number) => Promise<Article>;
  /** Takes a picture in and gives how a body names it. */
  addImage: (id: string, file: File) => Promise<string>;
  /** The article as it stands now, whoever changed it. */
  again: (id: string) => Promise<Article>;
}

/** What is done with articles; whatever comes of it is shown everywhere at once. */
export function useArticleActs(): Acts {
  const { api } = useDesk();
  const client = useQueryClient();
  const taken = async (call: Promise<Article>): Promise<Article> => {
    const article = await call;
    client.setQueryData(articleKey(article.id), article);
    const asItIs = (row: ArticleRow): ArticleRow => (row.id === article.id ? article : row);
    client.setQueriesData<ArticleRow[]>({ queryKey: FEW }, (rows) => rows?.map(asItIs));
    client.setQueriesData<InfiniteData<ArticlePage>>({ queryKey: LISTS, predicate: ({ queryKey }) => queryKey[1] !== FEW[1] }, (all) => all && { ...all, pages: all.pages.map((page) => ({ ...page, items: page.items.map(asItIs) })) });
    // Who is asked at once may answer from before: lists are asked for again when nobody can any more.
    setTimeout(() => void client.invalidateQueries({ queryKey: LISTS }), LISTS_LAG_MS);
    return article;
  };
  return {
    create: (body) => taken(unwrap(api.POST('/v1/articles', { params: { header: { 'Idempotency-Key': crypto.randomUUID() } }, body }))),
    write: (id, version, language, words) => taken(unwrap(api.PUT('/v1/articles/{id}/texts/{language}', { params: { path: { id, language }, header: seenAt(version) }, body: words }))),
    change: (id, version, body) => taken(unwrap(api.PATCH('/v1/articles/{id}', { params: { path: { id }, header: seenAt(version) }, body }))),
    step: (id, version, language, body) => taken(unwrap(api.POST('/v1/articles/{id}/texts/{language}/step', { params: { path: { id, language }, header: seenAt(version) }, body }))),
    restore: (id, version, language, revision) => taken(unwrap(api.POST('/v1/articles/{id}/texts/{language}/restore', { params: { path: { id, language }, header: seenAt(version) }, body: { revision } }))),
    addImage: async (id, file) => {
      const upload = await uploadFile(api, file);
      return (await unwrap(api.POST('/v1/articles/{id}/images', { params: { path: { id } }, body: { upload } }))).address;
    },
    again: (id) => taken(unwrap(api.GET('/v1/articles/{id}', { params: { path: { id } } }))),
  };
}
