// Asking colleagues and people outside for their yes.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '@/components/dialog';
import { Choices, Field, Select } from '@/components/form';
import { WhenInput } from '@/components/when-input';
import { useWords } from '@/components/aside-words';
import type { Ticket } from '@/lib/api/types';
import { useAskApproval } from '@/lib/data/approvals';
import { useAgents, useMe } from '@/lib/data/directory';
import { addressees } from '@/lib/data/sides';
import { useFaults } from '@/lib/faults';
import { useKeptText } from '@/lib/kept-text';
import { toast } from '@/lib/toasts';

export function AskApproval({ ticket, onClose }: { ticket: Ticket; onClose: () => void }) {
  const w = useWords();
  const { data: me } = useMe();
  const { data: agents = [] } = useAgents();
  const ask = useAskApproval(ticket.id);
  const question = useKeptText(`desk.draft.${ticket.id}.approval`);
  const shown = useKeptText(`desk.draft.${ticket.id}.approval.shown`);
  const [colleagues, setColleagues] = useState<readonly string[]>([]);
  const [outside, setOutside] = useState('');
  const [mode, setMode] = useState<'all' | 'any'>('all');
  const [due, setDue] = useState('');
  const [key] = useState(() => crypto.randomUUID());
  const { faultOf, refuse, say, forgive } = useFaults((detail) => w('approval.notAsked', { detail }).trim());
  const approvers = [...colleagues, ...addressees(outside).map(({ email }) => email)];
  const put = (): void => {
    const lacks = approvers.length === 0 ? (['/approvers', 'approval.needsSomebody'] as const) : question.text.trim() === '' ? (['/question', 'approval.needsQuestion'] as const) : null;
    if (lacks) {
      say(lacks[0], w(lacks[1]));
      return;
    }
    const body = { approvers, question: question.text.trim(), mode, shown: shown.text.trim(), ...(due === '' ? {} : { due_at: new Date(due).toISOString() }) };
    const onSuccess = (): void => {
      question.clear();
      shown.clear();
      toast(w('approval.asked', { count: approvers.length }));
      onClose();
    };
    ask.mutate({ key, body }, { onSuccess, onError: refuse });
  };
  return (
    <Dialog title={w('approval.askTitle', { number: ticket.number })} wide onClose={onClose}>
      <form
        className="aside__form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
        onChange={forgive}
      >
        <Field label={w('approval.question')} fault={faultOf('/question')}>
          {(wiring) => <input {...wiring} className="input" data-autofocus maxLength={1000} placeholder={w('approval.questionExample')} value={question.text} onChange={({ target }) => question.set(target.value)} />}
        </Field>
        <div className="aside__choices">
          <Choices legend={w('approval.colleagues')} choices={agents.filter(({ id }) => id !== me?.id).map(({ id, name }) => ({ value: id, name }))} chosen={colleagues} onChange={setColleagues} />
        </div>
        <Field label={w('approval.outside')} hint={w('approval.outsideHint')} fault={faultOf('/approvers')}>
          {(wiring) => <input {...wiring} className="input" autoComplete="off" placeholder="boss@example.com" value={outside} onChange={({ target }) => setOutside(target.value)} />}
        </Field>
        <Field label={w('approval.shown')} hint={w('approval.shownHint')} fault={faultOf('/shown')}>
          {(wiring) => <textarea {...wiring} className="input" rows={3} maxLength={2000} value={shown.text} onChange={({ target }) => shown.set(target.value)} />}
        </Field>
        <div className="fields">
          {approvers.length > 1 && (
            <Field label={w('approval.rule')}>
              {({ id }) => (
                <Select
                  id={id}
                  value={mode}
                  choices={[
                    { value: 'all', name: w('approval.mode.all') },
                    { value: 'any', name: w('approval.mode.any') },
                  ]}
                  onChange={(next) => setMode(next === 'any' ? 'any' : 'all')}
                />
              )}
            </Field>
          )}
          <Field label={w('approval.until')} hint={w('approval.untilHint')} fault={faultOf('/due_at')}>
            {(wiring) => <WhenInput {...wiring} type="datetime-local" value={due} onChange={setDue} />}
          </Field>
        </div>
        <div className="aside__acts">
          <span className="aside__kept" />
          <Button type="submit" size="compact-md" loading={ask.isPending}>
            {w('approval.ask')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
