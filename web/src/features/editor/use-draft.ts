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
  /** Puts a text back that was not sent, before what was typed since; also when the editor is gone meanwhile. */
  restore: (kind: Visibility, body: string) => void;
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
    restore: (kind, text) => {
      keepDraft(ticket, kind, before(text, readDraft(ticket, kind)));
      setBodies((all) => ({ ...all, [kind]: before(text, all[kind]) }));
    },
  };
}

/** The kept copy of a text that has not gone yet is that text itself: it is not said twice. */
const before = (text: string, since: string): string => (since === '' || since.trim() === text ? text : `${text}\n\n${since}`);
