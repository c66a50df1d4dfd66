// Saying what a draft still needs: its author reads it over their text.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from './words';
import { Dialog } from '@/components/dialog';
import { Field } from '@/components/form';

const LONGEST = 1000;

interface ReturnDialogProps {
  title: string;
  onReturn: (reason: string) => void;
  onClose: () => void;
}

export function ReturnDialog({ title, onReturn, onClose }: ReturnDialogProps) {
  const w = useWords();
  const [reason, setReason] = useState('');
  return (
    <Dialog title={w('steps.returnTitle', { title })} onClose={onClose}>
      <form
        className="return-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== '') onReturn(reason.trim());
        }}
      >
        <Field label={w('steps.reason')} hint={w('steps.reasonHint')}>
          {(wiring) => <textarea {...wiring} data-autofocus className="input" rows={4} maxLength={LONGEST} value={reason} onChange={({ target }) => setReason(target.value)} />}
        </Field>
        <div className="setup__acts">
          <Button variant="default" onClick={onClose}>
            {w('steps.cancel')}
          </Button>
          <Button type="submit" disabled={reason.trim() === ''}>
            {w('steps.returnNow')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
