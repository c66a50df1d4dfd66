// How promises were kept: read from figures that are kept as tickets live, for any days.
import { useState } from 'react';
import { showLength } from './lengths';
import { useTelling } from './use-telling';
import { Field, Select } from '@/components/form';
import { WhenInput } from '@/components/when-input';
import { PRIORITIES, type SlaReport, type SlaReportBy } from '@/lib/api/types';
import { usePolicies, useSlaReport } from '@/lib/data/sla';

const MINUTE = 60;
const BY = ['metric', 'priority', 'group', 'policy', 'day'] as const satisfies readonly SlaReportBy[];

export function Report() {
  const { w } = useTelling();
  // Until someone chooses days, the desk does: its last thirty.
  const [days, setDays] = useState<{ from: string; to: string } | null>(null);
  const [by, setBy] = useState<SlaReportBy>('metric');
  const { data, isError } = useSlaReport(days, by);
  const { from, to } = days ?? { from: data?.since ?? '', to: data?.until ?? '' };
  return (
    <>
      <h1 className="setup__title">{w('report.title')}</h1>
      <p className="setup__text">{w('report.text')}</p>
      <div className="fields fields--end">
        <Field label={w('report.from')}>{({ id }) => <WhenInput id={id} type="date" value={from} max={to} onChange={(day) => setDays({ from: day, to })} />}</Field>
        <Field label={w('report.to')}>{({ id }) => <WhenInput id={id} type="date" value={to} min={from} onChange={(day) => setDays({ from, to: day })} />}</Field>
        <Field label={w('preview.by')}>
          {({ id }) => <Select id={id} value={by} choices={BY.map((value) => ({ value, name: w(`reportBy.${value}`) }))} onChange={(value) => setBy(value as SlaReportBy)} />}
        </Field>
      </div>
      <div aria-live="polite">
        {isError && <p className="field__fault">{w('report.failed')}</p>}
        {data?.items.length === 0 && <p className="setup__text">{w('report.none')}</p>}
        {data && data.items.length > 0 && <Figures report={data} />}
      </div>
    </>
  );
}

function Figures({ report }: { report: SlaReport }) {
  const { t, w, language, names } = useTelling();
  const { data: policies = [] } = usePolicies();
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const count = new Intl.NumberFormat(language);
  const name = (of: string): string => {
    if (report.by === 'priority') return t(`priority.${of as 'low'}`, { defaultValue: of });
    if (report.by === 'group') return of === '' ? t('property.noGroup') : (names.group(of) ?? of);
    if (report.by === 'policy') return policies.find(({ id }) => id === of)?.name ?? of;
    return of;
  };
  const rank = (of: string): number => PRIORITIES.findIndex((priority) => priority === of);
  const items = report.by === 'priority' ? report.items.toSorted((one, other) => rank(one.of) - rank(other.of)) : report.items;
  // By clock there is one line for each; by all else, one table for each clock.
  const tables = report.by === 'metric' ? [null] : [...new Set(report.items.map(({ metric }) => metric))];
  return tables.map((metric) => (
    // What scrolls sideways has to be reached by the keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div key={metric} className="tallies tallies--wide" tabIndex={0} role="region" aria-label={metric === null ? w('page.report') : t(`sla.metric.${metric}`)}>
      <table>
        {metric !== null && <caption>{t(`sla.metric.${metric}`)}</caption>}
        <thead>
          <tr>
            <th scope="col">{w(`reportBy.${report.by}`)}</th>
            <th scope="col">{w('report.kept')}</th>
            <th scope="col">{w('kept.met')}</th>
            <th scope="col">{w('kept.breached')}</th>
            <th scope="col">{w('report.late')}</th>
            <th scope="col">{w('report.paused')}</th>
          </tr>
        </thead>
        <tbody>
          {items
            .filter((item) => metric === null || item.metric === metric)
            .map((item) => (
              <tr key={item.of}>
                <th scope="row">{report.by === 'metric' ? t(`sla.metric.${item.metric}`) : name(item.of)}</th>
                <td>
                  {item.compliance === null ? (
                    '–'
                  ) : (
                    <span className="tallies__kept">
                      <span className="tallies__bar" aria-hidden="true">
                        <span style={{ width: `${item.compliance * 100}%` }} />
                      </span>
                      {percent.format(item.compliance)}
                    </span>
                  )}
                </td>
                <td>{count.format(item.met)}</td>
                <td>{count.format(item.breached)}</td>
                <td>{item.late_seconds === 0 ? '–' : showLength(inMinutes(item.late_seconds), language)}</td>
                <td>{item.paused_seconds === 0 ? '–' : showLength(inMinutes(item.paused_seconds), language, false)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  ));
}

/** What adds up over weeks is told to the minute; what is less than one still shows. */
const inMinutes = (seconds: number): number => (seconds < MINUTE ? seconds : Math.round(seconds / MINUTE) * MINUTE);
