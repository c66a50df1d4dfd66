// Last month lived once more under a draft: how promises were kept and would have been, and which tickets change and why.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { showLength } from './lengths';
import type { Telling } from './explain';
import { useTelling } from './use-telling';
import { Select } from '@/components/form';
import { ApiError } from '@/lib/api/problem';
import type { SlaChange, SlaDraft, SlaPreview, SlaTallyRow } from '@/lib/api/types';
import { METRICS, PRIORITIES, type SlaMetric } from '@/lib/api/types';
import { usePreview } from '@/lib/data/sla';
import { deskNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import { DEFAULT_VIEW, ticketPath } from '@/lib/tickets/views';

const PERIODS = [7, 30, 90] as const;
const MOST = 300;
const DAY_MS = 86_400_000;
const DIMENSIONS = ['priority', 'group', 'day'] as const;
type Dimension = (typeof DIMENSIONS)[number];

interface PreviewProps {
  /** What is tried; null while it cannot be. */
  draft: () => Pick<SlaDraft, 'policies' | 'calendars'> | null;
  zone: string;
  /** The result is of an older draft than the one on the screen. */
  outdated: boolean;
  onTried: () => void;
  onRefused: (error: ApiError) => void;
}

export function Preview({ draft, zone, outdated, onTried, onRefused }: PreviewProps) {
  const { w } = useTelling();
  const [days, setDays] = useState<number>(30);
  const [soFar, setSoFar] = useState<SlaPreview | null>(null);
  const { mutate, data, isPending, error } = usePreview(setSoFar);
  const shown = isPending ? soFar : data;
  const attempt = (): void => {
    const tried = draft();
    if (tried === null) return;
    const until = new Date(deskNow());
    setSoFar(null);
    mutate(
      { ...tried, since: new Date(until.getTime() - days * DAY_MS).toISOString(), until: until.toISOString(), zone, most: MOST },
      {
        onSuccess: onTried,
        onError: (refused) => {
          if (refused instanceof ApiError) onRefused(refused);
        },
      },
    );
  };
  const refused = error instanceof ApiError && error.errors.length > 0;
  return (
    <section className="preview" aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.text')}</p>
      <div className="fields fields--end">
        <Select label={w('preview.period')} value={String(days)} choices={PERIODS.map((count) => ({ value: String(count), name: w('preview.days', { count }) }))} onChange={(value) => setDays(Number(value))} />
        <Button variant="default" loading={isPending} onClick={attempt}>
          {w('preview.try')}
        </Button>
      </div>
      <div aria-live="polite" aria-busy={isPending}>
        {error && !refused && <p className="field__fault">{w('preview.failed')}</p>}
        {data && outdated && <p className="preview__old">{w('preview.outdated')}</p>}
        {shown && <Result found={shown} />}
      </div>
    </section>
  );
}

function Result({ found }: { found: SlaPreview }) {
  const telling = useTelling();
  const { t, w } = telling;
  const metrics = METRICS.filter((metric) => found.rows.some((row) => row.metric === metric));
  const [metric, setMetric] = useState<SlaMetric | null>(null);
  const [by, setBy] = useState<Dimension>('priority');
  const shown = metric ?? metrics[0] ?? 'first_response';
  const name = (row: SlaTallyRow): string => {
    if (by === 'group') return row.of === 'none' ? t('property.noGroup') : (telling.names.group(row.of) ?? row.of);
    if (by === 'priority') return t(`priority.${row.of as 'low'}`, { defaultValue: row.of });
    return row.of === 'open' ? w('preview.undecided') : row.of;
  };
  // The most urgent first; the API sorts by name.
  const rank = (row: SlaTallyRow): number => PRIORITIES.findIndex((priority) => priority === row.of);
  return (
    <div className="preview__result">
      <p className="preview__looked">
        {w('preview.looked', { count: found.tickets })} {!found.complete && w('preview.incomplete')}
      </p>
      <ByNow tickets={found.by_present_fields ?? []} />
      <Tallies caption={w('preview.byClock')} rows={found.rows.filter((row) => row.by === 'all')} name={(row) => t(`sla.metric.${row.metric}`)} />
      <div className="fields fields--end">
        <Select label={w('editor.clock')} value={shown} choices={metrics.map((value) => ({ value, name: t(`sla.metric.${value}`) }))} onChange={(value) => setMetric(value as SlaMetric)} />
        <Select label={w('preview.by')} value={by} choices={DIMENSIONS.map((value) => ({ value, name: w(`dimension.${value}`) }))} onChange={(value) => setBy(value as Dimension)} />
      </div>
      <Tallies caption={`${t(`sla.metric.${shown}`)}, ${w(`dimension.${by}`)}`} rows={found.rows.filter((row) => row.by === by && row.metric === shown).toSorted((one, other) => rank(one) - rank(other))} name={name} />
      <h3 className="setup__small">{w('preview.changes', { count: found.changes.length })}</h3>
      <ul className="changes">
        {found.changes.map((change) => (
          <li key={`${change.ticket}-${change.metric}-${change.run}`}>
            <Link className="link" to={ticketPath(change.ticket, DEFAULT_VIEW)}>
              #{change.number}
            </Link>{' '}
            <strong>{t(`sla.metric.${change.metric}`)}</strong>{' '}
            <span className={`kept kept--${change.old.kept}`}>{w(`kept.${change.old.kept}`)}</span> <span aria-hidden="true">→</span>
            <span className="visually-hidden">{w('preview.becomes')}</span> <span className={`kept kept--${change.new.kept}`}>{w(`kept.${change.new.kept}`)}</span>
            <span className="changes__why">{because(change, telling)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Tickets whose fields may have held something else then: nothing keeps what that was. */
function ByNow({ tickets }: { tickets: NonNullable<SlaPreview['by_present_fields']> }) {
  const { w } = useTelling();
  if (tickets.length === 0) return null;
  return (
    <details className="setup__details">
      <summary>{w('preview.byNow', { count: tickets.length })}</summary>
      <p className="setup__text">{w('preview.byNowText')}</p>
      <p className="by-now">
        {tickets.slice(0, MOST).map(({ id, number }) => (
          <Link key={id} className="link" to={ticketPath(id, DEFAULT_VIEW)}>
            #{number}
          </Link>
        ))}
      </p>
    </details>
  );
}

/** Why a promise is kept otherwise. */
function because({ old, new: next }: SlaChange, telling: Telling): string {
  const { w, language } = telling;
  const length = (seconds: number | null | undefined): string => showLength(seconds ?? 0, language);
  if (next.kept === 'none') return w('because.gone');
  const took = next.breached_at ? w('because.ranOut', { at: moment(next.breached_at, language) }) : w('because.took', { length: length(next.used_seconds) });
  if (old.kept === 'none') return w('because.fresh', { target: length(next.target_seconds), took });
  if (old.target_seconds !== next.target_seconds) return w('because.target', { before: length(old.target_seconds), target: length(next.target_seconds), took });
  if (old.used_seconds !== next.used_seconds) return w('because.hours', { before: length(old.used_seconds), after: length(next.used_seconds), took });
  return took;
}

function Tallies({ caption, rows, name }: { caption: string; rows: readonly SlaTallyRow[]; name: (row: SlaTallyRow) => string }) {
  const { w, language } = useTelling();
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const share = (value: number | null | undefined): string => (value === null || value === undefined ? '–' : percent.format(value));
  const kept = ({ met, breached }: SlaTallyRow['old']): string => w('preview.of', { met, all: met + breached });
  return (
    <div className="tallies">
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{caption}</span>
            </th>
            <th scope="col">{w('preview.was')}</th>
            <th scope="col">{w('preview.wouldBe')}</th>
            <th scope="col">{w('preview.difference')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const before = row.old.compliance;
            const after = row.new.compliance;
            const points = typeof before === 'number' && typeof after === 'number' ? Math.round((after - before) * 1000) / 10 : null;
            return (
              <tr key={`${row.metric}-${row.of}`}>
                <th scope="row">{name(row)}</th>
                <td>
                  {share(before)} <span className="tallies__count">{kept(row.old)}</span>
                </td>
                <td>
                  {share(after)} <span className="tallies__count">{kept(row.new)}</span>
                </td>
                <td className={points === null || points === 0 ? '' : points > 0 ? 'tallies__better' : 'tallies__worse'}>
                  {points === null ? '–' : w('preview.points', { points: `${points > 0 ? '+' : points < 0 ? '−' : '±'}${Math.abs(points)}` })}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
