// Third parties asked beside a ticket: each thread in one line that says whose turn it is, and a way to ask somebody else.
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { IconMail, IconPlus, IconSolved } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { Section } from './section';
import { useWords } from '@/components/aside-words';
import type { Side, Ticket } from '@/lib/api/types';
import { nameOf } from '@/lib/tickets/views';
import './aside.css';

const SideDialog = lazy(async () => ({ default: (await import('./side-dialog')).SideDialog }));
const AskAside = lazy(async () => ({ default: (await import('./ask-aside')).AskAside }));

/** Which thread is open stands in the address. */
const IN_ADDRESS = 'side';

export function Sides({ ticket }: { ticket: Ticket }) {
  const w = useWords();
  const [query, setQuery] = useSearchParams();
  const [asking, setAsking] = useState(false);
  const sides = ticket.side_conversations;
  const open = sides.find(({ id }) => id === query.get(IN_ADDRESS));
  const show = (id: string | null): void => {
    const next = new URLSearchParams(query);
    if (id === null) next.delete(IN_ADDRESS);
    else next.set(IN_ADDRESS, id);
    setQuery(next, { replace: id === null });
  };
  const closed = ticket.status === 'closed';
  if (closed && sides.length === 0) return null;
  return (
    <Section name="sides" title={w('side.title')} note={sides.length > 0 ? w('side.open', { count: sides.filter(({ state }) => state === 'open').length }) : undefined} open={sides.length > 0}>
      {sides.length === 0 && <p className="aside__teach">{w('side.teach')}</p>}
      <ul className="aside__list">
        {sides.map((side) => (
          <li key={side.id}>
            <SideLine side={side} onOpen={() => show(side.id)} />
          </li>
        ))}
      </ul>
      {!closed && (
        <button type="button" className="properties__add" onClick={() => setAsking(true)}>
          <IconPlus size={14} aria-hidden="true" /> {w('side.ask')}
        </button>
      )}
      {open && (
        <Suspense key={open.id}>
          <SideDialog ticket={ticket} side={open} onClose={() => show(null)} />
        </Suspense>
      )}
      {asking && (
        <Suspense>
          <AskAside
            ticket={ticket}
            onClose={() => setAsking(false)}
            onAsked={(id) => {
              setAsking(false);
              show(id);
            }}
          />
        </Suspense>
      )}
    </Section>
  );
}

function SideLine({ side, onOpen }: { side: Side; onOpen: () => void }) {
  const w = useWords();
  const answered = side.state === 'open' && side.last_by === 'third_party';
  const turn = side.state === 'closed' ? w('side.closed') : answered ? w('side.answered') : w('side.waiting');
  return (
    <button type="button" className="aside__line" onClick={onOpen}>
      {side.state === 'closed' ? <IconSolved size={16} aria-hidden="true" /> : <IconMail size={16} stroke={1.6} aria-hidden="true" />}
      <span className="aside__what">
        <span className="aside__subject" dir="auto">
          {side.subject}
        </span>
        <span className="aside__who" dir="auto">
          <span className={answered ? 'aside__turn aside__turn--ours' : 'aside__turn'}>{turn}</span> · {side.people.map(nameOf).join(', ')}
        </span>
      </span>
      {side.last_at !== null && <RelativeTime className="aside__when" at={side.last_at} />}
    </button>
  );
}
