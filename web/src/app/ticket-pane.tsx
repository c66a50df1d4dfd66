// One ticket: its head, its conversation, the editor, and its properties beside or above them.
import { Button } from '@mantine/core';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from '@/components/empty-state';
import { IconAdjustments, IconBack, IconClose, IconLink, IconSidebarRight, IconSolved } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { StatusMark } from '@/components/marks';
import { Conversation } from '@/features/conversation/conversation';
import { Editor } from '@/features/editor/editor';
import { PropertiesPanel, type Picker } from '@/features/properties/properties-panel';
import { useChange } from '@/features/properties/use-change';
import { ApiError } from '@/lib/api/problem';
import type { Me, Ticket } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useMe, useNames } from '@/lib/data/directory';
import { isPending, useConversation, type Conversation as ConversationData } from '@/lib/data/messages';
import { flat } from '@/lib/data/pages';
import { useTicket } from '@/lib/data/tickets';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import { useMedia } from '@/lib/media';
import { readFlag, writeJson } from '@/lib/storage';
import { nameOf, ticketPath, type ViewId } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';
import '@/app/ticket-pane.css';

const ClockLedger = lazy(async () => ({ default: (await import('@/features/sla/ledger')).ClockLedger }));

interface TicketPaneProps {
  id: string;
  view: ViewId;
  search: string;
  /** The list is not on the screen: a way back has to be. */
  alone: boolean;
  onBack: () => void;
}

interface Panel {
  shown: boolean;
  /** It lies over the conversation instead of beside it. */
  over: boolean;
  set: (shown: boolean) => void;
}

/** Beside the conversation the panel is a habit (remembered); over it, it is a place (in the address, so Back closes it). */
function usePanel(): Panel {
  const beside = useMedia('(min-width: 1360px)');
  const [wanted, setWanted] = useState(() => readFlag('desk.panel', true));
  const [query, setQuery] = useSearchParams();
  if (beside) {
    const set = (shown: boolean): void => {
      setWanted(shown);
      writeJson('desk.panel', shown);
    };
    return { shown: wanted, over: false, set };
  }
  const set = (shown: boolean): void => {
    const next = new URLSearchParams(query);
    if (shown) next.set('panel', 'properties');
    else next.delete('panel');
    setQuery(next, { replace: !shown });
  };
  return { shown: query.get('panel') === 'properties', over: true, set };
}

function latestOfOthers(data: ConversationData, ticket: Ticket, me: Me | undefined): { id: string; author: string } | null {
  const message = flat(data.messages.data).find(({ author }) => author.kind !== 'system' && author.id !== me?.id);
  if (!message) return null;
  return { id: message.id, author: message.author.name ?? nameOf(ticket.requester) };
}

const newestOf = (data: ConversationData): string | null => flat(data.messages.data).find((message) => !isPending(message))?.id ?? null;

