// One ticket: its head, its conversation, the editor, and its properties beside or above them.
import { Button } from '@mantine/core';
import { lazy, Suspense, useRef, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { TicketHead } from '@/app/ticket-head';
import { usePanel, type Panel } from '@/app/use-panel';
import { useTicketActs } from '@/app/use-ticket-acts';
import { EmptyState } from '@/components/empty-state';
import { IconClose, IconMerge, IconSnooze } from '@/components/icons';
import { Splitter, usePaneWidth } from '@/components/splitter';
import { Conversation } from '@/features/conversation/conversation';
import { Editor, EditorToCome } from '@/features/editor/editor';
import { PropertiesPanel } from '@/features/properties/properties-panel';
import { ApiError } from '@/lib/api/problem';
import type { Me, Ticket, Visibility } from '@/lib/api/types';
import { useTitle } from '@/lib/data/desk-name';
import { useMe } from '@/lib/data/directory';
import { habit } from '@/lib/data/habits';
import { isPending, useConversation, type Conversation as ConversationData } from '@/lib/data/messages';
import { flat } from '@/lib/data/pages';
import { useTicket } from '@/lib/data/tickets';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { moment } from '@/lib/time/format';
import { nameOf, ticketPath, type ViewId } from '@/lib/tickets/views';
import '@/app/ticket-pane.css';

const TimeDialog = lazy(async () => ({ default: (await import('@/app/dialogs')).TimeDialog }));
const ClockLedger = lazy(async () => ({ default: (await import('@/features/sla/ledger')).ClockLedger }));
const TicketDialog = lazy(async () => ({ default: (await import('@/app/dialogs')).TicketDialog }));

interface TicketPaneProps {
  id: string;
  view: ViewId;
  search: string;
  /** The list is not on the screen: a way back has to be. */
  alone: boolean;
  onBack: () => void;
}

function latestOfOthers(data: ConversationData, ticket: Ticket, me: Me | undefined): { id: string; author: string } | null {
  const message = flat(data.messages.data).find(({ author }) => author.kind !== 'system' && author.id !== me?.id);
  if (!message) return null;
  return { id: message.id, author: message.author.name ?? nameOf(ticket.requester) };
}

const newestOf = (data: ConversationData): string | null => flat(data.messages.data).find((message) => !isPending(message))?.id ?? null;

export function TicketPane({ id, view, search, alone, onBack }: TicketPaneProps) {
  const t = useT();
  const { data: me } = useMe();
  const conversation = useConversation(id);
  const { data: ticket, error } = useTicket(id, conversation.refresh);
  const panel = usePanel();
  const wished = useRef<Visibility | null>(null);
  const [query, setQuery] = useSearchParams();
  const askWhy = (asked: boolean): void => {
    const next = new URLSearchParams(query);
    if (asked) next.set('clocks', 'why');
    else next.delete('clocks');
    setQuery(next, { replace: !asked });
  };
  const acts = useTicketActs({ id, ticket, me, view, search, panel, onBack });

  useTitle(ticket ? `#${ticket.number} ${ticket.subject}` : null);

  if (!ticket) {
    if (!error) {
      return (
        <div className="ticket" aria-busy="true">
          <EditorToCome wishedRef={wished} />
        </div>
      );
    }
    const gone = error instanceof ApiError && (error.status === 404 || error.status === 403);
    return (
      <EmptyState
        icon={<IconClose size={22} stroke={1.6} />}
        title={t(gone ? 'ticket.goneTitle' : 'ticket.failedTitle')}
        text={t(gone ? 'ticket.goneText' : 'ticket.failedText')}
        action={<Button variant="default" onClick={onBack}>{t('ticket.back')}</Button>}
      />
    );
  }

  return (
    <div className="ticket">
      <div className="ticket__main">
        <TicketHead ticket={ticket} alone={alone} panel={panel} following={me !== undefined && ticket.followers.includes(me.id)} acts={acts.head} />
        {ticket.merged_into && <MergedInto target={ticket.merged_into} view={view} onUndo={acts.undoMerge} />}
        {ticket.snoozed && <Snoozed ticket={ticket} onWake={acts.wakeUp} />}
        <Conversation ticket={ticket} data={conversation} onSplit={ticket.status === 'closed' ? null : acts.splitOff} />
        {ticket.status === 'closed' ? (
          !ticket.merged_into && <p className="ticket__closed">{t('ticket.closed')}</p>
        ) : me ? (
          <Editor
            ticket={ticket}
            me={me}
            latest={latestOfOthers(conversation, ticket, me)}
            newest={newestOf(conversation)}
            wishedRef={wished}
            onSolved={() => {
              if (habit('next')) acts.goOn();
            }}
          />
        ) : (
          <EditorToCome wishedRef={wished} />
        )}
      </div>
      {panel.shown && (
        <SidePanel panel={panel}>
          <PropertiesPanel ticket={ticket} view={view} picker={acts.picker} onPicker={acts.setPicker} onLink={acts.head.link} onWhy={() => askWhy(true)} />
        </SidePanel>
      )}
      <Suspense>
        {query.get('clocks') === 'why' && <ClockLedger ticketId={id} onClose={() => askWhy(false)} />}
        {acts.asking === 'snooze' && (
          <TimeDialog
            title={t('snooze.title')}
            without={{ label: t('snooze.untilAnswer'), icon: <IconSnooze size={16} stroke={1.6} /> }}
            confirm={t('snooze.confirm')}
            onChoose={acts.snoozeUntil}
            onClose={() => acts.ask(null)}
          />
        )}
        {acts.asking === 'merge' && <TicketDialog title={t('merge.titleOf', { number: ticket.number })} text={t('merge.text')} ticket={ticket} onChoose={acts.mergeInto} onClose={() => acts.ask(null)} />}
        {acts.asking === 'link' && <TicketDialog title={t('link.titleOf', { number: ticket.number })} text={t('link.text')} ticket={ticket} onChoose={acts.linkTo} onClose={() => acts.ask(null)} />}
      </Suspense>
    </div>
  );
}

function SidePanel({ panel, children }: { panel: Panel; children: ReactNode }) {
  const t = useT();
  const { width, splitter } = usePaneWidth('panel', 304, 264, 460);
  if (panel.over) {
    return (
      <>
        <button type="button" className="ticket__shade" aria-label={t('common.close')} onClick={() => panel.set(false)} />
        <div className="ticket__panel ticket__panel--over">
          <div className="ticket__panel-head">
            <span>{t('property.label')}</span>
            <button type="button" className="icon-button" aria-label={t('common.close')} onClick={() => panel.set(false)}>
              <IconClose size={18} />
            </button>
          </div>
          {children}
        </div>
      </>
    );
  }
  return (
    <div className="ticket__panel" style={{ width }}>
      <Splitter label={t('ticket.panelWidth')} side="left" {...splitter} />
      {children}
    </div>
  );
}

function MergedInto({ target, view, onUndo }: { target: NonNullable<Ticket['merged_into']>; view: ViewId; onUndo: () => void }) {
  const t = useT();
  return (
    <p className="ticket__note" role="note">
      <IconMerge className="ticket__note-icon" size={16} stroke={1.7} aria-hidden="true" />
      <span className="ticket__note-text">
        <span className="ticket__note-what">
          {t('ticket.mergedInto')}{' '}
          <Link className="link" to={ticketPath(target.id, view)}>
            #{target.number}
          </Link>
        </span>{' '}
        {t('ticket.mergedText')}
      </span>
      <button type="button" className="link" onClick={onUndo}>
        {t('merge.undo')}
      </button>
    </p>
  );
}

function Snoozed({ ticket, onWake }: { ticket: Ticket; onWake: () => void }) {
  const t = useT();
  const language = useLanguage();
  return (
    <p className="ticket__note" role="note">
      <IconSnooze className="ticket__note-icon" size={16} stroke={1.7} aria-hidden="true" />
      <span className="ticket__note-text">{ticket.snoozed_until === null ? t('snooze.bannerAnswer') : t('snooze.banner', { at: moment(ticket.snoozed_until, language) })}</span>
      <button type="button" className="link" onClick={onWake}>
        {t('snooze.wake')}
      </button>
    </p>
  );
}
