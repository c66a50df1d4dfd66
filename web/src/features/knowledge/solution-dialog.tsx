// How a ticket was solved, as a solution that colleagues find at once: the last answer is there to begin with.
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { articlePath } from './paths';
import { useWords } from './words';
import { Dialog } from '@/components/dialog';
import { Field, Select } from '@/components/form';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Message, Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';
import '@/components/setup.css';
import './knowledge.css';

interface SolutionDialogProps {
  ticketId: string;
  /** The answer that it is made of; absent: the last one of a colleague. */
  body?: string;
  onClose: () => void;
}

const LOOKED_AT = 20;

const isAnswer = ({ author, visibility, automatic }: Message): boolean => author.kind === 'agent' && visibility === 'public' && !automatic;

export function SolutionDialog({ ticketId, body, onClose }: SolutionDialogProps) {
  const w = useWords();
  const { api } = useDesk();
  const params = { path: { id: ticketId } };
  const { data, isError } = useQuery({
    queryKey: ['solution-of', ticketId, body],
    queryFn: async () => {
      const ticket = await unwrap(api.GET('/v1/tickets/{id}', { params }));
      if (body !== undefined) return { ticket, body };
      const { items } = await unwrap(api.GET('/v1/tickets/{id}/messages', { params: { ...params, query: { limit: LOOKED_AT } } }));
      return { ticket, body: items.find(isAnswer)?.body_text ?? '' };
    },
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog wide title={w('solution.title')} onClose={onClose}>
      {isError && <p className="field__fault">{w('list.failed')}</p>}
      {data && <Form ticket={data.ticket} answer={data.body} onClose={onClose} />}
    </Dialog>
  );
}

function Form({ ticket, answer, onClose }: { ticket: Ticket; answer: string; onClose: () => void }) {
  const w = useWords();
  const spoken = useLanguage();
  const { api } = useDesk();
  const client = useQueryClient();
  const [title, setTitle] = useState(ticket.subject);
  const [body, setBody] = useState(answer);
  const [language, setLanguage] = useState(LANGUAGES.find((one) => one === ticket.language) ?? spoken);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiError | null>(null);
  const make = async (): Promise<void> => {
    setBusy(true);
    setRefused(null);
    try {
      const made = await unwrap(api.POST('/v1/tickets/{id}/solutions', { params: { path: { id: ticket.id } }, body: { title: title.trim(), body: body.trim(), language } }));
      void client.invalidateQueries({ queryKey: ['answers', ticket.id] });
      void client.invalidateQueries({ queryKey: ['articles'] });
      toast(w('solution.made'), { label: w('solution.open'), run: () => window.open(articlePath(made.id), '_blank', 'noopener') });
      onClose();
    } catch (cause) {
      if (!(cause instanceof ApiError)) throw cause;
      setRefused(cause);
    } finally {
      setBusy(false);
    }
  };
  const faultOf = (field: string): string | undefined => refused?.errors.find(({ pointer }) => pointer === `/${field}`)?.message;
  return (
    <form
      className="section-form"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <p className="setup__text">{w('solution.text')}</p>
      <div className="writing">
        <Field label={w('writing.title')} fault={faultOf('title')}>
          {(wiring) => <input {...wiring} data-autofocus className="input" dir="auto" lang={language} maxLength={200} required value={title} onChange={({ target }) => setTitle(target.value)} />}
        </Field>
        <Field label={w('solution.how')} hint={w('solution.howHint')} fault={faultOf('body')}>
          {(wiring) => <textarea {...wiring} className="input" dir="auto" lang={language} rows={10} maxLength={60_000} required value={body} onChange={({ target }) => setBody(target.value)} />}
        </Field>
        <Field label={w('article.language')}>{({ id }) => <Select id={id} value={language} choices={LANGUAGES.map((value) => ({ value, name: LANGUAGE_NAMES[value] }))} onChange={(value) => setLanguage(LANGUAGES.find((one) => one === value) ?? language)} />}</Field>
      </div>
      {refused && (
        <p className="field__fault" role="alert">
          {refused.offline ? w('refused.offline') : w('refused.refused', { detail: refused.detail })}
        </p>
      )}
      <div className="setup__acts">
        <Button type="submit" loading={busy} disabled={title.trim() === '' || body.trim() === ''}>
          {w('solution.make')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {w('steps.cancel')}
        </Button>
      </div>
    </form>
  );
}
