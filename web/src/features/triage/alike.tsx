// What is said more than once: tickets that are perhaps the same matter, and many that may be one incident.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useIncident } from './use-incident';
import { useWords } from './words';
import { IconMerge } from '@/components/icons';
import { StatusMark } from '@/components/marks';
import type { Suspicion, Ticket, TicketRow } from '@/lib/api/types';
import { merge, unmerge, useAct } from '@/lib/data/acts';
import { useMe } from '@/lib/data/directory';
import { useAlike, watchesOver } from '@/lib/data/triage';
import { useT } from '@/lib/i18n/use-t';
import { ticketPath, type ViewId } from '@/lib/tickets/views';
import { toast, undoing } from '@/lib/toasts';
import './triage.css';

interface AlikeProps {
  ticket: Ticket;
  view: ViewId;
  /** The desk would not do something. */
  refused: (error: Error) => void;
}

export function Alike({ ticket, view, refused }: AlikeProps) {
  const { data } = useAlike(ticket.id);
  const others = data?.suspicion?.tickets.filter(({ id }) => id !== ticket.id) ?? [];
  const suspicion = others.length > 0 && (data?.suspicion?.settled_by === null || data?.suspicion?.incident !== null) ? data?.suspicion : null;
  if (!data || (data.duplicates.length === 0 && !suspicion)) return null;
  return (
    <section className="properties__part alike">
      {data.duplicates.map((row) => (
        <Duplicate key={row.id} ticket={ticket} other={row} view={view} refused={refused} />
      ))}
      {suspicion && <Suspected suspicion={suspicion} view={view} ticketId={ticket.id} />}
    </section>
  );
}

/** The newer one goes on in the older, with one click that can be taken back. */
function Duplicate({ ticket, other, view, refused }: AlikeProps & { other: TicketRow }) {
  const t = useT();
  const w = useWords();
  const [from, into] = ticket.number > other.number ? [ticket, other] : [other, ticket];
  const act = useAct(from.id, refused);
  const run = (): void =>
    act({
      ...merge(from.id, into.id),
      done: () => toast(w('alike.merged', { from: `${from.number}`, into: `${into.number}` }), undoing(t('common.undo'), () => act(unmerge(from.id)))),
    });
  const name = from.id === ticket.id ? w('alike.mergeThis', { number: `${into.number}` }) : w('alike.mergeInto', { number: `${from.number}` });
  return (
    <div className="alike__one">
      <p className="alike__what">{w('alike.duplicate')}</p>
      <Link className="ticket-line" to={ticketPath(other.id, view)}>
        <StatusMark status={other.status} />
        <span className="visually-hidden">{t(`status.${other.status}`)}</span>
        <span className="ticket-line__subject" dir="auto" title={other.subject}>
          {other.subject}
        </span>
        <span className="ticket-line__number">#{other.number}</span>
      </Link>
      <Button size="compact-sm" variant="default" leftSection={<IconMerge size={14} aria-hidden="true" />} aria-label={name} title={name} onClick={run}>
        {w('alike.merge')}
      </Button>
    </div>
  );
}

function Suspected({ suspicion, view, ticketId }: { suspicion: Suspicion; view: ViewId; ticketId: string }) {
  const w = useWords();
  const { data: me } = useMe();
  const { make, making } = useIncident();
  const { incident } = suspicion;
  if (incident === ticketId) return null;
  return (
    <div className="alike__one">
      <p className="alike__what">{w('alike.others', { people: `${new Set(suspicion.tickets.map(({ requester }) => requester.id)).size}` })}</p>
      {incident !== null ? (
        <Link className="link" to={ticketPath(incident, view)}>
          {w('incidents.see')}
        </Link>
      ) : (
        watchesOver(me) && (
          <Button size="compact-sm" variant="default" loading={making} onClick={() => make(suspicion.id)}>
            {w('incidents.make')}
          </Button>
        )
      )}
    </div>
  );
}
