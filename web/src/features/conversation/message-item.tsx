// One letter of the conversation, or one note among colleagues: never to be mistaken for each other.
import { Menu, useComputedColorScheme } from '@mantine/core';
import { lazy, memo, Suspense, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Attachments } from '@/components/attachments';
import { Avatar } from '@/components/avatar';
import { IconAlert, IconClock, IconDots, IconLightbulb, IconLink, IconLock, IconSplit, IconWeb } from '@/components/icons';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { RichText } from '@/components/rich-text';
import { unwrap } from '@/lib/api/client';
import type { Attachment, Message } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { isPending, useHeldMessage } from '@/lib/data/messages';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import { ticketPath, viewOf } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

/** Whether a colleague's answer stands in the community too, or can be posted there; null: it has no place there. */
export type InCommunity = 'posted' | 'possible' | null;

interface MessageItemProps {
  ticketId: string;
  message: Message;
  /** Who wrote it, by name. */
  author: string;
  language: string;
  mine: boolean;
  inCommunity: InCommunity;
  onSplit: ((message: string) => void) | null;
}

/** What waits less than this is held for its undo; the toast speaks of it. */
const PLANNED_MS = 90_000;

/** An answer that leaves later, and what its author can still do about it. */
function Planned({ ticketId, message, mine }: Pick<MessageItemProps, 'ticketId' | 'message' | 'mine'>) {
  const t = useT();
  const now = useNow();
  const language = useLanguage();
  const held = useHeldMessage(ticketId);
  const at = message.send_at ?? null;
  if (at === null || message.delivery === 'withdrawn' || Date.parse(at) - now < PLANNED_MS) return null;
  const refused = (): void => void toast(t('editor.notUndone'), null, 'problem');
  return (
    <p className="message__planned">
      <IconClock size={14} stroke={1.7} aria-hidden="true" />
      <span>{t('planned.at', { at: moment(at, language) })}</span>
      {mine && (
        <>
          <button type="button" className="link" onClick={() => void held.release(message.id).catch(refused)}>
            {t('planned.now')}
          </button>
          <button type="button" className="link" onClick={() => void held.undo(message.id).catch(refused)}>
            {t('planned.cancel')}
          </button>
        </>
      )}
    </p>
  );
}

const SolutionDialog = lazy(async () => ({ default: (await import('@/features/knowledge/solution-dialog')).SolutionDialog }));

const PostAnswer = lazy(async () => ({ default: (await import('@/features/properties/post-answer')).PostAnswer }));

