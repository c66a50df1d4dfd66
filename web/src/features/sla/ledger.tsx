// Why is this ticket late? Every stretch in which its clocks ran or stood, with who began it; what counted adds up to the clock.
import { Suspense } from 'react';
import { levelSentence } from './explain';
import { showLength } from './lengths';
import { useTelling } from './use-telling';
import { Dialog } from '@/components/dialog';
import { Fault } from '@/components/form';
import type { SlaNote, SlaStretch, TicketSla } from '@/lib/api/types';
import { METRICS, type SlaMetric } from '@/lib/api/types';
import { useTicketSla } from '@/lib/data/sla';
import type { Language } from '@/lib/i18n/languages';
import { useT } from '@/lib/i18n/use-t';
import './sla.css';

type Clock = TicketSla['clocks'][number];

const formats = new Map<Language, Intl.DateTimeFormat>();

/** To the second: what is counted here is. */
function instant(at: string, language: Language): string {
  const format = formats.get(language) ?? new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
  formats.set(language, format);
  return format.format(Date.parse(at));
}

export function ClockLedger({ ticketId, onClose }: { ticketId: string; onClose: () => void }) {
  const t = useT();
  return (
    <Dialog title={t('property.clocks')} wide onClose={onClose}>
      <Suspense fallback={<div className="ledger" aria-busy="true" />}>
        <Ledger ticketId={ticketId} />
      </Suspense>
    </Dialog>
  );
}

function Ledger({ ticketId }: { ticketId: string }) {
  const { w } = useTelling();
  const { data: found, isError } = useTicketSla(ticketId);
  if (!found) return isError ? <Fault text={w('ledger.failed')} /> : <div className="ledger" aria-busy="true" />;
  const counted = METRICS.filter((metric) => found.clocks.some((clock) => clock.metric === metric) || found.ledger.some((stretch) => stretch.metric === metric && stretch.target_seconds > 0));
  return (
    <div className="ledger">
      <Promise found={found} />
      {counted.length === 0 && <p className="setup__text">{w('ledger.none')}</p>}
      {counted.map((metric) => (
        <Account key={metric} metric={metric} found={found} />
      ))}
    </div>
  );
}

function Promise({ found: { policy, calendar, stopped_at: stopped } }: { found: TicketSla }) {
  const { w, language } = useTelling();
  if (!policy || !calendar) return null;
  return (
    <p className="ledger__policy">
      {w(policy.current ? 'ledger.policy' : 'ledger.oldPolicy', { policy: policy.name ?? policy.id, version: policy.version, calendar: calendar.name, zone: calendar.zone })}
      {stopped && <strong className="ledger__stopped"> {w('ledger.stopped', { at: instant(stopped, language) })}</strong>}
    </p>
  );
}

interface Line {
  at: string;
  order: number;
  stretch?: SlaStretch;
  note?: SlaNote;
}

/** Stretches and what happened in them, in order of time. */
function linesOf(found: TicketSla, metric: SlaMetric, run: number): Line[] {
  const stretches = found.ledger.filter((one) => one.metric === metric && one.run === run && one.going !== 'met');
  const notes = found.notes.filter((one) => one.metric === metric && one.run === run);
  return [...stretches.map((stretch) => ({ at: stretch.since, order: 0, stretch })), ...notes.map((note) => ({ at: note.at, order: 1, note }))].toSorted(
    (one, other) => Date.parse(one.at) - Date.parse(other.at) || one.order - other.order,
  );
}

