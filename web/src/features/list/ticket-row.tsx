// One ticket in the list: what decides the next click, and nothing else.
import { memo, type MouseEvent } from 'react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { MarkedText } from '@/components/marked-text';
import { ChannelGlyph, PriorityMark, StatusMark } from '@/components/marks';
import { RelativeTime } from '@/components/relative-time';
import { SlaChip } from '@/components/sla-chip';
import { IconLock, IconReply, IconSnooze } from '@/components/icons';
import { RowDetails } from './row-details';
import { useHeldDown } from './use-held-down';
import type { Found, TicketRow } from '@/lib/api/types';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import { mostUrgent } from '@/lib/tickets/urgency';
import { nameOf } from '@/lib/tickets/views';

interface TicketRowProps {
  row: TicketRow;
  /** What a search found in it. */
  hit: Found | undefined;
  to: string;
  assignee: string | null;
  open: boolean;
  cursor: boolean;
  selected: boolean;
  unread: boolean;
  top: number;
  /** What the view shows of each ticket; empty: the usual. */
  columns: readonly string[];
  /** Place in the whole list and its known length, for screen readers: only some rows are on the page. */
  place: number;
  size: number;
  onHover: (id: string) => void;
  onSelect: (id: string, stretch: boolean) => void;
  onClick: (event: MouseEvent, id: string) => void;
}

function When({ row }: { row: TicketRow }) {
  const t = useT();
  const now = useNow();
  const language = useLanguage();
  const clock = mostUrgent(row, now);
  if (row.snoozed) {
    const until = row.snoozed_until === null ? t('snooze.untilAnswer') : moment(row.snoozed_until, language);
    return (
      <span className="row__snoozed" title={t('snooze.snoozed', { until })}>
        <IconSnooze size={12} aria-hidden="true" /> {until}
      </span>
    );
  }
  if (clock) return <SlaChip clock={clock} reason={row.status === 'pending' || row.status === 'on_hold' ? t(`sla.waiting.${row.status}`) : null} />;
  return <RelativeTime className="row__time" at={row.last_message?.at ?? row.updated_at} />;
}

function Preview({ row, hit }: Pick<TicketRowProps, 'row' | 'hit'>) {
  const t = useT();
  const last = row.last_message;
  if (hit?.excerpt) {
    return (
      <span className="row__preview" dir="auto">
        {hit.excerpt.visibility === 'internal' && <IconLock className="row__lock" size={12} role="img" aria-label={t('message.internal')} />}
        <MarkedText {...hit.excerpt} />
      </span>
    );
  }
  return (
    <span className="row__preview" dir="auto">
      {last?.visibility === 'internal' && <IconLock className="row__lock" size={12} role="img" aria-label={t('message.internal')} />}
      {last?.author_kind === 'agent' && last.visibility === 'public' && <IconReply className="row__answered" size={13} role="img" aria-label={t('list.answered')} />}
      {last?.preview ?? ''}
    </span>
  );
}

export const TicketRowItem = memo(function TicketRowItem(props: TicketRowProps) {
  const { row, hit, to, assignee, open, cursor, selected, unread, top, columns, place, size, onHover, onSelect, onClick } = props;
  const t = useT();
  const heldDown = useHeldDown(() => onSelect(row.id, false));
  const classes = ['row', open && 'row--open', cursor && 'row--cursor', unread && 'row--unread', selected && 'row--selected'].filter(Boolean).join(' ');
  return (
    <li className={classes} style={{ transform: `translateY(${top}px)` }} aria-posinset={place} aria-setsize={size}>
      <input
        type="checkbox"
        className="row__check"
        tabIndex={-1}
        aria-label={t('list.select', { number: row.number })}
        checked={selected}
        // The click says whether shift was held; a change does not.
        onChange={() => undefined}
        onClick={(event) => onSelect(row.id, event.shiftKey)}
      />
      <Link
        className="row__link"
        to={to}
        aria-current={open ? 'true' : undefined}
        draggable={false}
        {...heldDown}
        onPointerEnter={() => onHover(row.id)}
        onClick={(event) => onClick(event, row.id)}
      >
        <span className="row__line">
          {unread && <span className="row__dot" role="img" aria-label={t('list.unread')} />}
          <span className="row__who" dir="auto">
            {nameOf(row.requester)}
          </span>
          <span className="row__number">#{row.number}</span>
          <span className="row__side">
            <When row={row} />
          </span>
        </span>
        <span className="row__line">
          {hit && <StatusMark status={row.status} />}
          <span className="row__subject" dir="auto" title={row.subject}>
            {hit ? <MarkedText {...hit.subject} /> : row.subject}
          </span>
          <PriorityMark priority={row.priority} />
          <span className="row__dense-owner">
            <Owner assignee={assignee} seed={row.assignee} />
          </span>
        </span>
        <span className="row__line row__line--last">
          <ChannelGlyph channel={row.channel} />
          {columns.length > 0 && !hit?.excerpt ? <RowDetails row={row} columns={columns} preview={<Preview key="preview" row={row} hit={hit} />} /> : <Preview row={row} hit={hit} />}
          <Owner assignee={assignee} seed={row.assignee} />
        </span>
      </Link>
    </li>
  );
});

function Owner({ assignee, seed }: { assignee: string | null; seed: string | null }) {
  const t = useT();
  if (assignee === null) return <span className="row__nobody" role="img" aria-label={t('list.unassigned')} />;
  return (
    <span title={assignee}>
      <Avatar name={assignee} seed={seed ?? assignee} size={20} />
      <span className="visually-hidden">{assignee}</span>
    </span>
  );
}
