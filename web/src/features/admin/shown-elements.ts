// Which elements of a form are shown for what was chosen so far: the rule that the desk itself holds requests to.
import type { FormCondition } from '@/lib/api/settings';
import type { FieldValue } from '@/lib/api/types';

interface Conditional {
  field: string | null;
  when: readonly FormCondition[];
}

const isEmpty = (value: FieldValue | undefined): boolean => value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);

function holds(condition: FormCondition, value: FieldValue | undefined): boolean {
  if (condition.filled !== undefined && condition.filled !== null) return condition.filled !== isEmpty(value);
  const held = Array.isArray(value) ? value.map(String) : isEmpty(value) ? (value === false ? ['false'] : []) : [String(value)];
  const oneOf = condition.one_of ?? [];
  if (oneOf.length > 0) return oneOf.some((one) => held.includes(one));
  return condition.equals !== undefined && condition.equals !== null && held.includes(String(condition.equals));
}

/** What a condition hides is empty for those further down. */
export function shownElements<Element extends Conditional>(elements: readonly Element[], about: Readonly<Record<'category' | 'type', string>>, values: Readonly<Record<string, FieldValue>>): Element[] {
  const seen: Record<string, FieldValue> = { ...about };
  return elements.filter((element) => {
    const shown = element.when.every((condition) => holds(condition, seen[condition.of]));
    if (shown && element.field !== null) seen[`fields/${element.field}`] = values[element.field] ?? null;
    return shown;
  });
}
