// A question of the community with all its answers, for a moderator: edited, locked, moved, and which answer solved it.
import { Button, useComputedColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { COMMUNITY, PostActs } from './post-acts';
import { PostHistory } from './post-history';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { Field, Select } from '@/components/form';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { useSectionNames } from '@/lib/data/sections';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { CommunityPost, CommunityThread } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

/** The API's limits. */
const LONGEST_TITLE = 160;
const LONGEST_BODY = 10_000;

/** Does something to the question; what became of it is shown at once. */
function useDoing(): UseMutationResult<CommunityThread, Error, () => Promise<CommunityThread>> {
  const { w } = useTelling();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: () => Promise<CommunityThread>) => act(),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: COMMUNITY });
      toast(w('moderation.saved'));
    },
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
}

export function ModeratedQuestion() {
  const { w } = useTelling();
  const { api } = useDesk();
  const { id = '' } = useParams();
  const { data, isError, error, refetch } = useQuery({
    queryKey: [...COMMUNITY, 'question', id],
    queryFn: () => unwrap(api.GET('/v1/community-questions/{id}', { params: { path: { id } } })),
    retry: false,
  });
  const back = (
    <Link className="link" to="/admin/moderation">
      {w('pages.moderation.title')}
    </Link>
  );
  if (isError && !data) {
    if (!(error instanceof ApiError) || error.status !== 404) return <NotLoaded again={() => void refetch()} />;
    return (
      <section className="setup-single">
        <p>{back}</p>
        <p role="alert">{w('moderation.noQuestion')}</p>
      </section>
    );
  }
  if (!data) return <div aria-busy="true" />;
  return (
    <section className="setup-single">
      <p>{back}</p>
      <h1 className="setup__title" dir="auto">
        <a href={data.question.address} target="_blank" rel="noopener">
          {data.question.title}
        </a>
      </h1>
      <About thread={data} />
      <ol className="moderation">
        {[data.post, ...data.answers].map((post) => (
          <li key={post.id} className="moderation__post">
            <Post thread={data} post={post} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Its topic, and whether it takes answers. */
function About({ thread: { question } }: { thread: CommunityThread }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const topics = useSectionNames();
  const doing = useDoing();
  const act = (body: { act: 'lock' | 'unlock' | 'move'; topic?: string | null }): void =>
    doing.mutate(() => unwrap(api.POST('/v1/community-questions/{id}/act', { params: { path: { id: question.id } }, body })));
  return (
    <div className="moderation__reach">
      <Field label={w('moderation.topic')}>
        {({ id }) => (
          <Select
            id={id}
            value={question.topic ?? ''}
            choices={[{ value: '', name: w('community.none') }, ...topics]}
            onChange={(topic) => act({ act: 'move', topic: topic === '' ? null : topic })}
          />
        )}
      </Field>
      <Button size="sm" variant="default" disabled={doing.isPending} onClick={() => act({ act: question.locked ? 'unlock' : 'lock' })}>
        {w(question.locked ? 'moderation.unlock' : 'moderation.lock')}
      </Button>
    </div>
  );
}

function Post({ thread: { question }, post }: { thread: CommunityThread; post: CommunityPost }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const dark = useComputedColorScheme('light') === 'dark';
  const doing = useDoing();
  const [editing, setEditing] = useState(false);
  const isAnswer = post.id !== question.id;
  const label = w(isAnswer ? 'moderation.answer' : 'moderation.question');
  const accept = (answer: string | null): void =>
    doing.mutate(() => unwrap(api.PUT('/v1/community-questions/{id}/accepted', { params: { path: { id: question.id } }, body: { answer_id: answer } })));
  return (
    <article aria-label={label}>
      <p className="field__hint">
        {label} · {post.author.name || w('moderation.nobody')} · <RelativeTime at={post.at} />
        {post.accepted && ` · ${w('moderation.accepted')}`}
        {post.state !== 'visible' && ` · ${post.why === null ? w(`moderation.state.${post.state}`) : w(`moderation.why.${post.why}`)}`}
      </p>
      {editing ? (
        <Edit title={isAnswer ? null : question.title} questionId={question.id} post={post} onClose={() => setEditing(false)} />
      ) : (
        <>
          <MailFrame look="article" title={label} html={post.html} dark={dark} />
          <PostHistory questionId={question.id} post={post} />
          <PostActs questionId={question.id} post={post} blocked={null}>
            <Button size="sm" variant="default" onClick={() => setEditing(true)}>
              {w('moderation.edit')}
            </Button>
            {isAnswer && (post.accepted || post.state === 'visible') && (
              <Button size="sm" variant="default" disabled={doing.isPending} onClick={() => accept(post.accepted ? null : post.id)}>
                {w(post.accepted ? 'moderation.unaccept' : 'moderation.accept')}
              </Button>
            )}
          </PostActs>
        </>
      )}
    </article>
  );
}

interface EditProps {
  /** Null: answers have none. */
  title: string | null;
  questionId: string;
  post: CommunityPost;
  onClose: () => void;
}

function Edit({ title, questionId, post, onClose }: EditProps) {
  const { w } = useTelling();
  const { api } = useDesk();
  const doing = useDoing();
  const [draft, setDraft] = useState({ title: title ?? '', body: post.body });
  return (
    <form
      className="moderation__edit"
      onSubmit={(event) => {
        event.preventDefault();
        doing.mutate(() => unwrap(api.PATCH('/v1/community-questions/{id}/posts/{post_id}', { params: { path: { id: questionId, post_id: post.id } }, body: draft })), { onSuccess: onClose });
      }}
    >
      {title !== null && (
        <Field label={w('moderation.titleField')}>
          {(wiring) => <input {...wiring} className="input" dir="auto" required maxLength={LONGEST_TITLE} value={draft.title} onChange={({ target }) => setDraft({ ...draft, title: target.value })} />}
        </Field>
      )}
      <Field label={w('moderation.words')} hint={w('moderation.wordsHint')}>
        {(wiring) => <textarea {...wiring} className="input" dir="auto" rows={8} required maxLength={LONGEST_BODY} value={draft.body} onChange={({ target }) => setDraft({ ...draft, body: target.value })} />}
      </Field>
      <div className="setup__acts">
        <Button type="submit" size="sm" loading={doing.isPending}>
          {w('moderation.save')}
        </Button>
        <Button size="sm" variant="default" onClick={onClose}>
          {w('moderation.cancel')}
        </Button>
      </div>
    </form>
  );
}
