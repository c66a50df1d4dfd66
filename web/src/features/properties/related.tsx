// Tickets beside this one: the requester's others, those it is tied to, and done ones that are like it.
import { Link } from 'react-router';
import { IconClose, IconPlus } from '@/components/icons';
import { MarkedText } from '@/components/marked-text';
import { StatusMark } from '@/components/marks';
import { Section } from './section';
import { useRefused } from './use-refused';
import type { LinkRelation, Status, Ticket } from '@/lib/api/types';
import { unlink, useAct } from '@/lib/data/acts';
import { useWordsThere } from '@/lib/data/messages';
import { useSimilar } from '@/lib/data/search';
import { useRecentOf } from '@/lib/data/tickets';
import { useT } from '@/lib/i18n/use-t';
import { ticketPath, type ViewId, viewPath } from '@/lib/tickets/views';

interface RelatedProps {
  ticket: Ticket;
  view: ViewId;
}

const CUT = new Set<string>(['child_of', 'parent_of', 'part_of', 'relates_to'] satisfies LinkRelation[]);
const isCuttable = (relation: string): relation is LinkRelation => CUT.has(relation);
const SHOWN = 4;

function TicketLine({ to, status, number, subject }: { to: string; status: Status; number: number; subject: string }) {
  const t = useT();
  return (
    <Link className="ticket-line" to={to} title={`${t(`status.${status}`)} · ${subject}`}>
      <StatusMark status={status} />
      <span className="visually-hidden">{t(`status.${status}`)}</span>
      <span className="ticket-line__subject" dir="auto">
        {subject}
      </span>
      <span className="ticket-line__number">#{number}</span>
    </Link>
  );
}

/** The requester's other tickets, newest first. */
export function RecentTickets({ ticket, view }: RelatedProps) {
  const t = useT();
  const { data = [] } = useRecentOf(ticket.requester.id, useWordsThere(ticket.id));
  const others = data.filter((row) => row.id !== ticket.id);
  if (others.length === 0) return null;
  return (
    <div className="ticket-lines">
      {others.slice(0, SHOWN).map((row) => (
        <TicketLine key={row.id} to={ticketPath(row.id, view)} status={row.status} number={row.number} subject={row.subject} />
      ))}
      {others.length > SHOWN && (
        <Link className="link properties__more" to={viewPath(`requester-${ticket.requester.id}`)}>
          {t('property.theirTickets')}
        </Link>
      )}
    </div>
  );
}

export function Ties({ ticket, view, onLink }: RelatedProps & { onLink: () => void }) {
  const t = useT();
  const act = useAct(ticket.id, useRefused());
  const { linked_tickets: ties } = ticket;
  return (
    <Section name="links" title={t('property.links')} note={ties.length > 0 ? ties.length : undefined} open={ties.length > 0}>
      {ties.map(({ id, number, relation }) => (
        <p key={`${relation}-${id}`} className="linked">
          <span className="linked__text">
            {t(`relation.${relation}`)}{' '}
            <Link className="link" to={ticketPath(id, view)}>
              #{number}
            </Link>
          </span>
          {isCuttable(relation) && (
            <button type="button" className="tag__remove task__remove" aria-label={t('link.remove', { number })} onClick={() => act(unlink(ticket.id, relation, id))}>
              <IconClose size={14} />
            </button>
          )}
        </p>
      ))}
      <button type="button" className="properties__add" onClick={onLink}>
        <IconPlus size={14} aria-hidden="true" /> {t('link.add')}
      </button>
    </Section>
  );
}

/** How a ticket like this one was answered before. */
export function Similar({ ticket, view }: RelatedProps) {
  const t = useT();
  const { data = [] } = useSimilar(ticket.id);
  if (data.length === 0) return null;
  return (
    <Section name="similar" title={t('property.similar')} note={data.length}>
      {data.map(({ ticket: other, subject, excerpt }) => (
        <Link key={other.id} className="similar" to={ticketPath(other.id, view)}>
          <span className="similar__head">
            <StatusMark status={other.status} />
            <span className="ticket-line__subject" dir="auto" title={subject.text}>
              {subject.text}
            </span>
            <span className="ticket-line__number">#{other.number}</span>
          </span>
          {excerpt && (
            <span className="similar__excerpt" dir="auto">
              <MarkedText text={excerpt.text} ranges={[]} />
            </span>
          )}
        </Link>
      ))}
    </Section>
  );
}
