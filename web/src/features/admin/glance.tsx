// A person or an organization at a glance: numbers over all their tickets, and the newest of those.
import { Link } from 'react-router';
import { useTelling } from './use-telling';
import { StatusMark } from '@/components/marks';
import type { PersonOverview } from '@/lib/api/settings';
import { moment, span } from '@/lib/time/format';

type Shown = Pick<PersonOverview, 'numbers' | 'last_contact' | 'tickets'>;

export function Glance({ of, tickets: at }: { of: Shown; tickets: (id: string) => string }) {
  const { t, w, language } = useTelling();
  const { numbers, last_contact: contact, tickets } = of;
  const facts: [string, string][] = [];
  if (numbers) {
    const promises = numbers.sla_kept + numbers.sla_missed;
    facts.push([w('glance.open'), String(numbers.open)], [w('glance.solved'), String(numbers.solved)], [w('glance.tickets'), String(numbers.tickets)]);
    facts.push([w('glance.satisfaction'), numbers.satisfaction === null ? '–' : w('glance.of', { mean: numbers.satisfaction.toFixed(1), count: numbers.ratings })]);
    facts.push([w('glance.kept'), promises === 0 ? '–' : `${Math.round((100 * numbers.sla_kept) / promises)} %`]);
    if (numbers.seconds > 0) facts.push([w('glance.time'), span(numbers.seconds, language)]);
  }
  if (contact) facts.push([w('glance.contact'), `${moment(contact.at, language)} · ${w(`glance.by.${contact.by === 'requester' ? 'them' : 'us'}`)}`]);
  return (
    <section className="glance">
      <h2 className="setup__part">{w('glance.title')}</h2>
      {facts.length > 0 && (
        <dl className="glance__facts">
          {facts.map(([name, value]) => (
            <div key={name} className="glance__fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {tickets.length === 0 && <p className="setup__text">{w('glance.none')}</p>}
      <ul className="glance__tickets">
        {tickets.map((row) => (
          <li key={row.id}>
            <Link className="glance__ticket" to={at(row.id)}>
              <StatusMark status={row.status} />
              <span className="visually-hidden">{t(`status.${row.status}`)}</span>
              <span className="glance__subject" dir="auto">
                {row.subject}
              </span>
              <span className="glance__number">#{row.number}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
