// For which tickets a policy is: organizations, plans, tags and fields, each chosen by name.
import { useState } from 'react';
import { Several } from './several';
import { useTelling } from './use-telling';
import { Field as FormField, Select, type Choice } from '@/components/form';
import type { Field, SlaConditions } from '@/lib/api/types';
import { useFields, useNamed } from '@/lib/data/catalogue';
import { useOrganizationNames, usePlans } from '@/lib/data/sla';

interface Props {
  conditions: Required<SlaConditions>;
  /** Tags that other policies look at. */
  tags: readonly string[];
  set: (part: Partial<Required<SlaConditions>>) => void;
}

export function MoreConditions({ conditions, tags, set }: Props) {
  const { w } = useTelling();
  const named = useNamed();
  const [wanted, setWanted] = useState('');
  const { data: organizations = [] } = useOrganizationNames(wanted, conditions.organizations);
  const { data: plans = [] } = usePlans();
  return (
    <>
      <div className="fields">
        <Several label={w('condition.organizations')} chosen={conditions.organizations} choices={organizations} onSearch={setWanted} onChange={(chosen) => set({ organizations: chosen })} />
        <Several label={w('condition.plans')} chosen={conditions.plans} choices={plans.map((plan) => ({ value: plan.id, name: named(plan) }))} onChange={(chosen) => set({ plans: chosen })} />
        <Several label={w('condition.tags')} hint={w('editor.tagsHint')} free chosen={conditions.tags} choices={tags.map((tag) => ({ value: tag, name: tag }))} onChange={(chosen) => set({ tags: chosen })} />
      </div>
      <FieldConditions fields={conditions.fields} onChange={(fields) => set({ fields })} />
    </>
  );
}

function FieldConditions({ fields, onChange }: { fields: SlaConditions['fields'] & object; onChange: (fields: Record<string, string[]>) => void }) {
  const { w } = useTelling();
  const named = useNamed();
  const { data: known = [] } = useFields();
  const chosen = Object.keys(fields);
  const left = known.filter(({ id }) => !chosen.includes(id));
  const values = (field: Field | undefined): Choice[] => {
    if (field?.type === 'checkbox') return [{ value: 'true', name: w('condition.yes') }, { value: 'false', name: w('condition.no') }];
    return (field?.choices ?? []).map((one) => ({ value: one.id, name: named(one) }));
  };
  if (known.length === 0 && chosen.length === 0) return null;
  return (
    <div className="fields">
      {chosen.map((id) => {
        const field = known.find((one) => one.id === id);
        const choices = values(field);
        return (
          <Several
            key={id}
            label={w('condition.field', { field: field ? named(field) : id })}
            free={choices.length === 0}
            chosen={fields[id] ?? []}
            choices={choices}
            onChange={(some) => onChange(some.length > 0 ? { ...fields, [id]: some } : Object.fromEntries(Object.entries(fields).filter(([name]) => name !== id)))}
          />
        );
      })}
      {left.length > 0 && (
        <FormField label={w('condition.addField')}>
          {(wiring) => (
            <Select
              id={wiring.id}
              value=""
              choices={[{ value: '', name: w('condition.chooseField') }, ...left.map((field) => ({ value: field.id, name: named(field) }))]}
              onChange={(id) => id !== '' && onChange({ ...fields, [id]: [] })}
            />
          )}
        </FormField>
      )}
    </div>
  );
}
