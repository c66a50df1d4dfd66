// Posts of the community that a moderator shall look at: held, reported, or hidden because of reports.
import { Button, useComputedColorScheme } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { COMMUNITY, PostActs } from './post-acts';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { Field, Select } from '@/components/form';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { unwrap } from '@/lib/api/client';
import type { QueuedPost } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useBrandChoices } from '@/lib/data/knowledge';
import { useSectionNames } from '@/lib/data/sections';
import { useLanguage } from '@/lib/i18n/use-t';

const EVERY_MS = 60_000;
const LIKELY = 700;

export function Moderation() {
  const { w } = useTelling();
  const { api } = useDesk();
  const { data, isError, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...COMMUNITY, 'queue'],
    queryFn: ({ pageParam }) => unwrap(api.GET('/v1/community-queue', { params: { query: pageParam === null ? {} : { cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: EVERY_MS,
  });
  if (!data) return isError ? <NotLoaded again={() => void refetch()} /> : <div aria-busy="true" />;
  const queued = data.pages.flatMap((page) => page.items);
  return (
    <section className="setup-single">
      <h1 className="setup__title">{w('pages.moderation.title')}</h1>
      <p className="setup__text">{w('pages.moderation.text')}</p>
      {queued.length === 0 && <p role="status">{w('moderation.nothing')}</p>}
      <ol className="moderation">
        {queued.map((one) => (
          <li key={one.post.id} className="moderation__post">
            <Queued queued={one} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()}>
          {w('moderation.more')}
        </Button>
      )}
      <Reach />
      <Latest />
    </section>
  );
}

/** A question's page for everybody is `…/community/12-its-title`; its number alone will do. */
const NUMBER = /(?:^|\/community\/)(\d{1,12})(?:[-/?#]|$)/;

/** Any question by its address, not only those that wait. */
function Reach() {
  const { w } = useTelling();
  const go = useNavigate();
  const [place, setPlace] = useState('');
  const [unknown, setUnknown] = useState(false);
  return (
    <form
      className="moderation__reach"
      onSubmit={(event) => {
        event.preventDefault();
        const number = NUMBER.exec(place.trim())?.[1];
        setUnknown(number === undefined);
        if (number !== undefined) void go(`/admin/moderation/${number}`);
      }}
    >
      <Field label={w('moderation.address')} fault={unknown ? w('moderation.noAddress') : undefined}>
        {(wiring) => <input {...wiring} className="input" value={place} onChange={({ target }) => setPlace(target.value)} />}
      </Field>
      <Button type="submit" size="sm" variant="default" disabled={place.trim() === ''}>
        {w('moderation.open')}
      </Button>
    </form>
  );
}

type Order = 'active' | 'unanswered';

/** Questions that all see: of a brand's pages, of a topic, and those that nobody answered. */
function Latest() {
  const { w } = useTelling();
  const { api } = useDesk();
  const brands = useBrandChoices(useLanguage());
  const topics = useSectionNames();
  const [order, setOrder] = useState<Order>('active');
  const [brand, setBrand] = useState('');
  const [topic, setTopic] = useState('');
  const { data, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...COMMUNITY, 'latest', order, brand, topic],
    queryFn: ({ pageParam }) => {
      const wanted = { limit: 10, order, ...(brand === '' ? {} : { brand }), ...(topic === '' ? {} : { topic }), ...(pageParam === null ? {} : { cursor: pageParam }) };
      return unwrap(api.GET('/v1/community-questions', { params: { query: wanted } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-labelledby="questions-of-all">
      <h2 id="questions-of-all" className="moderation__title moderation__title--over">
        {w('moderation.questions')}
      </h2>
      <div className="moderation__reach">
        <Select
          label={w('moderation.which')}
          value={order}
          choices={[
            { value: 'active', name: w('moderation.latest') },
            { value: 'unanswered', name: w('moderation.unanswered') },
          ]}
          onChange={(value) => setOrder(value === 'unanswered' ? 'unanswered' : 'active')}
        />
        {brands.length > 0 && <Select label={w('moderation.brand')} value={brand} choices={[{ value: '', name: w('moderation.usualBrand') }, ...brands]} onChange={setBrand} />}
        {topics.length > 0 && <Select label={w('moderation.topic')} value={topic} choices={[{ value: '', name: w('moderation.anyTopic') }, ...topics]} onChange={setTopic} />}
      </div>
      {data && rows.length === 0 && <p role="status">{w('moderation.noQuestions')}</p>}
      <ul className="moderation">
        {rows.map((one) => (
          <li key={one.id} className="moderation__row">
            <Link className="link" dir="auto" to={`/admin/moderation/${one.id}`}>
              {one.title}
            </Link>
            <span className="field__hint">
              {one.accepted !== null && `${w('moderation.solved')} · `}
              {w('moderation.answers', { count: one.answers })} · <RelativeTime at={one.active_at} />
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button size="sm" variant="default" onClick={() => void fetchNextPage()}>
          {w('moderation.more')}
        </Button>
      )}
    </section>
  );
}

function Queued({ queued }: { queued: QueuedPost }) {
  const { w } = useTelling();
  const dark = useComputedColorScheme('light') === 'dark';
  const { question, post } = queued;
  return (
    <article aria-label={question.title}>
      <h2 className="moderation__title" dir="auto">
        <a href={question.address} target="_blank" rel="noopener">
          {question.title}
        </a>{' '}
        <Link className="link moderation__manage" to={`/admin/moderation/${question.id}`}>
          {w('moderation.manage')}
        </Link>
      </h2>
      <p className="field__hint">
        {w(queued.is_answer ? 'moderation.answer' : 'moderation.question')} · {post.author.name || w('moderation.nobody')} · <RelativeTime at={post.at} /> · {w('moderation.approved', { number: queued.author_approved })}
        {post.why !== null && ` · ${w(`moderation.why.${post.why}`)}`}
        {queued.spam !== null && queued.spam >= LIKELY && ` · ${w('moderation.spam', { percent: Math.round(queued.spam / 10) })}`}
      </p>
      <MailFrame look="article" title={question.title} html={post.html} dark={dark} />
      {queued.reports.length > 0 && (
        <ul className="moderation__reports">
          {queued.reports.map((report) => (
            <li key={`${report.at}${report.reason}`}>
              {w('moderation.reported', { reason: w(`moderation.reason.${report.reason}`) })}
              {report.words !== '' && `: ${report.words}`}
            </li>
          ))}
        </ul>
      )}
      <PostActs questionId={question.id} post={post} blocked={queued.author_blocked} />
    </article>
  );
}
