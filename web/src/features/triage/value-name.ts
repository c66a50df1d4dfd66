// What a value is called that the desk took a ticket to have.
import type { TFunction } from 'i18next';
import type { Words } from './words';
import type { Priority, TriageField } from '@/lib/api/types';
import { PRIORITIES } from '@/lib/api/types';
import type { Names } from '@/lib/data/directory';

const VALUES = ['upset', 'calm', 'spam', 'wanted', 'en', 'ko', 'ja'] as const;

export function valueName(field: TriageField, value: string, { t, w, names }: { t: TFunction; w: Words; names: Names }): string {
  if (field === 'category') return names.category(value) ?? value;
  if (field === 'group') return names.group(value) ?? value;
  if (field === 'priority') return PRIORITIES.includes(value as Priority) ? t(`priority.${value as Priority}`) : value;
  const known = VALUES.find((one) => one === value);
  return known === undefined ? value : w(`value.${known}`);
}
