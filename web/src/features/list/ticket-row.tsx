// One ticket in the list: what decides the next click, and nothing else.
import { memo } from 'react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { ChannelGlyph, PriorityMark } from '@/components/marks';
import { RelativeTime } from '@/components/relative-time';
import { SlaChip } from '@/components/sla-chip';
import { IconLock, IconReply } from '@/components/icons';
import type { TicketRow } from '@/lib/api/types';
import { useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { mostUrgent } from '@/lib/tickets/urgency';
import { nameOf } from '@/lib/tickets/views';

interface TicketRowProps {
  row: TicketRow;
  to: string;
  assignee: string | null;
  open: boolean;
  cursor: boolean;
  unread: boolean;
  top: number;
  /** Place in the whole list and its known length, for screen readers: only some rows are on the page. */
  place: number;
  size: number;
  onHover: (id: string) => void;
}

export const TicketRowItem = memo(function TicketRowItem({ row, to, assignee, open, cursor, unread, top, place, size, onHover }: TicketRowProps) {
  const t = useT();
  const now = useNow();
  const clock = mostUrgent(row, now);
  const last = row.last_message;
  const pausedFor = row.status === 'pending' || row.status === 'on_hold' ? t(`sla.waiting.${row.status}`) : null;
  const classes = ['row', open && 'row--open', cursor && 'row--cursor', unread && 'row--unread'].filter(Boolean).join(' ');
  return (
    <li className={classes} style={{ transform: `translateY(${top}px)` }} aria-posinset={place} aria-setsize={size}>
      <Link className="row__link" to={to} aria-current={open ? 'true' : undefined} draggable={false} onPointerEnter={() => onHover(row.id)}>
        <span className="row__line">
          {unread && <span className="row__dot" role="img" aria-label={t('list.unread')} />}
          <span className="row__who" dir="auto">
            {nameOf(row.requester)}
          </span>
          <span className="row__number">#{row.number}</span>
          <span className="row__side">
            {clock ? <SlaChip clock={clock} reason={pausedFor} /> : <RelativeTime className="row__time" at={last?.at ?? row.updated_at} />}
          </span>
        </span>
        <span className="row__line">
          <span className="row__subject" dir="auto">
            {row.subject}
          </span>
          <PriorityMark priority={row.priority} />
        </span>
        <span className="row__line">
          <ChannelGlyph channel={row.channel} />
          <span className="row__preview" dir="auto">
            {last?.visibility === 'internal' && <IconLock className="row__lock" size={12} role="img" aria-label={t('message.internal')} />}
            {last?.author_kind === 'agent' && last.visibility === 'public' && <IconReply className="row__answered" size={13} role="img" aria-label={t('list.answered')} />}
            {last?.preview ?? ''}
          </span>
          {assignee === null ? (
            <span className="row__nobody" role="img" aria-label={t('list.unassigned')} />
          ) : (
            <span title={assignee}>
              <Avatar name={assignee} seed={row.assignee ?? assignee} size={20} />
              <span className="visually-hidden">{assignee}</span>
            </span>
          )}
        </span>
      </Link>
    </li>
  );
});
