// Numbers a supervisor trusts: per group or per colleague, each opening the tickets it counts.
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useWords } from './words';
import { Dialog } from '@/components/dialog';
import { StatusMark } from '@/components/marks';
import { RelativeTime } from '@/components/relative-time';
import { Segments } from '@/components/segments';
import { SlaChip } from '@/components/sla-chip';
import type { TicketRow } from '@/lib/api/types';
import { useAgents, useGroups } from '@/lib/data/directory';
import { MEASURES, sumOf, trialOf, useNumbers, useOldest, type By, type Measure } from '@/lib/data/numbers';
import { useTriedView } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { mostUrgent } from '@/lib/tickets/urgency';
import { DEFAULT_VIEW, nameOf, ticketPath } from '@/lib/tickets/views';

/** Nobody can be unassigned to somebody. */
const OF_AGENTS = MEASURES.filter((measure) => measure !== 'unassigned');
const SHOWN = 50;

interface Opened {
  measure: Measure;
  of: string | null;
  name: string;
}

/** What the whole desk has, in the same numbers as the table below has by group. */
export function Totals({ children }: { children: ReactNode }) {
  const w = useWords();
  const [opened, setOpened] = useState<Measure | null>(null);
  const numbers = useNumbers('group', MEASURES);
  return (
    <>
      <ul className="team__numbers">
        {MEASURES.map((measure) => {
          const count = sumOf(numbers.get(measure));
          return (
            <li key={measure}>
              <button type="button" className={measure === 'breached' && (count ?? 0) > 0 ? 'number number--urgent' : 'number'} disabled={!count} onClick={() => setOpened(measure)}>
                <span className="number__value">{count ?? '–'}</span>
                <span className="number__name">{w(`measure.${measure}`)}</span>
              </button>
            </li>
          );
        })}
        {children}
      </ul>
      {opened && (
        <Dialog title={w(`measure.${opened}`)} wide onClose={() => setOpened(null)}>
          <Behind by="group" measure={opened} of={undefined} />
        </Dialog>
      )}
    </>
  );
}

export function Numbers() {
  const w = useWords();
  const [by, setBy] = useState<By>('group');
  const [opened, setOpened] = useState<Opened | null>(null);
  const { data: groups = [] } = useGroups();
  const { data: agents = [] } = useAgents();
  const measures = by === 'group' ? MEASURES : OF_AGENTS;
  const numbers = useNumbers(by, measures);
  const oldest = useOldest(by);
  const named = (by === 'group' ? groups : agents).map(({ id, name }) => ({ id, name }));
  const lines = [...named, ...(by === 'group' ? [{ id: null, name: w('noGroup') }] : [])];
  return (
    <section className="numbers" aria-label={w('numbers')}>
      <div className="numbers__head">
        <h2 className="team__heading">{w('numbers')}</h2>
        <Segments label={w('by')} of={(['group', 'assignee'] as const).map((one) => ({ name: w(`byOf.${one}`), on: by === one, choose: () => setBy(one) }))} />
      </div>
      <div className="numbers__scroll">
        <table className="numbers__table">
          <thead>
            <tr>
              <th scope="col">{w(`byOf.${by}`)}</th>
              {measures.map((measure) => (
                <th key={measure} scope="col">
                  {w(`measure.${measure}`)}
                </th>
              ))}
              <th scope="col">{w('waiting')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ id, name }) => (
              <tr key={id ?? ''}>
                <th scope="row" dir="auto">
                  {name}
                </th>
                {measures.map((measure) => {
                  const counts = numbers.get(measure);
                  const count = counts?.get(id) ?? 0;
                  const loud = measure === 'breached' ? ' numbers__count--red' : measure === 'soon' || measure === 'unassigned' ? ' numbers__count--amber' : '';
                  return (
                    <td key={measure}>
                      {counts === undefined ? (
                        <span className="numbers__none">·</span>
                      ) : count === 0 ? (
                        <span className="numbers__none">0</span>
                      ) : (
                        <button type="button" className={`numbers__count${loud}`} aria-label={w('open', { measure: w(`measure.${measure}`), name, count })} onClick={() => setOpened({ measure, of: id, name })}>
                          {count}
                        </button>
                      )}
                    </td>
                  );
                })}
                <td>
                  <Oldest row={oldest?.get(id)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened && (
        <Dialog title={`${opened.name} · ${w(`measure.${opened.measure}`)}`} wide onClose={() => setOpened(null)}>
          <Behind by={by} measure={opened.measure} of={opened.of} />
        </Dialog>
      )}
    </section>
  );
}

/** The ticket that has waited longest for an answer: since when, and a way there. */
function Oldest({ row }: { row: TicketRow | undefined }) {
  const w = useWords();
  if (!row) return <span className="numbers__none">–</span>;
  return (
    <Link className="numbers__oldest" to={ticketPath(row.id, DEFAULT_VIEW)} title={`#${row.number} ${row.subject}`}>
      <span className="visually-hidden">{w('openOldest', { number: row.number, subject: row.subject })}</span> <RelativeTime at={row.last_message?.at ?? row.created_at} />
    </Link>
  );
}

function Behind({ by, measure, of }: { by: By; measure: Measure; of: string | null | undefined }) {
  const t = useT();
  const w = useWords();
  const { data } = useTriedView(trialOf(by, measure, of, SHOWN));
  if (!data) return <div aria-busy="true" className="numbers__behind" />;
  return (
    <ul className="numbers__behind">
      {data.items.map((row) => (
        <li key={row.id}>
          <TicketLine row={row} />
        </li>
      ))}
      {data.count > data.items.length && <li className="numbers__more">{w('more', { count: data.count - data.items.length })}</li>}
      {data.items.length === 0 && <li className="numbers__more">{t('common.nothingFound')}</li>}
    </ul>
  );
}

/** One ticket in a line: where it stands, who asks, what about, and how long there is. */
export function TicketLine({ row }: { row: TicketRow }) {
  const t = useT();
  const now = useNow();
  const clock = mostUrgent(row, now);
  return (
    <Link className="team-ticket" to={ticketPath(row.id, DEFAULT_VIEW)} draggable={false}>
      <StatusMark status={row.status} />
      <span className="visually-hidden">{t(`status.${row.status}`)}</span>
      <span className="team-ticket__subject" dir="auto">
        {row.subject}
      </span>
      <span className="team-ticket__who" dir="auto">
        {nameOf(row.requester)} · #{row.number}
      </span>
      {clock && <SlaChip clock={clock} />}
    </Link>
  );
}
