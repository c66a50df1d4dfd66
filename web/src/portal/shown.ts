// Which parts of a category's form are asked for: the server's rules, so that nothing is asked that it would not keep.
import type { FormCondition, FormElement } from '@/lib/api/types';

export type FieldValue = string | number | boolean | string[];
export type Values = Readonly<Record<string, FieldValue>>;

const empty = (value: FieldValue | null | undefined): boolean =>
  value === undefined || value === null || value === false || (Array.isArray(value) ? value.length === 0 : value === '');

function lookedAt(of: string, category: string, values: Values): FieldValue | undefined {
  if (of === 'category') return category;
  return of === 'type' ? 'request' : values[of.replace('fields/', '')];
}

function holds(condition: FormCondition, category: string, values: Values): boolean {
  const value = lookedAt(condition.of, category, values);
  const among = Array.isArray(value) ? value : [value];
  if (condition.filled !== null) return condition.filled !== empty(value);
  if (condition.one_of.length > 0) return among.some((one) => condition.one_of.includes(String(one)));
  return among.some((one) => one === condition.equals);
}

/** The elements that are shown, in order; what hangs on a field that is not shown is not shown either. */
export function shownOf(elements: readonly FormElement[], category: string, values: Values): FormElement[] {
  const known: Record<string, FieldValue> = {};
  return elements.filter((element) => {
    if (!element.when.every((condition) => holds(condition, category, known))) return false;
    const id = element.field?.id;
    const value = id === undefined ? undefined : values[id];
    if (id !== undefined && value !== undefined) known[id] = value;
    return true;
  });
}

/** What goes along with a request: of fields that are shown, what was filled in. */
export function filledIn(elements: readonly FormElement[], category: string, values: Values): Record<string, FieldValue> {
  const asked = shownOf(elements, category, values).flatMap((element) => (element.field ? [element.field.id] : []));
  return Object.fromEntries(
    asked.flatMap((id) => {
      const value = values[id];
      return value === undefined || empty(value) ? [] : [[id, value]];
    }),
  );
}

/** Ids of fields that are shown, wanted, and empty. */
export const missingOf = (elements: readonly FormElement[], category: string, values: Values): string[] =>
  shownOf(elements, category, values).flatMap(({ field, required }) => (field && required && empty(values[field.id]) ? [field.id] : []));
