// The slash menu's part in the editor: when it is open, which keys are its own, and what comes of a choice.
import { useCallback, useRef, useState, type RefObject } from 'react';
import { plainOf } from './rich-text';
import { slashAt, type Slash } from './slash';
import type { PressedKey, Surface } from './surface';
import type { SlashKeys } from './slash-menu';
import { ApiError } from '@/lib/api/problem';
import type { Me, QuickItem, Ticket } from '@/lib/api/types';
import { holdFor, useOfferUndo } from '@/lib/data/hold';
import { useQuickUses, type QuickArticle, type SlashItem } from '@/lib/data/quick';
import { useT } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';
import { articleWords, linkWords, plainLinkWords } from '@/lib/tickets/article-words';

interface Writing {
  ticket: Ticket;
  me: Me;
  /** Newest message on the page. */
  newest: string | null;
  field: RefObject<Surface | null>;
  /** Whether the field can show formatting. */
  rich: boolean;
  /** A macro's answer that was taken back: its words are worth keeping. */
  putBack: (text: string) => void;
}

interface SlashMenuState {
  open: Slash | null;
  active: string | null;
  keys: RefObject<SlashKeys | null>;
  setActive: (id: string | null) => void;
  /** To be told whenever the text or the caret has moved. */
  look: () => void;
  close: () => void;
  /** Whether the key was for the menu. */
  press: (event: PressedKey) => boolean;
  /** `whole`: what an article says, not its link. */
  choose: (item: SlashItem, whole?: boolean) => void;
}

export function useSlash({ ticket, me, newest, field, rich, putBack }: Writing): SlashMenuState {
  const t = useT();
  const uses = useQuickUses(ticket.id);
  const offerUndo = useOfferUndo(ticket.id);
  const keys = useRef<SlashKeys>(null);
  const [found, setFound] = useState<Slash | null>(null);
  const [active, setActive] = useState<string | null>(null);
  /** Where a slash stands that Escape has put aside. */
  const [put, setPut] = useState<number | null>(null);
  const open = found !== null && found.from !== put ? found : null;

  const look = useCallback((): void => {
    const at = field.current?.caret() ?? null;
    const next = at === null ? null : slashAt(at.text, at.caret);
    setFound(next);
    if (next === null) setPut(null);
  }, [field]);
  const close = (): void => setPut(found?.from ?? null);

  const replace = (slash: Slash, words: string): void => {
    // What was typed while the text was fetched stays behind it.
    field.current?.replace(slash.from, slash.to, words);
    setFound(null);
  };
  const run = async (item: QuickItem, slash: Slash): Promise<void> => {
    replace(slash, '');
    try {
      const { message } = await uses.run(item.id, { version: ticket.version, hold: holdFor(me, true), seen: newest });
      const until = message?.send_at ?? null;
      if (message && until !== null) offerUndo(message.id, holdFor(me, true), () => putBack(message.body_text));
      else toast(t('slash.ran', { title: item.title }));
    } catch (cause) {
      const detail = cause instanceof ApiError && !cause.offline ? cause.detail : '';
      toast(t('slash.notRun', { title: item.title, detail }).trim(), null, 'problem');
    }
  };
  const insert = async (item: QuickItem, slash: Slash): Promise<void> => {
    try {
      replace(slash, await uses.wordsOf(item.id, rich));
    } catch {
      toast(t('slash.notInserted'), null, 'problem');
    }
  };
  const insertArticle = async (article: QuickArticle, slash: Slash, whole: boolean): Promise<void> => {
    try {
      if (article.link !== null && !whole) replace(slash, rich ? linkWords(article.title, article.link) : plainLinkWords(article.title, article.link));
      else {
        const words = articleWords(await uses.htmlOf(article));
        replace(slash, rich ? words : plainOf(words).trim());
      }
      uses.noteArticle(article.id);
    } catch {
      toast(t('slash.notInserted'), null, 'problem');
    }
  };
  return {
    open,
    active: open ? active : null,
    keys,
    setActive,
    look,
    close,
    press: (event) => {
      if (!open || event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return false;
      if (event.key === 'Escape') close();
      else if (!keys.current?.press(event.key)) return false;
      event.preventDefault();
      return true;
    },
    choose: (item, whole = false) => {
      if (!open) return;
      if (item.kind === 'article') void insertArticle(item, open, whole);
      else void (item.kind === 'macro' ? run(item, open) : insert(item, open));
    },
  };
}
