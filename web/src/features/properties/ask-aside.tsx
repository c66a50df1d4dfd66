// Asking somebody outside about a ticket, in a thread of its own: a supplier, another department, whoever knows.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useAsideDraft } from './use-aside-draft';
import { Dialog } from '@/components/dialog';
import { AttachButton } from '@/components/attach-button';
import { FileChips } from '@/components/file-chips';
import { Field } from '@/components/form';
import { useWords } from '@/components/aside-words';
import type { Ticket } from '@/lib/api/types';
import { useMe } from '@/lib/data/directory';
import { useFiles } from '@/lib/data/files';
import { holdFor } from '@/lib/data/hold';
import { addressees, useStartSide } from '@/lib/data/sides';
import { useFaults } from '@/lib/faults';
import { toast } from '@/lib/toasts';

interface AskAsideProps {
  ticket: Ticket;
  onAsked: (side: string) => void;
  onClose: () => void;
}

export function AskAside({ ticket, onAsked, onClose }: AskAsideProps) {
  const w = useWords();
  const { data: me } = useMe();
  const start = useStartSide(ticket.id);
  const draft = useAsideDraft(ticket.id, null, ticket.subject);
  const { files, add, remove } = useFiles();
  const [key] = useState(() => crypto.randomUUID());
  const [waits, setWaits] = useState(false);
  const { faultOf, refuse, say, forgive } = useFaults((detail) => w('side.notAsked', { detail }).trim());
  const type = (part: 'to' | 'subject' | 'body', text: string): void => {
    draft.type(part, text);
    forgive();
  };
  const loading = files.some((file) => file.uploadId === null);
  const ask = (): void => {
    const people = addressees(draft.to);
    const lacks = people.length === 0 ? (['/to', 'side.needsTo'] as const) : draft.body.trim() === '' ? (['/body', 'side.needsBody'] as const) : null;
    if (lacks) {
      say(lacks[0], w(lacks[1]));
      return;
    }
    const hold = me ? holdFor(me) : 0;
    const asked = {
      to: people,
      subject: draft.subject.trim(),
      body: draft.body.trim(),
      attachments: files.flatMap(({ uploadId }) => (uploadId === null ? [] : [uploadId])),
      ...(waits ? { status: 'on_hold' as const } : {}),
      ...(hold > 0 ? { hold_seconds: hold } : {}),
    };
    const onSuccess = ({ conversation }: { conversation: { id: string } }): void => {
      draft.clear();
      toast(w('side.asked'));
      onAsked(conversation.id);
    };
    start.mutate({ key, body: asked }, { onSuccess, onError: refuse });
  };
  return (
    <Dialog title={w('side.askTitle', { number: ticket.number })} wide onClose={onClose}>
      <p className="aside__hint">{w('side.askText')}</p>
      <form
        className="aside__form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Field label={w('side.to')} hint={w('side.toHint')} fault={faultOf('/to')}>
          {(wiring) => <input {...wiring} className="input" data-autofocus autoComplete="off" placeholder="parts@supplier.example" value={draft.to} onChange={({ target }) => type('to', target.value)} />}
        </Field>
        <Field label={w('side.subject')} fault={faultOf('/subject')}>
          {(wiring) => <input {...wiring} className="input" maxLength={300} value={draft.subject} onChange={({ target }) => type('subject', target.value)} />}
        </Field>
        <Field label={w('side.body')} fault={faultOf('/body')}>
          {(wiring) => <textarea {...wiring} className="input aside__field" rows={7} maxLength={50_000} value={draft.body} onChange={({ target }) => type('body', target.value)} />}
        </Field>
        <FileChips files={files} onRemove={remove} />
        <label className="choice">
          <input type="checkbox" checked={waits} onChange={({ target }) => setWaits(target.checked)} />
          {w('side.hold')}
        </label>
        <div className="aside__acts">
          <AttachButton onFiles={add} />
          <span className="aside__kept" />
          <Button type="submit" size="compact-md" disabled={loading} loading={start.isPending}>
            {w('side.send')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
