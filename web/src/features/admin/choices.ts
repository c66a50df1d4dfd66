// What inputs of settings offer: groups, agents, categories and the like, each by name.
import { useTelling } from './use-telling';
import type { Choice } from '@/components/form';
import type { Field } from '@/lib/api/types';
import { useFields, useProducts, useStatuses } from '@/lib/data/catalogue';
import { useAgents, useCategories, useGroups } from '@/lib/data/directory';

/** The same with "none" before them. */
export const orNone = (name: string, choices: readonly Choice[]): Choice[] => [{ value: '', name }, ...choices];

const named = (items: readonly { id: string; name: string }[] | undefined): Choice[] => (items ?? []).map(({ id, name }) => ({ value: id, name }));

export const useGroupChoices = (): Choice[] => named(useGroups().data);
export const useAgentChoices = (): Choice[] => named(useAgents().data);
export const useCategoryChoices = (): Choice[] => named(useCategories().data);

export function useProductChoices(): Choice[] {
  const { named: nameOf } = useTelling();
  return (useProducts().data ?? []).map((one) => ({ value: one.id, name: nameOf(one) }));
}

export function useStatusChoices(): Choice[] {
  const { t, named: nameOf } = useTelling();
  return (useStatuses().data ?? []).map((one) => ({ value: one.id, name: one.id === one.base && Object.keys(one.names ?? {}).length === 0 ? t(`status.${one.base}`) : nameOf(one) }));
}

export interface FieldChoice extends Choice {
  type: Field['type'];
  choices: Choice[] | undefined;
  definition: Field;
}

export function useFieldChoices(): FieldChoice[] {
  const { named: nameOf } = useTelling();
  return (useFields().data ?? []).map((one) => ({
    value: one.id,
    name: nameOf(one),
    type: one.type,
    choices: (one.choices ?? []).length > 0 ? one.choices?.map((choice) => ({ value: choice.id, name: nameOf(choice) })) : undefined,
    definition: one,
  }));
}
