// An answer on the ticket that a question of the community has become, posted there as an answer for all.
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useWords } from '@/components/aside-words';
import { Dialog } from '@/components/dialog';
import { Field } from '@/components/form';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Message } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { questionKey } from '@/lib/data/question';
import { toast } from '@/lib/toasts';
import '@/components/setup.css';

interface PostAnswerProps {
  ticketId: string;
  message: Message;
  onClose: () => void;
}

/** The API's limit. */
const LONGEST = 10_000;

export function PostAnswer({ ticketId, message, onClose }: PostAnswerProps) {
  const w = useWords();
  const { api } = useDesk();
  const client = useQueryClient();
  const [body, setBody] = useState(message.body_text.trim());
  const post = useMutation({
    mutationFn: () => unwrap(api.POST('/v1/tickets/{id}/question/answers', { params: { path: { id: ticketId } }, body: { message_id: message.id, body: body.trim() } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: questionKey(ticketId) });
      toast(w('question.done'));
      onClose();
    },
  });
  return (
    <Dialog wide title={w('question.post')} onClose={onClose}>
      <form
        className="section-form"
        onSubmit={(event) => {
          event.preventDefault();
          post.mutate();
        }}
      >
        <p className="setup__text">{w('question.postText')}</p>
        <Field label={w('question.answer')}>
          {(wiring) => <textarea {...wiring} data-autofocus className="input" dir="auto" rows={10} maxLength={LONGEST} required value={body} onChange={({ target }) => setBody(target.value)} />}
        </Field>
        {post.isError && (
          <p className="field__fault" role="alert">
            {w('question.notPosted', { detail: post.error instanceof ApiError ? post.error.detail : '' })}
          </p>
        )}
        <div className="setup__acts">
          <Button type="submit" loading={post.isPending} disabled={body.trim() === ''}>
            {w('question.post')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {w('question.cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
