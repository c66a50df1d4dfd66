// What a moderator does to a post: wherever it is shown.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTelling } from './use-telling';
import { done } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { CommunityPost } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

/** What all queries of the community begin with. */
export const COMMUNITY = ['community'] as const;

type Act = 'release' | 'hide' | 'delete' | 'block';

interface PostActsProps {
  questionId: string;
  post: CommunityPost;
  /** Whether its author may write no more; null: that is not known here. */
  blocked: boolean | null;
  /** What else can be done to it. */
  children?: ReactNode;
}

export function PostActs({ questionId, post, blocked, children }: PostActsProps) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: (what: Act) =>
      what === 'block'
        ? done(api.PUT('/v1/community-members/{person_id}/blocked', { params: { path: { person_id: post.author.id } }, body: { blocked: blocked !== true } }))
        : done(api.POST('/v1/community-questions/{id}/posts/{post_id}/act', { params: { path: { id: questionId, post_id: post.id } }, body: { act: what } })),
    onSuccess: async (_, what) => {
      await client.invalidateQueries({ queryKey: COMMUNITY });
      toast(w(what === 'release' && post.state === 'visible' ? 'moderation.done.keep' : `moderation.done.${what}`));
    },
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  if (post.state === 'deleted') return null;
  return (
    <div className="setup__acts">
      {(post.state !== 'visible' || post.reports > 0) && (
        <Button size="sm" disabled={act.isPending} onClick={() => act.mutate('release')}>
          {w(post.state === 'visible' ? 'moderation.keep' : 'moderation.release')}
        </Button>
      )}
      {children}
      {post.state !== 'hidden' && (
        <Button size="sm" variant="default" disabled={act.isPending} onClick={() => act.mutate('hide')}>
          {w('moderation.hide')}
        </Button>
      )}
      <Button size="sm" variant="default" className="setup__remove" disabled={act.isPending} onClick={() => act.mutate('delete')}>
        {w('moderation.delete')}
      </Button>
      {blocked !== null && post.author.kind === 'person' && (
        <Button size="sm" variant="subtle" disabled={act.isPending} onClick={() => act.mutate('block')}>
          {w(blocked ? 'moderation.unblock' : 'moderation.block')}
        </Button>
      )}
    </div>
  );
}
