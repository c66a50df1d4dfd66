// The conversation of a ticket, oldest on top, as people read letters. It never scrolls under the reader's eyes.
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Failed } from '@/components/failed';
import { IconArrowDown } from '@/components/icons';
import { EventsLine } from './events-line';
import { MessageItem, type InCommunity } from './message-item';
import { firstNew } from './news';
import type { Message, Ticket } from '@/lib/api/types';
import { useMe, useNames } from '@/lib/data/directory';
import { useTicketQuestion } from '@/lib/data/question';
import type { Conversation as Data } from '@/lib/data/messages';
import { isPending } from '@/lib/data/messages';
import { flat } from '@/lib/data/pages';
import { markSeen, useSeen } from '@/lib/data/seen';
import { useT } from '@/lib/i18n/use-t';
import { timeline } from '@/lib/tickets/timeline';
import { nameOf } from '@/lib/tickets/views';
import './conversation.css';

/** While a ticket has just opened, frames and fonts still change its height: it stays at its end for this long. */
const SETTLE_MS = 2_500;

interface Scrolling {
  atEnd: boolean;
  toEnd: () => void;
}

function useScrolling(scroller: HTMLElement | null, content: HTMLElement | null, ready: boolean): Scrolling {
  const holdUntil = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  const hold = (): void => {
    if (!scroller) return;
    holdUntil.current = Date.now() + SETTLE_MS;
    scroller.scrollTo({ top: scroller.scrollHeight });
  };
  useLayoutEffect(() => {
    if (!ready || !scroller) return;
    const linked = location.hash.startsWith('#m-') ? document.getElementById(location.hash.slice(1)) : null;
    if (linked) {
      linked.scrollIntoView({ block: 'start' });
      return;
    }
    holdUntil.current = Date.now() + SETTLE_MS;
    scroller.scrollTo({ top: scroller.scrollHeight });
  }, [ready, scroller]);
  useEffect(() => {
    if (!scroller || !content) return undefined;
    const release = (): void => {
      holdUntil.current = 0;
    };
    const watch = (): void => setAtEnd(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80);
    const observer = new ResizeObserver(() => {
      if (Date.now() < holdUntil.current) scroller.scrollTo({ top: scroller.scrollHeight });
      watch();
    });
    observer.observe(content);
    observer.observe(scroller);
    const hands = ['wheel', 'touchstart', 'keydown', 'pointerdown'] as const;
    for (const kind of hands) scroller.addEventListener(kind, release, { passive: true });
    scroller.addEventListener('scroll', watch, { passive: true });
    return () => {
      observer.disconnect();
      for (const kind of hands) scroller.removeEventListener(kind, release);
      scroller.removeEventListener('scroll', watch);
    };
  }, [scroller, content]);
  return { atEnd, toEnd: hold };
}

interface ConversationProps {
  ticket: Ticket;
  data: Data;
  /** Lets a message go on in a ticket of its own; null: not any more. */
  onSplit: ((message: string) => void) | null;
}

/** Mount it with the ticket's id as key: what counts as new is decided when a ticket is opened. */
export function Conversation({ ticket, data, onSplit }: ConversationProps) {
  const t = useT();
  const names = useNames();
  const { data: me } = useMe();
  const seen = useSeen();
  const [readUntil] = useState(() => seen[ticket.id] ?? null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const [content, setContent] = useState<HTMLDivElement | null>(null);

  const { messages, history } = data;
  // What was taken back before it left is told by the history; its words are back in the editor.
  const letters = flat(messages.data).filter((message) => message.delivery !== 'withdrawn');
  const ready = messages.data !== undefined;
  const { atEnd, toEnd } = useScrolling(scroller, content, ready);

  const newest = letters.find((message) => !isPending(message));
  useEffect(() => {
    if (newest && !document.hidden) markSeen(ticket.id, newest.at);
  }, [ticket.id, newest]);

  const newestPending = letters.find(isPending)?.id;
  useEffect(() => {
    if (newestPending !== undefined) toEnd();
    // Only a message of ours may move the page, and only when it appears.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [newestPending]);

  // What was there when the ticket opened is not news, even if this browser never saw it.
  const [openedWith, setOpenedWith] = useState<string | null>(null);
  if (openedWith === null && newest) setOpenedWith(newest.at);
  const fresh = firstNew(letters, readUntil ?? openedWith, me?.id ?? null);
  const below = !atEnd && fresh !== null && openedWith !== null && fresh.latest > openedWith;

  const author = (message: Message): string => {
    const { kind, id, name } = message.author;
    if (name !== null) return name;
    if (kind === 'requester') return nameOf(ticket.requester);
    return names.agent(id) ?? t('event.desk');
  };

  const { data: asked } = useTicketQuestion(ticket);
  const answersAll = asked?.question.state === 'visible' && !asked.question.locked && (me?.permissions.includes('reply') ?? false);
  const inCommunity = (message: Message): InCommunity => {
    if (!asked || message.author.kind !== 'agent' || message.visibility !== 'public') return null;
    if (asked.answers.some((answer) => answer.message_id === message.id)) return 'posted';
    return answersAll && !message.automatic ? 'possible' : null;
  };

  if (messages.isError && !ready) {
    return (
      <div className="conversation">
        <Failed title={t('conversation.failedTitle')} text={t('conversation.failedText')} again={() => void messages.refetch()} />
      </div>
    );
  }

  return (
    <div className="conversation">
      {/* A scrolling region has to be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="conversation__scroll" ref={setScroller} tabIndex={0} role="region" aria-label={t('conversation.label')}>
        <div className="conversation__content" ref={setContent}>
          {messages.hasNextPage && (
            <button type="button" className="conversation__earlier" disabled={messages.isFetchingNextPage} onClick={() => void messages.fetchNextPage()}>
              {t('conversation.earlier')}
            </button>
          )}
          {!ready && <ConversationSkeleton />}
          {timeline(letters, flat(history.data), !messages.hasNextPage).map((entry) => {
            if (entry.kind === 'events') return <EventsLine key={entry.key} events={entry.events} requester={nameOf(ticket.requester)} />;
            return (
              <div key={entry.key}>
                {fresh?.id === entry.message.id && (
                  <div className="conversation__new" role="separator" aria-label={t('conversation.new')}>
                    <span>{t('conversation.new')}</span>
                  </div>
                )}
                <MessageItem ticketId={ticket.id} message={entry.message} author={author(entry.message)} language={ticket.language} mine={entry.message.author.id === me?.id} inCommunity={inCommunity(entry.message)} onSplit={letters.length > 1 ? onSplit : null} />
              </div>
            );
          })}
        </div>
      </div>
      {below && (
        <button type="button" className="conversation__pill" onClick={toEnd}>
          <IconArrowDown size={14} aria-hidden="true" /> {t('conversation.newBelow', { count: fresh.count })}
        </button>
      )}
    </div>
  );
}

function ConversationSkeleton() {
  return (
    <div className="conversation__ghosts" aria-hidden="true">
      {[86, 62].map((width) => (
        <div key={width} className="conversation__ghost">
          <span className="ghost conversation__ghost-face" />
          <div className="conversation__ghost-text">
            <span className="ghost" style={{ width: '24%' }} />
            <span className="ghost ghost--faint" style={{ width: `${width}%` }} />
            <span className="ghost ghost--faint" style={{ width: `${width - 20}%` }} />
          </div>
        </div>
      ))}
    </div>
  );
}
