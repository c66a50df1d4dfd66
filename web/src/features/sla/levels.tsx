// What is done about a clock that nobody stops: escalations, level by level.
import { Button } from '@mantine/core';
import type { Level } from './draft';
import { toldName } from './explain';
import { useTelling } from './use-telling';
import { Choices, Fault, Field, Select } from '@/components/form';
import { METRICS, PRIORITIES, type SlaMetric } from '@/lib/api/types';
import { useAgents, useGroups } from '@/lib/data/directory';
import { useWebhooks } from '@/lib/data/webhooks';
import { IconClose } from '@/components/icons';

interface LevelsProps {
  levels: readonly Level[];
  faultOf: (field: string) => string | undefined;
  onChange: (levels: readonly Level[]) => void;
}

const ROLES = ['assignee', 'group', 'supervisors', 'admins'] as const;
const TIMINGS = ['percent', 'before', 'after'] as const;
const MOST = 12;

const fresh = (levels: readonly Level[]): Level => {
  const taken = new Set(levels.map(({ id }) => id));
  let number = levels.length + 1;
  while (taken.has(`level-${number}`)) number += 1;
  return { id: `level-${number}`, timing: 'percent', amount: '100', metrics: [], notify: ['supervisors'], assignee: null, group: null, priority: null, tags: '', webhooks: [] };
};

export function Levels({ levels, faultOf, onChange }: LevelsProps) {
  const { w } = useTelling();
  const set = (index: number, level: Level): void => onChange(levels.map((one, at) => (at === index ? level : one)));
  return (
    <div className="levels">
      {levels.map((level, index) => (
        <LevelForm
          key={level.id}
          number={index + 1}
          level={level}
          fault={faultOf(`levels.${index}`)}
          amountFault={faultOf(`levels.${index}.amount`)}
          onChange={(changed) => set(index, changed)}
          onRemove={() => onChange(levels.filter((one) => one !== level))}
        />
      ))}
      {levels.length < MOST && (
        <Button variant="default" onClick={() => onChange([...levels, fresh(levels)])}>
          {w('level.add')}
        </Button>
      )}
    </div>
  );
}

interface LevelFormProps {
  number: number;
  level: Level;
  fault: string | undefined;
  amountFault: string | undefined;
  onChange: (level: Level) => void;
  onRemove: () => void;
}

function LevelForm({ number, level, fault, amountFault, onChange, onRemove }: LevelFormProps) {
  const telling = useTelling();
  const { t, w } = telling;
  const { data: groups = [] } = useGroups();
  const { data: agents = [] } = useAgents();
  const { data: webhooks = [] } = useWebhooks();
  const none = { value: '', name: w('level.leave') };
  const told = [...ROLES, ...level.notify.filter((id) => !ROLES.some((role) => role === id))];
  return (
    <fieldset className="level">
      <legend className="level__title">{w('level.number', { number })}</legend>
      <button type="button" className="icon-button level__remove" aria-label={w('level.remove', { number })} onClick={onRemove}>
        <IconClose size={16} stroke={1.6} />
      </button>
      <div className="fields">
        <Field label={w('level.when')}>
          {({ id }) => (
            <Select
              id={id}
              value={level.timing}
              choices={TIMINGS.map((value) => ({ value, name: w(`timing.${value}`) }))}
              onChange={(value) => {
                const timing = TIMINGS.find((one) => one === value) ?? 'percent';
                onChange({ ...level, timing, amount: timing === 'percent' ? '100' : '30m' });
              }}
            />
          )}
        </Field>
        <Field label={w(level.timing === 'percent' ? 'level.percent' : 'level.length')} fault={amountFault}>
          {(wiring) => <input {...wiring} className="input" inputMode={level.timing === 'percent' ? 'numeric' : 'text'} value={level.amount} onChange={({ target }) => onChange({ ...level, amount: target.value })} />}
        </Field>
      </div>
      <Choices legend={w('level.metrics')} hint={w('level.allMetrics')} choices={METRICS.map((value) => ({ value, name: t(`sla.metric.${value}`) }))} chosen={level.metrics} onChange={(metrics) => onChange({ ...level, metrics: metrics as SlaMetric[] })} />
      <Choices legend={w('level.notify')} choices={told.map((value) => ({ value, name: toldName(value, telling) }))} chosen={level.notify} onChange={(notify) => onChange({ ...level, notify })} />
      <div className="fields">
        <Field label={w('level.priority')}>
          {({ id }) => (
            <Select
              id={id}
              value={level.priority ?? ''}
              choices={[none, { value: 'raise', name: w('level.raise') }, ...PRIORITIES.map((value) => ({ value, name: t(`priority.${value}`) }))]}
              onChange={(value) => onChange({ ...level, priority: value === '' ? null : (value as NonNullable<Level['priority']>) })}
            />
          )}
        </Field>
        <Field label={w('level.group')}>
          {({ id }) => <Select id={id} value={level.group ?? ''} choices={[none, ...groups.map((group) => ({ value: group.id, name: group.name }))]} onChange={(value) => onChange({ ...level, group: value || null })} />}
        </Field>
        <Field label={w('level.assignee')}>
          {({ id }) => <Select id={id} value={level.assignee ?? ''} choices={[none, ...agents.map((agent) => ({ value: agent.id, name: agent.name }))]} onChange={(value) => onChange({ ...level, assignee: value || null })} />}
        </Field>
        <Field label={w('level.tags')}>{({ id }) => <input id={id} className="input" value={level.tags} onChange={({ target }) => onChange({ ...level, tags: target.value })} />}</Field>
      </div>
      {webhooks.length > 0 && <Choices legend={w('level.webhooks')} choices={webhooks.map(({ id, name }) => ({ value: id, name }))} chosen={level.webhooks} onChange={(chosen) => onChange({ ...level, webhooks: chosen })} />}
      {fault !== undefined && <Fault text={fault} />}
    </fieldset>
  );
}
