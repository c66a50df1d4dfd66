// What the trail tells of in the reader's words: kinds of things, what was done to them, and their properties.
import type { Telling } from './kind';
import type { AuditEntry } from '@/lib/api/settings';
import type english from '@/locales/admin/en.json';

type Words = typeof english.audit;

/** What the trail tells of. */
export const KINDS = [
  'general', 'agent', 'session', 'group', 'category', 'mailbox', 'policy', 'calendar', 'blocked', 'status', 'field', 'form', 'product', 'role',
  'rule', 'plan', 'survey', 'triage', 'assignment', 'webhook', 'retention', 'section', 'brand', 'canned_response', 'macro', 'checklist', 'view',
  'mail_template', 'article', 'person', 'organization', 'single_sign_on', 'ticket', 'community_post', 'community_member',
] as const satisfies readonly (keyof Words['kinds'])[];

const raw = (name: string): string => name.replaceAll('_', ' ');

export const kindName = (kind: string, { w }: Pick<Telling, 'w'>): string => w(`audit.kinds.${kind as keyof Words['kinds']}`, { defaultValue: raw(kind) });
export const actionName = (action: string, { w }: Pick<Telling, 'w'>): string => w(`audit.actions.${action as keyof Words['actions']}`, { defaultValue: raw(action) });
export const propertyName = (name: string, { w }: Pick<Telling, 'w'>): string => w(`audit.properties.${name as keyof Words['properties']}`, { defaultValue: raw(name) });

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** What is named differently in each language, in the reader's or the nearest there is. */
function inLanguage(names: unknown, { language }: Pick<Telling, 'language'>): string | null {
  if (typeof names !== 'object' || names === null || Array.isArray(names)) return null;
  const said = names as Readonly<Record<string, unknown>>;
  return textOf(said[language]) ?? textOf(said['en']) ?? textOf(Object.values(said)[0]);
}

/** What an entry is about, by name as far as that is known: what it is called now, or was when it was taken away. */
export function subjectOf({ kind, target, target_name: now, before, after }: Pick<AuditEntry, 'kind' | 'target' | 'target_name' | 'before' | 'after'>, telling: Telling): string {
  const thing = kindName(kind, telling);
  if (kind === 'general') return thing;
  if (kind === 'triage') return telling.w('audit.entry', { kind: thing, name: telling.t(`property.${target as 'category'}`, { defaultValue: raw(target) }) });
  const once = [after, before].map((values) => textOf(values?.['name']) ?? textOf(values?.['title']) ?? inLanguage(values?.['names'], telling)).find((name) => name !== null);
  const name = now ?? once;
  return name === undefined ? thing : telling.w('audit.entry', { kind: thing, name });
}

/** One value of a property: colleagues, groups and the like by name. */
export function valueName(property: string, value: string, { t, names }: Pick<Telling, 't' | 'names'>): string {
  switch (property) {
    case 'group':
    case 'groups':
    case 'default_group':
      return names.group(value) ?? value;
    case 'category':
    case 'categories':
      return names.category(value) ?? value;
    case 'blocked_by':
      return names.agent(value) ?? value;
    case 'pause_on':
    case 'base':
      return t(`status.${value as 'open'}`, { defaultValue: value });
    default:
      return value;
  }
}
