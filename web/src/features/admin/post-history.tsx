// Who changed a post of the community, when, and what: the newest change first.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { COMMUNITY } from './post-acts';
import { useTelling } from './use-telling';
import { Compared } from '@/components/compared';
import { RelativeTime } from '@/components/relative-time';
import { unwrap } from '@/lib/api/client';
import type { CommunityPost } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useNames } from '@/lib/data/directory';

interface PostHistoryProps {
  questionId: string;
  post: CommunityPost;
}

/** Nothing where it says what it always said. */
export function PostHistory({ questionId, post }: PostHistoryProps) {
  const { w } = useTelling();
  const [open, setOpen] = useState(false);
  if (post.revisions === 0) return null;
  return (
    <div className="moderation__history">
      <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {w('moderation.history', { count: post.revisions })}
      </button>
      {open && <Changes questionId={questionId} post={post} />}
    </div>
  );
}

function Changes({ questionId, post }: PostHistoryProps) {
  const { w } = useTelling();
  const { api } = useDesk();
  const names = useNames();
  const { data, isError } = useQuery({
    queryKey: [...COMMUNITY, 'past', post.id, post.revisions],
    queryFn: async () => (await unwrap(api.GET('/v1/community-questions/{id}/posts/{post_id}/revisions', { params: { path: { id: questionId, post_id: post.id } } }))).items,
  });
  if (isError) return <p className="field__fault">{w('list.failed')}</p>;
  return (
    <ol className="moderation" aria-busy={!data}>
      {data?.map(({ number, by, at, changes }) => (
        <li key={number}>
          <p className="field__hint">
            {w('moderation.changed', { name: (by.kind === 'agent' ? names.agent(by.id) : null) ?? (by.name || w('moderation.nobody')) })} · <RelativeTime at={at} />
          </p>
          <Compared lines={changes} same={w('versions.same')} />
        </li>
      ))}
    </ol>
  );
}
