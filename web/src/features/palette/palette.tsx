// Everything there is to do here and everywhere to go, by a few letters: commands of what is on the screen first, then tickets.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { IconSearch } from '@/components/icons';
import { Key } from '@/components/key';
import { MarkedText } from '@/components/marked-text';
import { StatusMark } from '@/components/marks';
import { fitting } from './match';
import { closePalette, openPalette, useOpened } from './opened';
import type { Found } from '@/lib/api/types';
import { useQuickSearch } from '@/lib/data/search';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys, type Command } from '@/lib/keys/hotkeys';
import { useSlowly } from '@/lib/slowly';
import { nameOf } from '@/lib/tickets/views';
import './palette.css';

const COMMANDS = 40;
const FEW = 7;
const TICKETS = 5;
const WAIT_MS = 150;

interface Entry {
  id: string;
  icon: ReactNode;
  text: ReactNode;
  side: ReactNode;
  run: () => void;
}

interface PaletteProps {
  onTicket: (id: string) => void;
  onSearch: (q: string) => void;
}

/** Binds its key, and shows itself when it is asked for. */
export function CommandPalette(props: PaletteProps) {
  useHotkeys([{ keys: 'Mod+k', run: openPalette }]);
  const commands = useOpened();
  return commands && <Palette commands={commands} onClose={closePalette} {...props} />;
}

interface OpenedProps extends PaletteProps {
  /** What could be done when it was opened. */
  commands: readonly Command[];
  onClose: () => void;
}

function Palette({ commands, onTicket, onSearch, onClose }: OpenedProps) {
  const t = useT();
  const listId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const words = typed.trim();
  const { data: hits = [] } = useQuickSearch(useSlowly(words, WAIT_MS), TICKETS);

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  const fits = fitting(commands.filter((command) => words !== '' || command.deep !== true), words).slice(0, words === '' ? COMMANDS : FEW);
  const entries: Entry[] = [
    ...fits.map((command) => ({ id: `c-${command.label}`, icon: command.icon, text: command.label, side: <Keys of={command.keys} />, run: command.run })),
    ...(words === '' ? [] : hits.map((hit) => ticketEntry(hit, onTicket))),
    ...(words === ''
      ? []
      : [{ id: 'search', icon: <IconSearch size={16} stroke={1.7} />, text: t('palette.search', { words }), side: null, run: () => onSearch(words) }]),
  ];
  const at = Math.min(active, entries.length - 1);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    onClose();
    // What the command opens takes the focus after the dialog has given it back.
    setTimeout(entry.run, 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setActive((at + step + entries.length) % entries.length);
    else if (event.key === 'Enter') choose(entries[at]);
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) onClose();
    else return;
    event.preventDefault();
  };

  return (
    // The browser itself closes on Escape; the click is for the backdrop, which is not an element.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t('palette.title')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <input
        className="palette__input"
        // The palette opens because someone asked for it: the focus belongs here.
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={entries[at] ? `${listId}-${at}` : undefined}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="palette__list" id={listId} role="listbox" aria-label={t('palette.title')} ref={list}>
        {entries.map((entry, index) => (
          // The keyboard walks this list from the field above it (aria-activedescendant).
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={entry.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? 'palette__entry palette__entry--active' : 'palette__entry'}
            onPointerMove={() => setActive(index)}
            onClick={() => choose(entry)}
          >
            <span className="palette__icon">{entry.icon}</span>
            <span className="palette__text">{entry.text}</span>
            {entry.side}
          </li>
        ))}
      </ul>
    </dialog>
  );
}

function Keys({ of }: { of: string | undefined }) {
  if (of === undefined) return null;
  return (
    <span className="palette__keys" aria-hidden="true">
      {of.split(of.startsWith('Mod+') ? '+' : ' ').map((key) => (
        <Key key={key} name={key === 'Mod' ? 'Ctrl' : /^[A-Z]$/.test(key) ? `⇧ ${key}` : key} />
      ))}
    </span>
  );
}

const ticketEntry = ({ ticket, subject }: Found, onTicket: (id: string) => void): Entry => ({
  id: ticket.id,
  icon: <StatusMark status={ticket.status} />,
  text: (
    <span className="palette__ticket" dir="auto">
      <MarkedText {...subject} />
    </span>
  ),
  side: (
    <span className="palette__side">
      {nameOf(ticket.requester)} · #{ticket.number}
    </span>
  ),
  run: () => onTicket(ticket.id),
});
