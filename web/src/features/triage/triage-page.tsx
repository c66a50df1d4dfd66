// How triage fares, what may be an incident, and what the desk may do by itself: for those who watch over it.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { Modes } from './modes';
import { useIncident } from './use-incident';
import { Weeks } from './weeks';
import { useWords } from './words';
import { SetupFrame, setupPage } from '@/components/setup-bar';
import { RelativeTime } from '@/components/relative-time';
import type { Suspicion } from '@/lib/api/types';
import { useSuspicions } from '@/lib/data/triage';
import { DEFAULT_VIEW, ticketPath } from '@/lib/tickets/views';
import './triage.css';

/** Tickets of a possible incident that are shown without asking. */
const SEEN_AT_ONCE = 5;

export const TriagePage = setupPage(Page);

function Page() {
  const w = useWords();
  return (
    <SetupFrame
      title={w('page.title')}
      back={w('page.back')}
      bar={<span className="setup__name">{w('page.title')}</span>}
    >
      <h1 className="setup__title">{w('incidents.title')}</h1>
      <Incidents />
      <h2 className="setup__part">{w('page.how')}</h2>
      <p className="setup__text">{w('page.text')}</p>
      <Weeks />
      <h2 className="setup__part">{w('modes.title')}</h2>
      <Modes />
    </SetupFrame>
  );
}

/** Tickets of an incident, by number. */
function Tickets({ tickets }: { tickets: Suspicion['tickets'] }) {
  return (
    <ul className="incident__tickets">
      {tickets.map((row) => (
        <li key={row.id}>
          <Link className="link" to={ticketPath(row.id, DEFAULT_VIEW)}>
            #{row.number}
          </Link>{' '}
          <span dir="auto">{row.subject}</span>
        </li>
      ))}
    </ul>
  );
}

function Incidents() {
  const w = useWords();
  const { data = [], isSuccess } = useSuspicions();
  const { make, dismiss, making } = useIncident();
  if (isSuccess && data.length === 0) return <p className="setup__text">{w('incidents.none')}</p>;
  return data.map((one) => (
    <section key={one.id} className="incident">
      <div className="incident__head">
        <p className="incident__what">
          <strong>{w('incidents.people', { people: `${one.people}` })}</strong> <RelativeTime className="why__time" at={one.at} />
        </p>
        <span className="incident__acts">
          <Button size="compact-sm" loading={making} onClick={() => make(one.id)}>
            {w('incidents.make')}
          </Button>
          <Button size="compact-sm" variant="default" onClick={() => dismiss(one.id)}>
            {w('incidents.dismiss')}
          </Button>
        </span>
      </div>
      <Tickets tickets={one.tickets.slice(0, SEEN_AT_ONCE)} />
      {one.tickets.length > SEEN_AT_ONCE && (
        <details className="incident__more">
          <summary>{w('incidents.more', { number: `${one.tickets.length - SEEN_AT_ONCE}` })}</summary>
          <Tickets tickets={one.tickets.slice(SEEN_AT_ONCE)} />
        </details>
      )}
    </section>
  ));
}
