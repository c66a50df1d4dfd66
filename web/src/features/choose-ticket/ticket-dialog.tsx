// Choosing another ticket: the requester's others to begin with, then whatever a few words, a name or a number find.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { Dialog } from '@/components/dialog';
import { MarkedText } from '@/components/marked-text';
import { StatusMark } from '@/components/marks';
import { RelativeTime } from '@/components/relative-time';
import type { Marked, Ticket, TicketRow } from '@/lib/api/types';
import { useQuickSearch } from '@/lib/data/search';
import { useRecentOf } from '@/lib/data/tickets';
import { useT } from '@/lib/i18n/use-t';
import { useSlowly } from '@/lib/slowly';
import { nameOf } from '@/lib/tickets/views';
import './ticket-dialog.css';

const LIMIT = 8;
const WAIT_MS = 150;

interface TicketDialogProps {
  title: string;
  text: string;
  ticket: Ticket;
  onChoose: (other: TicketRow) => void;
  onClose: () => void;
}

interface Choice {
  row: TicketRow;
  subject: Pick<Marked, 'text' | 'ranges'>;
}

export function TicketDialog({ title, text, ticket, onChoose, onClose }: TicketDialogProps) {
  const t = useT();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const words = useSlowly(typed.trim(), WAIT_MS);
  const { data: found = [] } = useQuickSearch(words, LIMIT);
  const { data: theirs = [] } = useRecentOf(ticket.requester.id);
  const choices: Choice[] = (words === '' ? theirs.map((row) => ({ row, subject: { text: row.subject, ranges: [] } })) : found.map((hit) => ({ row: hit.ticket, subject: hit.subject }))).filter(
    ({ row }) => row.id !== ticket.id && row.status !== 'closed',
  );
  const at = Math.min(active, Math.max(0, choices.length - 1));
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = choices[at];
    if (step !== undefined) setActive((at + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === 'Enter' && chosen) onChoose(chosen.row);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={title} wide onClose={onClose}>
      <p className="dialog-text choose__text">{text}</p>
      <input
        className="choose__input"
        // The dialog opens because someone asked for it: the focus belongs here.
        data-autofocus
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={choices[at] ? `${id}-${at}` : undefined}
        aria-label={t('choose.label')}
        placeholder={t('choose.placeholder')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {words === '' && choices.length > 0 && <p className="choose__heading">{t('choose.theirs', { name: nameOf(ticket.requester) })}</p>}
      <ul className="choose__list" id={id} role="listbox" aria-label={title} ref={list}>
        {choices.map(({ row, subject }, index) => (
          // The keyboard walks this list from the field above it (aria-activedescendant).
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={row.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? 'choose__item choose__item--active' : 'choose__item'}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(row)}
          >
            <StatusMark status={row.status} />
            <span className="choose__what">
              <span className="choose__subject" dir="auto">
                <MarkedText {...subject} />
              </span>
              <span className="choose__who" dir="auto">
                {nameOf(row.requester)} · #{row.number} · {t(`status.${row.status}`)}
              </span>
            </span>
            <RelativeTime className="choose__when" at={row.updated_at} />
          </li>
        ))}
      </ul>
      {choices.length === 0 && <p className="options__none">{t(words === '' ? 'choose.none' : 'common.nothingFound')}</p>}
    </Dialog>
  );
}
