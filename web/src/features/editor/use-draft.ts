// The text being written for one ticket: a reply and a note side by side, both kept as they are typed, here and on the desk.
import { useEffect, useState } from 'react';
import type { Visibility } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { DeskDrafts, keepDraft, readDraft } from '@/lib/data/drafts';
import { noteWriting } from '@/lib/data/presence';
import { joined } from './rich-text';

interface Draft {
  body: string;
  /** Whether what stands in the field is safe in the browser; null while there is nothing to keep. */
  kept: boolean | null;
  type: (body: string) => void;
  /** Empties the field; the kept copy stays until the message has really gone. */
  hide: () => void;
  /** Puts a text back that was not sent, before what was typed since; also when the editor is gone meanwhile. */
  restore: (kind: Visibility, body: string) => void;
  /** Puts words behind what is written. */
  append: (kind: Visibility, words: string) => void;
}

export function useDraft(ticket: string, visibility: Visibility): Draft {
  const [bodies, setBodies] = useState<Record<Visibility, string>>(() => ({
    public: readDraft(ticket, 'public'),
    internal: readDraft(ticket, 'internal'),
  }));
  const [kept, setKept] = useState<boolean | null>(null);
  const { api } = useDesk();
  const [desk] = useState(() => new DeskDrafts(api, ticket));
  useEffect(() => {
    let gone = false;
    desk.fetch().then(
      (elsewhere) => {
        if (gone) return;
        // What stands here was typed here and is not overwritten; an empty field takes what was begun elsewhere.
        setBodies((all) => ({ public: all.public || (elsewhere.public?.body ?? ''), internal: all.internal || (elsewhere.internal?.body ?? '') }));
      },
      () => undefined,
    );
    return () => {
      gone = true;
      desk.flush('public');
      desk.flush('internal');
    };
  }, [desk]);
  const body = bodies[visibility];
  const show = (text: string): void => setBodies((all) => ({ ...all, [visibility]: text }));
  return {
    body,
    kept: body === '' ? null : kept,
    type: (text) => {
      show(text);
      setKept(keepDraft(ticket, visibility, text));
      desk.keep(visibility, { body: text });
      if (text !== '') noteWriting(ticket);
    },
    hide: () => {
      show('');
      desk.keep(visibility, { body: '' });
    },
    restore: (kind, text) => {
      keepDraft(ticket, kind, before(text, readDraft(ticket, kind)));
      setBodies((all) => ({ ...all, [kind]: before(text, all[kind]) }));
    },
    append: (kind, words) => {
      const next = bodies[kind] === '' ? words : joined(bodies[kind], words);
      setKept(keepDraft(ticket, kind, next));
      setBodies((all) => ({ ...all, [kind]: next }));
      desk.keep(kind, { body: next });
    },
  };
}

/** The kept copy of a text that has not gone yet is that text itself: it is not said twice. */
const before = (text: string, since: string): string => (since === '' || since.trim() === text ? text : joined(text, since));
