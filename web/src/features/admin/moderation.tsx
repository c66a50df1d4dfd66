// Posts of the community that a moderator shall look at: held, reported, or hidden because of reports.
import { Button, useComputedColorScheme } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Failed } from './setting';
import { useTelling } from './use-telling';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { QueuedPost } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

const QUEUE = ['community', 'queue'] as const;
const EVERY_MS = 60_000;
const LIKELY = 700;

type Act = 'release' | 'hide' | 'delete' | 'block';

export function Moderation() {
  const { w } = useTelling();
  const { api } = useDesk();
  const { data, isError, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: QUEUE,
    queryFn: ({ pageParam }) => unwrap(api.GET('/v1/community-queue', { params: { query: pageParam === null ? {} : { cursor: pageParam } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: EVERY_MS,
  });
  if (!data) return isError ? <Failed again={() => void refetch()} /> : <div aria-busy="true" />;
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
    </section>
  );
}

function Queued({ queued }: { queued: QueuedPost }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const dark = useComputedColorScheme('light') === 'dark';
  const { question, post } = queued;
  const act = useMutation({
    mutationFn: (what: Act) =>
      what === 'block'
        ? done(api.PUT('/v1/community-members/{person_id}/blocked', { params: { path: { person_id: post.author.id } }, body: { blocked: !queued.author_blocked } }))
        : done(api.POST('/v1/community-questions/{id}/posts/{post_id}/act', { params: { path: { id: question.id, post_id: post.id } }, body: { act: what } })),
    onSuccess: async (_, what) => {
      await client.invalidateQueries({ queryKey: QUEUE });
      toast(w(`moderation.done.${what}`));
    },
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  return (
    <article aria-label={question.title}>
      <h2 className="moderation__title" dir="auto">
        <a href={question.address} target="_blank" rel="noopener">
          {question.title}
        </a>
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
              {w(`moderation.reason.${report.reason}`)}
              {report.words !== '' && `: ${report.words}`}
            </li>
          ))}
        </ul>
      )}
      <div className="setup__acts">
        <Button size="sm" disabled={act.isPending} onClick={() => act.mutate('release')}>
          {w('moderation.release')}
        </Button>
        {post.state !== 'hidden' && (
          <Button size="sm" variant="default" disabled={act.isPending} onClick={() => act.mutate('hide')}>
            {w('moderation.hide')}
          </Button>
        )}
        <Button size="sm" variant="default" color="red" disabled={act.isPending} onClick={() => act.mutate('delete')}>
          {w('moderation.delete')}
        </Button>
        {post.author.kind === 'person' && (
          <Button size="sm" variant="subtle" disabled={act.isPending} onClick={() => act.mutate('block')}>
            {w(queued.author_blocked ? 'moderation.unblock' : 'moderation.block')}
          </Button>
        )}
      </div>
    </article>
  );
}