function MessageMenu({ ticketId, message, inCommunity, onSplit }: Pick<MessageItemProps, 'ticketId' | 'message' | 'inCommunity' | 'onSplit'>) {
  const t = useT();
  const { data: me } = useMe();
  const [solving, setSolving] = useState(false);
  const [posting, setPosting] = useState(false);
  const answers = message.author.kind === 'agent' && (me?.permissions.includes('write_articles') ?? false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}${location.pathname}#m-${message.id}`);
    toast(t('message.linkCopied'));
  };
  return (
    <>
      <Menu position="bottom-end" width={220} withinPortal>
        <Menu.Target>
          <button type="button" className="message__menu" aria-label={t('message.more')} title={t('message.more')}>
            <IconDots size={16} stroke={1.6} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconLink size={16} stroke={1.6} />} onClick={() => void copy()}>
            {t('message.copyLink')}
          </Menu.Item>
          {onSplit && message.visibility !== 'side' && !message.moved_to && (
            <Menu.Item leftSection={<IconSplit size={16} stroke={1.6} />} onClick={() => onSplit(message.id)}>
              {t('split.title')}
            </Menu.Item>
          )}
          {answers && (
            <Menu.Item leftSection={<IconLightbulb size={16} stroke={1.6} />} onClick={() => setSolving(true)}>
              {t('message.toSolution')}
            </Menu.Item>
          )}
          {inCommunity === 'possible' && (
            <Menu.Item leftSection={<IconWeb size={16} stroke={1.6} />} onClick={() => setPosting(true)}>
              {t('message.postAsAnswer')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {posting && (
        <Suspense>
          <PostAnswer ticketId={ticketId} message={message} onClose={() => setPosting(false)} />
        </Suspense>
      )}
      {solving && (
        <Suspense>
          <SolutionDialog ticketId={ticketId} body={message.body_text} onClose={() => setSolving(false)} />
        </Suspense>
      )}
    </>
  );
}

type Fate = NonNullable<Message['delivery']>;
const UNDELIVERED: ReadonlySet<Fate> = new Set(['failed', 'bounced', 'complained']);
/** What has not left after this long is not "being sent" any more; its problem is told by the ticket itself. */
const SENDING_MS = 10 * 60_000;

function Sending({ since }: { since: string }) {
  const t = useT();
  const now = useNow();
  return now - Date.parse(since) < SENDING_MS ? <span className="message__via">{t('message.sending')}</span> : null;
}

function Delivery({ message }: { message: Message }) {
  const t = useT();
  const { delivery } = message;
  if (isPending(message)) return <span className="message__via">{t('message.sending')}</span>;
  if (delivery === null) return null;
  if (delivery === 'queued') return typeof message.send_at === 'string' ? null : <Sending since={message.at} />;
  if (UNDELIVERED.has(delivery)) {
    return (
      <span className="message__failed">
        <IconAlert size={14} aria-hidden="true" /> {t(`message.delivery.${delivery}`)}
      </span>
    );
  }
  return <span className="message__via">{t(`message.delivery.${delivery}`)}</span>;
}

/** Where a message came from, or went: merging and splitting move messages between tickets. */
function Elsewhere({ message: { from_ticket: from, moved_to: to } }: { message: Message }) {
  const t = useT();
  const [query] = useSearchParams();
  const other = to ?? from;
  if (!other) return null;
  return (
    <Link className="message__via message__elsewhere" to={ticketPath(other.id, viewOf(query.get('view')))}>
      {t(to ? 'message.movedTo' : 'message.fromTicket', { number: other.number })}
    </Link>
  );
}

export const MessageItem = memo(function MessageItem({ ticketId, message, author, language, mine, inCommunity, onSplit }: MessageItemProps) {
  const t = useT();
  const { api } = useDesk();
  const linkOf = async (file: Attachment): Promise<string> => (await unwrap(api.GET('/v1/tickets/{id}/attachments/{attachment_id}', { params: { path: { id: ticketId, attachment_id: file.id } } }))).url;
  const dark = useComputedColorScheme('light') === 'dark';
  const [unfolded, setUnfolded] = useState(false);
  const internal = message.visibility === 'internal';
  const { kind } = message.author;
  const channel = message.channel;
  return (
    <article id={`m-${message.id}`} className={`message message--${kind} ${internal ? 'message--internal' : ''} ${isPending(message) ? 'message--pending' : ''} ${message.moved_to ? 'message--moved' : ''}`}>
      <Avatar name={author} seed={message.author.id} kind={kind === 'requester' ? 'requester' : 'agent'} size={32} />
      <div className="message__letter">
        <header className="message__head">
          <span className="message__author" dir="auto">
            {author}
          </span>
          {internal && (
            <span className="message__internal">
              <IconLock size={12} stroke={2} aria-hidden="true" /> {t('message.internal')}
            </span>
          )}
          {/* Colleagues answer on these pages: said is only where one did not. */}
          {!internal && !isPending(message) && (kind !== 'agent' || channel !== 'web') && <span className="message__via">{t(`message.via.${channel}`)}</span>}
          {message.automatic && <span className="message__via">{t('message.automatic')}</span>}
          {inCommunity === 'posted' && <span className="message__via">{t('message.inCommunity')}</span>}
          <Delivery message={message} />
          <Elsewhere message={message} />
          <RelativeTime className="message__time" at={message.at} />
          {!isPending(message) && <MessageMenu ticketId={ticketId} message={message} inCommunity={inCommunity} onSplit={onSplit} />}
        </header>
        <Planned ticketId={ticketId} message={message} mine={mine} />
        <div className="message__body" lang={kind === 'requester' && language !== '' ? language : undefined}>
          {message.body_html === null ? <RichText text={message.body_text} /> : <MailFrame html={message.body_html} title={t('message.frame', { name: author })} dark={dark} />}
        </div>
        {message.quoted_text !== null && (
          <>
            <button type="button" className="message__fold" aria-expanded={unfolded} aria-label={t('message.quoted')} title={t('message.quoted')} onClick={() => setUnfolded(!unfolded)}>
              <span aria-hidden="true">···</span>
            </button>
            {unfolded && (
              <blockquote className="message__quoted">
                <RichText text={message.quoted_text} />
              </blockquote>
            )}
          </>
        )}
        <Attachments attachments={message.attachments} linkOf={linkOf} />
      </div>
    </article>
  );
});
