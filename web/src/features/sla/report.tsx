// How promises were kept: read from figures that are kept as tickets live, for any days.
import { useState } from 'react';
import { showLength } from './lengths';
import { useTelling } from './use-telling';
import { Field, Select } from '@/components/form';
import { PRIORITIES, type SlaReport, type SlaReportBy } from '@/lib/api/types';
import { usePolicies, useSlaReport } from '@/lib/data/sla';

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
        <Field label={w('report.from')}>{({ id }) => <input id={id} type="date" className="input" value={from} max={to} onChange={({ target }) => setDays({ from: target.value, to })} />}</Field>
        <Field label={w('report.to')}>{({ id }) => <input id={id} type="date" className="input" value={to} min={from} onChange={({ target }) => setDays({ from, to: target.value })} />}</Field>
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
  const metrics = [...new Set(report.items.map(({ metric }) => metric))];
  return metrics.map((metric) => (
    <div key={metric} className="tallies tallies--wide">
      <table>
        <caption>{t(`sla.metric.${metric}`)}</caption>
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
            .filter((item) => item.metric === metric)
            .map((item) => (
              <tr key={item.of}>
                <th scope="row">{report.by === 'metric' ? w('report.all') : name(item.of)}</th>
                <td>{item.compliance === null ? '–' : percent.format(item.compliance)}</td>
                <td>{count.format(item.met)}</td>
                <td>{count.format(item.breached)}</td>
                <td>{item.late_seconds === 0 ? '–' : showLength(item.late_seconds, language)}</td>
                <td>{item.paused_seconds === 0 ? '–' : showLength(item.paused_seconds, language, false)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  ));
}
