// What is being written to third parties, kept as the editor's texts are: in the browser as it is typed, on the desk a moment later.
import { useEffect, useEffectEvent, useState } from 'react';
import { useDesk } from '@/lib/data/context';
import { DeskDrafts, type Place } from '@/lib/data/drafts';
import { useKeptText } from '@/lib/kept-text';

const PARTS = ['to', 'subject', 'body'] as const;
type Part = (typeof PARTS)[number];

interface AsideDraft extends Readonly<Record<Part, string>> {
  type: (part: Part, text: string) => void;
  /** It has gone to whom it was meant for. */
  clear: () => void;
}

/**
 * @param side the side conversation; null: one that is not begun yet, which says whom it asks and about what.
 * @param about the subject of that one until another is typed.
 */
export function useAsideDraft(ticket: string, side: string | null, about = ''): AsideDraft {
  const { api } = useDesk();
  const [desk] = useState(() => new DeskDrafts(api, ticket));
  const place: Place = side === null ? 'aside' : `aside:${side}`;
  const key = `desk.draft.${ticket}.side`;
  const texts = {
    to: useKeptText(`${key}.to`),
    subject: useKeptText(`${key}.subject`, about),
    body: useKeptText(side === null ? `${key}.body` : `${key}.${side}`),
  };
  const [to, subject, body] = [texts.to.text, texts.subject.text, texts.body.text];
  const fill = useEffectEvent((elsewhere: Partial<Record<Part, string>> = {}) => {
    for (const part of PARTS) texts[part].fill(elsewhere[part] ?? '');
  });
  useEffect(() => {
    let gone = false;
    desk.fetch().then(
      (elsewhere) => {
        if (!gone) fill(elsewhere[place]);
      },
      () => undefined,
    );
    return () => {
      gone = true;
      desk.flush(place);
    };
  }, [desk, place]);
  return {
    to,
    subject,
    body,
    type: (part, text) => {
      texts[part].set(text);
      const typed = { to, subject, body, [part]: text };
      desk.keep(place, side === null ? { ...typed, subject: typed.subject === about ? '' : typed.subject } : { body: typed.body });
    },
    clear: () => {
      for (const part of PARTS) if (side === null || part === 'body') texts[part].clear();
      desk.keep(place, null);
      desk.flush(place);
    },
  };
}