export function TicketPane({ id, view, alone, onBack }: TicketPaneProps) {
  const t = useT();
  const { config } = useDesk();
  const { data: me } = useMe();
  const conversation = useConversation(id);
  const { data: ticket, error } = useTicket(id, conversation.refresh);
  const panel = usePanel();
  const [picker, setPicker] = useState<Picker | null>(null);
  const [query, setQuery] = useSearchParams();
  const askWhy = (asked: boolean): void => {
    const next = new URLSearchParams(query);
    if (asked) next.set('clocks', 'why');
    else next.delete('clocks');
    setQuery(next, { replace: !asked });
  };
  const change = useChange(id);

  const title = ticket ? `#${ticket.number} ${ticket.subject} · ${config.brand}` : config.brand;
  useEffect(() => {
    document.title = title;
  }, [title]);

  const open = (name: Picker): void => {
    panel.set(true);
    setPicker(name);
  };
  const close = (): void => {
    if (panel.over && panel.shown) panel.set(false);
    else onBack();
  };
  useHotkeys([
    { keys: 'a', run: () => open('assignee') },
    { keys: 's', run: () => open('status') },
    { keys: 'p', run: () => open('priority') },
    { keys: 't', run: () => open('tags') },
    { keys: ']', run: () => panel.set(!panel.shown) },
    { keys: 'Escape', run: close },
    { keys: 'm', run: () => me && ticket && ticket.assignee !== me.id && change({ assignee: me.id }) },
  ]);

  if (!ticket) {
    if (!error) return <div className="ticket" aria-busy="true" />;
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
        <TicketHead ticket={ticket} alone={alone} panel={panel} onBack={onBack} onSolve={() => change({ status: ticket.status === 'solved' ? 'open' : 'solved' })} />
        {ticket.merged_into && <MergedInto target={ticket.merged_into} view={view} />}
        <Conversation ticket={ticket} data={conversation} />
        {ticket.status === 'closed' ? (
          <p className="ticket__closed">{t('ticket.closed')}</p>
        ) : (
          me && <Editor ticket={ticket} me={me} latest={latestOfOthers(conversation, ticket, me)} newest={newestOf(conversation)} />
        )}
      </div>
      {panel.shown && (
        <>
          {panel.over && <button type="button" className="ticket__shade" aria-label={t('common.close')} onClick={() => panel.set(false)} />}
          <div className={panel.over ? 'ticket__panel ticket__panel--over' : 'ticket__panel'}>
            {panel.over && (
              <div className="ticket__panel-head">
                <span>{t('property.label')}</span>
                <button type="button" className="icon-button" aria-label={t('common.close')} onClick={() => panel.set(false)}>
                  <IconClose size={18} />
                </button>
              </div>
            )}
            <PropertiesPanel ticket={ticket} view={view} picker={picker} onPicker={setPicker} onWhy={() => askWhy(true)} />
          </div>
        </>
      )}
      {query.get('clocks') === 'why' && (
        <Suspense>
          <ClockLedger ticketId={id} onClose={() => askWhy(false)} />
        </Suspense>
      )}
    </div>
  );
}

function MergedInto({ target, view }: { target: NonNullable<Ticket['merged_into']>; view: ViewId }) {
  const t = useT();
  return (
    <p className="ticket__merged" role="note">
      <span className="ticket__merged-where">
        {t('ticket.mergedInto')}{' '}
        <Link className="link" to={ticketPath(target.id, view)}>
          #{target.number}
        </Link>
      </span>{' '}
      {t('ticket.mergedText')}
    </p>
  );
}

interface TicketHeadProps {
  ticket: Ticket;
  alone: boolean;
  panel: Panel;
  onBack: () => void;
  onSolve: () => void;
}

function TicketHead({ ticket, alone, panel, onBack, onSolve }: TicketHeadProps) {
  const t = useT();
  const names = useNames();
  const { channel, status } = ticket;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}/tickets/${ticket.id}`);
    toast(t('ticket.linkCopied', { number: ticket.number }));
  };
  return (
    <header className="head">
      {alone && (
        <button type="button" className="icon-button" aria-label={t('ticket.back')} onClick={onBack}>
          <IconBack size={20} stroke={1.6} />
        </button>
      )}
      <div className="head__text">
        <h2 className="head__subject" dir="auto" title={ticket.subject}>
          {ticket.subject}
        </h2>
        <p className="head__facts">
          <span className="head__status">
            <StatusMark status={status} /> {t(`status.${status}`)}
          </span>
          <button type="button" className="head__number" title={t('ticket.copyLink')} onClick={() => void copy()}>
            #{ticket.number} <IconLink size={13} aria-label={t('ticket.copyLink')} />
          </button>
          <span>{t(`message.via.${channel}`)}</span>
          {names.group(ticket.group) !== null && <span className="head__group">{names.group(ticket.group)}</span>}
          <RelativeTime at={ticket.created_at} />
        </p>
      </div>
      {status !== 'closed' && (
        <Button
          variant="default"
          className="head__solve"
          leftSection={status === 'solved' ? undefined : <IconSolved size={16} stroke={1.7} />}
          onClick={onSolve}
          aria-label={t(status === 'solved' ? 'ticket.reopen' : 'ticket.solve')}
        >
          <span className="head__solve-text">{t(status === 'solved' ? 'ticket.reopen' : 'ticket.solve')}</span>
        </Button>
      )}
      <button type="button" className="icon-button" aria-label={t('ticket.panel')} title={t('ticket.panel')} aria-pressed={panel.shown} onClick={() => panel.set(!panel.shown)}>
        {panel.over ? <IconAdjustments size={18} stroke={1.6} /> : <IconSidebarRight size={18} stroke={1.6} />}
      </button>
    </header>
  );
}