function Account({ metric, found }: { metric: SlaMetric; found: TicketSla }) {
  const { t, w, language } = useTelling();
  const runs = [...new Set(found.ledger.filter((one) => one.metric === metric).map((one) => one.run))];
  const clock = found.clocks.find((one) => one.metric === metric);
  return (
    <section className="account" aria-label={t(`sla.metric.${metric}`)}>
      <h3 className="account__title">
        {t(`sla.metric.${metric}`)}
        {clock && <State clock={clock} />}
      </h3>
      {runs.map((run) => {
        const stretches = found.ledger.filter((one) => one.metric === metric && one.run === run && one.going !== 'met');
        const total = stretches.reduce((sum, one) => sum + one.counted_seconds, 0);
        const target = stretches.at(-1)?.target_seconds ?? 0;
        return (
          <div key={run} className="account__run">
            {runs.length > 1 && <h4 className="account__of">{w('ledger.run', { run })}</h4>}
            <Bar stretches={stretches} />
            <ol className="account__lines">
              {linesOf(found, metric, run).map((line) =>
                line.stretch ? <StretchLine key={`s${line.stretch.since}${line.stretch.event_seq}`} stretch={line.stretch} /> : line.note && <NoteLine key={`n${line.note.kind}${line.note.level}${line.at}`} note={line.note} policy={found.policy} />,
              )}
              <li className="account__sum">
                <span>{w('ledger.sum')}</span>
                <strong>{target > 0 ? w('ledger.ofTarget', { used: showLength(total, language), target: showLength(target, language) }) : showLength(total, language)}</strong>
              </li>
            </ol>
          </div>
        );
      })}
    </section>
  );
}

function State({ clock }: { clock: Clock }) {
  const { w, language } = useTelling();
  const left = clock.left_seconds;
  const said = clock.met_at
    ? w(clock.breached_at ? 'ledger.metLate' : 'ledger.met', { at: instant(clock.met_at, language) })
    : clock.due_at && left !== null
      ? w(left >= 0 ? 'ledger.due' : 'ledger.overdue', { at: instant(clock.due_at, language), length: showLength(left, language) })
      : left !== null
        ? w('ledger.left', { length: showLength(left, language) })
        : '';
  return <span className={clock.breached_at ? 'account__state account__state--late' : 'account__state'}>{said}</span>;
}

/** How the stretches follow one another; the lines below say the same in words. */
function Bar({ stretches }: { stretches: readonly SlaStretch[] }) {
  const all = stretches.reduce((sum, one) => sum + one.elapsed_seconds, 0);
  if (all === 0) return null;
  return (
    <div className="account__bar" aria-hidden="true">
      {stretches.map((one) => (
        <span key={`${one.since}-${one.event_seq}`} className={`account__part account__part--${one.going}`} style={{ flexGrow: Math.max(one.elapsed_seconds / all, 0.01) }} />
      ))}
    </div>
  );
}

function StretchLine({ stretch }: { stretch: SlaStretch }) {
  const { w, language } = useTelling();
  const { since, until, going, counted_seconds: counted, elapsed_seconds: elapsed, actor, cause } = stretch;
  const who = actor.kind === 'agent' ? (actor.name ?? w('ledger.agent')) : actor.kind === 'requester' ? w('ledger.requester') : w('ledger.desk');
  return (
    <li className={`account__line account__line--${going}`}>
      <span className="account__when">
        <time dateTime={since}>{instant(since, language)}</time> – {until ? <time dateTime={until}>{instant(until, language)}</time> : w('ledger.now')}
      </span>
      <span className="account__what">
        <strong>{w(`going.${going}`)}</strong> {w(`cause.${cause as 'opened'}`, { who, defaultValue: cause.replaceAll('_', ' ') })}
        {going === 'running' && counted < elapsed && <span className="field__hint">{w('ledger.closedHours', { length: showLength(elapsed - counted, language) })}</span>}
      </span>
      <span className="account__counted">{going === 'running' ? `+${showLength(counted, language)}` : w('ledger.standing', { length: showLength(elapsed, language, false) })}</span>
    </li>
  );
}

function NoteLine({ note, policy }: { note: SlaNote; policy: TicketSla['policy'] }) {
  const telling = useTelling([], policy?.escalations);
  const { w, language } = telling;
  const level = policy?.escalations.find(({ id }) => id === note.level);
  return (
    <li className={`account__line account__note account__note--${note.kind}`}>
      <span className="account__when">
        <time dateTime={note.at}>{instant(note.at, language)}</time>
      </span>
      <span className="account__what">
        <strong>{w(`note.${note.kind}`)}</strong>
        {note.kind === 'escalated' && <span className="field__hint">{level ? levelSentence(level, telling) : note.level}</span>}
      </span>
    </li>
  );
}
