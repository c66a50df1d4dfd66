// Conditions: a list of comparisons, or the whole tree as text where they are more than a list.
import { Button } from '@mantine/core';
import { useId } from 'react';
import { OPS, rowsOf, TRIGGERS_ONLY, treeOf, type Draft, type Row } from './draft';
import { useWords } from './words';
import { Field, Select, type Choice } from '@/components/form';
import { IconClose } from '@/components/icons';
import { PRIORITIES, STATUSES } from '@/lib/api/types';
import { useAgents, useCategories, useGroups } from '@/lib/data/directory';
import { useNamed } from '@/lib/data/catalogue';
import { usePlans, usePolicies } from '@/lib/data/sla';
import { useT } from '@/lib/i18n/use-t';
import type english from '@/locales/rules/en.json';

interface ConditionsProps {
  draft: Draft;
  fault: string | undefined;
  onChange: (part: Partial<Draft>) => void;
}

export function Conditions({ draft, fault, onChange }: ConditionsProps) {
  const w = useWords();
  const listId = useId();
  const known = useKnownValues();
  const tree = treeOf(draft);
  const plain = tree === null ? null : rowsOf(tree);
  const change = (at: number, part: Partial<Row>): void => onChange({ rows: draft.rows.map((row, place) => (place === at ? { ...row, ...part } : row)) });
  if (draft.text !== null) {
    return (
      <>
        <Field label={w('editor.textLabel')} fault={fault}>
          {(wiring) => <textarea {...wiring} className="input input--code" rows={8} spellCheck={false} value={draft.text ?? ''} onChange={({ target }) => onChange({ text: target.value })} />}
        </Field>
        {plain && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange({ ...plain, text: null })}>
            {w('editor.asRows')}
          </Button>
        )}
      </>
    );
  }
  const fields = Object.keys(OPS).filter((name) => draft.kind === 'trigger' || !TRIGGERS_ONLY.has(name));
  return (
    <>
      {draft.rows.length > 1 && (
        <Select
          label={w('editor.conditions')}
          value={draft.join}
          choices={[
            { value: 'all', name: w('editor.all') },
            { value: 'any', name: w('editor.any') },
          ]}
          onChange={(join) => onChange({ join: join === 'any' ? 'any' : 'all' })}
        />
      )}
      {draft.rows.length === 0 && <p className="setup__text">{w('editor.everything')}</p>}
      {draft.rows.map((row, at) => (
        <div key={at} className="rule-row">
          <Select label={w('editor.field')} value={row.field} choices={fields.map((name) => ({ value: name, name: w(`field.${name as keyof typeof english.field}`) }))} onChange={(field) => change(at, { field, op: OPS[field]?.[0] ?? 'is' })} />
          <Select label={w('editor.op')} value={row.op} choices={(OPS[row.field] ?? []).map((op) => ({ value: op, name: w(`op.${op as keyof typeof english.op}`) }))} onChange={(op) => change(at, { op })} />
          <input className="input" aria-label={w('editor.values')} list={known.has(row.field) ? `${listId}${row.field}` : undefined} value={row.values} onChange={({ target }) => change(at, { values: target.value })} />
          <button type="button" className="icon-button" aria-label={w('editor.removeRow')} title={w('editor.removeRow')} onClick={() => onChange({ rows: draft.rows.filter((_, place) => place !== at) })}>
            <IconClose size={16} stroke={1.6} />
          </button>
        </div>
      ))}
      {[...known].map(([field, choices]) => (
        <datalist key={field} id={`${listId}${field}`}>
          {choices.map(({ value, name }) => (
            <option key={value} value={value} label={name} />
          ))}
        </datalist>
      ))}
      {fault !== undefined && (
        <p className="field__fault" role="alert">
          {fault}
        </p>
      )}
      {draft.rows.length > 0 && <p className="field__hint">{w('editor.valuesHint')}</p>}
      <div className="setup__acts">
        <Button variant="default" size="compact-sm" onClick={() => onChange({ rows: [...draft.rows, { field: 'subject', op: 'contains', values: '' }] })}>
          {w('editor.addRow')}
        </Button>
        <Button variant="subtle" size="compact-sm" onClick={() => onChange({ text: JSON.stringify(tree ?? {}, null, 2) })}>
          {w('editor.asText')}
        </Button>
      </div>
    </>
  );
}

/** What a comparison's value can be, by field, where the desk knows. */
function useKnownValues(): ReadonlyMap<string, readonly Choice[]> {
  const t = useT();
  const { data: groups = [] } = useGroups();
  const { data: agents = [] } = useAgents();
  const { data: categories = [] } = useCategories();
  const { data: policies = [] } = usePolicies();
  const { data: plans = [] } = usePlans();
  const nameOf = useNamed();
  const named = (items: readonly { id: string; name: string }[]): Choice[] => items.map(({ id, name }) => ({ value: id, name }));
  return new Map([
    ['priority', PRIORITIES.map((one) => ({ value: one, name: t(`priority.${one}`) }))],
    ['status', STATUSES.map((one) => ({ value: one, name: t(`status.${one}`) }))],
    ['group', named(groups)],
    ['assignee', named(agents)],
    ['category', named(categories)],
    ['sla_policy', named(policies)],
    ['organization_plan', plans.map((plan) => ({ value: plan.id, name: nameOf(plan) }))],
    ['organization_group', named(groups)],
  ]);
}
