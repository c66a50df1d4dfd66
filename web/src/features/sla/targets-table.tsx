// What each clock may take for each priority: a grid to type lengths into.
import { emptyRow, targetField, type Row } from './draft';
import { parseLength, showLength } from './lengths';
import { useTelling } from './use-telling';
import { Fault, Select } from '@/components/form';
import { PRIORITIES, type Priority } from '@/lib/api/types';
import { useGroups } from '@/lib/data/directory';

interface TargetsTableProps {
  rows: readonly Row[];
  faultOf: (field: string) => string | undefined;
  onChange: (rows: readonly Row[]) => void;
}

const sameHours = (row: Row): 'business' | 'calendar' | 'mixed' => {
  const kinds = new Set(PRIORITIES.map((priority) => row.business[priority]));
  return kinds.size > 1 ? 'mixed' : row.business.urgent ? 'business' : 'calendar';
};

export function TargetsTable({ rows, faultOf, onChange }: TargetsTableProps) {
  const { t, w, language } = useTelling();
  const { data: groups = [] } = useGroups();
  const free = groups.filter((group) => !rows.some((row) => row.group === group.id));
  const set = (index: number, row: Row): void => onChange(rows.map((one, at) => (at === index ? row : one)));
  const nameOf = (row: Row): string =>
    row.group === null ? t(`sla.metric.${row.metric}`) : w('explain.ofGroup', { metric: t(`sla.metric.${row.metric}`), group: groups.find(({ id }) => id === row.group)?.name ?? row.group });
  const all = faultOf('targets');
  return (
    <div className="targets">
      <table>
        <caption className="visually-hidden">{w('editor.targets')}</caption>
        <thead>
          <tr>
            <th scope="col">{w('editor.clock')}</th>
            {PRIORITIES.map((priority) => (
              <th key={priority} scope="col">
                {t(`priority.${priority}`)}
              </th>
            ))}
            <th scope="col">{w('editor.counts')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const name = nameOf(row);
            const hours = sameHours(row);
            return (
              <tr key={`${row.metric}-${row.group ?? ''}`}>
                <th scope="row">
                  {name}
                  <span className="field__hint">{w(`meaning.${row.metric}`)}</span>
                </th>
                {PRIORITIES.map((priority: Priority) => {
                  const field = targetField(row, priority);
                  const fault = faultOf(field);
                  return (
                    <td key={priority} data-priority={t(`priority.${priority}`)}>
                      <input
                        className="input targets__length"
                        aria-label={`${name}, ${t(`priority.${priority}`)}`}
                        aria-invalid={fault !== undefined}
                        aria-describedby={fault === undefined ? undefined : `fault-${field}`}
                        placeholder="–"
                        value={row.lengths[priority]}
                        onChange={({ target }) => set(index, { ...row, lengths: { ...row.lengths, [priority]: target.value } })}
                        onBlur={() => {
                          const seconds = parseLength(row.lengths[priority]);
                          if (seconds !== null) set(index, { ...row, lengths: { ...row.lengths, [priority]: showLength(seconds, language) } });
                        }}
                      />
                      {fault !== undefined && <Fault id={`fault-${field}`} text={fault} />}
                    </td>
                  );
                })}
                <td data-priority={w('editor.counts')}>
                  <Select
                    label={`${name}: ${w('editor.counts')}`}
                    value={hours}
                    choices={(hours === 'mixed' ? (['mixed', 'business', 'calendar'] as const) : (['business', 'calendar'] as const)).map((value) => ({ value, name: w(`hours.${value}`) }))}
                    onChange={(value) => {
                      if (value === 'mixed') return;
                      const business = value === 'business';
                      set(index, { ...row, business: { urgent: business, high: business, normal: business, low: business } });
                    }}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {all !== undefined && <Fault text={all} />}
      {free.length > 0 && (
        <Select
          label={w('editor.addGroup')}
          value=""
          choices={[{ value: '', name: w('editor.addGroup') }, ...free.map(({ id, name }) => ({ value: id, name }))]}
          onChange={(group) => {
            if (group !== '') onChange([...rows, emptyRow('handoff', group)]);
          }}
        />
      )}
    </div>
  );
}
