// Why a ticket is where it is: who was given it and why, what its words said, which rules acted; with a way to correct it.
import { useWords } from './words';
import { valueName } from './value-name';
import { RelativeTime } from '@/components/relative-time';
import { reasons, sentence } from '@/lib/tickets/sentences';
import type { RuleVerdict, Suggestion, Ticket, TicketChange } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { useRouted, useRuleTraces, useTriage } from '@/lib/data/triage';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { nameOf } from '@/lib/tickets/views';
import './triage.css';

/** What can be corrected by choosing another one in the panel. */
type Correctable = 'category' | 'group' | 'priority';

interface WhyProps {
  ticket: Ticket;
  change: (change: TicketChange) => void;
  /** Opens the panel's own choice of another one. */
  onCorrect: (what: Correctable) => void;
}

export function Why(props: WhyProps) {
  return (
    <>
      <Routed {...props} />
      <Said {...props} />
      <Rules {...props} />
    </>
  );
}

function Routed({ ticket, onCorrect }: WhyProps) {
  const t = useT();
  const w = useWords();
  const names = useNames();
  const { data: event, isError } = useRouted(ticket.id, ticket.version);
  if (event === undefined) return isError ? <p className="why__none">{w('why.failed')}</p> : null;
  if (event === null) return <p className="why__none">{w('why.unrouted')}</p>;
  const why = reasons(event);
  return (
    <div className="why__part">
      <h4 className="why__title">{w('why.routed')}</h4>
      <p className="why__line">
        {sentence(event, t, { ...names, requester: nameOf(ticket.requester) })}
        {why.length > 0 && <span className="why__because"> · {why.join(', ')}</span>} <RelativeTime className="why__time" at={event.at} />
      </p>
      <button type="button" className="link" onClick={() => onCorrect('group')}>
        {w('why.correct')}
      </button>
    </div>
  );
}

/** What nearly every ticket is needs no telling. */
const UNREMARKABLE = new Set(['calm', 'wanted']);
const CORRECTABLE = new Set<string>(['category', 'group', 'priority'] satisfies Correctable[]);
const isCorrectable = (field: string): field is Correctable => CORRECTABLE.has(field);

/** What a suggestion wishes, where one click can do it. */
function changeOf({ field, value }: Suggestion): TicketChange | null {
  if (field === 'category') return { category: value };
  if (field === 'group') return { group: value };
  return field === 'priority' ? ({ priority: value } as TicketChange) : null;
}

function Said({ ticket, change, onCorrect }: WhyProps) {
  const t = useT();
  const w = useWords();
  const names = useNames();
  const language = useLanguage();
  const { data, isError } = useTriage(ticket.id, ticket.version);
  if (data === undefined) return isError ? <p className="why__none">{w('why.failed')}</p> : null;
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const told = data.suggestions.filter(({ value }) => !UNREMARKABLE.has(value));
  return (
    <div className="why__part">
      <h4 className="why__title">{w('why.said')}</h4>
      {told.length === 0 && data.abstained.length === 0 && <p className="why__none">{w('why.nothing')}</p>}
      {told.map((one) => {
        const wish = changeOf(one);
        return (
          <div key={one.field} className="why__said">
            <p className="why__line">
              {w(`field.${one.field}`)}: <strong>{valueName(one.field, one.value, { t, w, names })}</strong>{' '}
              <span className="why__because">{w('why.sure', { confidence: percent.format(one.confidence) })}</span>
            </p>
            {one.words.length > 0 && <p className="why__because">{w('why.because', { words: one.words.join(', ') })}</p>}
            {one.now !== one.value && wish && (
              <button type="button" className="link" onClick={() => change(wish)}>
                {w('why.use')}
              </button>
            )}
            {one.now === one.value && isCorrectable(one.field) && (
              <CorrectButton field={one.field} onCorrect={onCorrect} label={`${w('why.correct')}: ${w(`field.${one.field}`)}`} text={w('why.correct')} />
            )}
          </div>
        );
      })}
      {data.abstained.length > 0 && <p className="why__none">{w('why.abstained', { fields: data.abstained.map((field) => w(`field.${field}`)).join(', ') })}</p>}
    </div>
  );
}

function CorrectButton({ field, onCorrect, label, text }: { field: Correctable; onCorrect: WhyProps['onCorrect']; label: string; text: string }) {
  return (
    <button type="button" className="link" aria-label={label} onClick={() => onCorrect(field)}>
      {text}
    </button>
  );
}

function Rules({ ticket }: WhyProps) {
  const w = useWords();
  const { data, isError } = useRuleTraces(ticket.id, ticket.version);
  if (data === undefined) return isError ? <p className="why__none">{w('why.failed')}</p> : null;
  return (
    <div className="why__part">
      <h4 className="why__title">{w('why.rules')}</h4>
      {data.length === 0 && <p className="why__none">{w('why.noRules')}</p>}
      {data.map((trace) => (
        <div key={trace.event_id} className="why__trace">
          <RelativeTime className="why__time" at={trace.at} />
          <ul className="why__rules">
            {trace.rules.map((verdict) => (
              <Verdict key={verdict.rule_id} verdict={verdict} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Verdict({ verdict }: { verdict: RuleVerdict }) {
  const w = useWords();
  const why = verdict.field === null ? verdict.problem : w('why.field', { field: verdict.field });
  return (
    <li className={verdict.outcome === 'acted' ? 'why__rule why__rule--acted' : 'why__rule'}>
      <span dir="auto">{verdict.name ?? w('why.gone')}</span> <span className="why__because">{w(`outcome.${verdict.outcome}`)}</span>
      {why !== null && <span className="why__because"> · {why}</span>}
    </li>
  );
}
