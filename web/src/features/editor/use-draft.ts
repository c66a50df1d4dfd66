// The text being written for one ticket: a reply and a note side by side, both kept in the browser as they are typed.
import { useState } from 'react';
import type { Visibility } from '@/lib/api/types';
import { keepDraft, readDraft } from '@/lib/data/drafts';

interface Draft {
  body: string;
  /** Whether what stands in the field is safe in the browser; null while there is nothing to keep. */
  kept: boolean | null;
  type: (body: string) => void;
  /** Empties the field; the kept copy stays until the message has really gone. */
  hide: () => void;
  /** Puts a text back that could not be sent, before what was typed since. */
  restore: (body: string) => void;
}

export function useDraft(ticket: string, visibility: Visibility): Draft {
  const [bodies, setBodies] = useState<Record<Visibility, string>>(() => ({
    public: readDraft(ticket, 'public'),
    internal: readDraft(ticket, 'internal'),
  }));
  const [kept, setKept] = useState<boolean | null>(null);
  const body = bodies[visibility];
  const show = (text: string): void => setBodies((all) => ({ ...all, [visibility]: text }));
  return {
    body,
    kept: body === '' ? null : kept,
    type: (text) => {
      show(text);
      setKept(keepDraft(ticket, visibility, text));
    },
    hide: () => show(''),
    restore: (text) =>
      setBodies((all) => {
        const whole = all[visibility] === '' ? text : `${text}\n\n${all[visibility]}`;
        keepDraft(ticket, visibility, whole);
        return { ...all, [visibility]: whole };
      }),
  };
}
