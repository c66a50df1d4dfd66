// The form's text while it is being written, and what is still wrong with it.
import type { FieldValue, Values } from './shown';

export interface Draft {
  name: string;
  email: string;
  subject: string;
  body: string;
  category: string;
  /** What the category's own fields hold, by their ids. */
  fields: Values;
}

export type FieldName = Exclude<keyof Draft, 'category' | 'fields'>;
export type Trouble = 'required' | 'email' | 'tooLong' | 'field';

export const EMPTY: Draft = { name: '', email: '', subject: '', body: '', category: '', fields: {} };
const LIMITS: Record<FieldName, number> = { name: 200, email: 254, subject: 250, body: 50_000 };

/** What was kept in the tab, whatever state it is in. */
export function draftOf(kept: unknown): Draft {
  if (typeof kept !== 'object' || kept === null) return EMPTY;
  const texts = Object.entries(kept).filter((entry): entry is [string, string] => entry[0] in EMPTY && typeof entry[1] === 'string');
  const fields: unknown = 'fields' in kept ? kept.fields : null;
  return { ...EMPTY, ...Object.fromEntries(texts), fields: typeof fields === 'object' && fields !== null ? valuesOf(fields) : {} };
}

const valuesOf = (kept: object): Values =>
  Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, FieldValue] => entry[1] !== null && (typeof entry[1] !== 'object' || Array.isArray(entry[1]))));

/** Troubles by field, in the order in which the fields stand on the page. */
export function check(draft: Draft): Partial<Record<FieldName, Trouble>> {
  const troubles: Partial<Record<FieldName, Trouble>> = {};
  for (const name of ['subject', 'body', 'email', 'name'] as const) {
    const value = draft[name].trim();
    if (value === '' && name !== 'name') troubles[name] = 'required';
    else if (value.length > LIMITS[name]) troubles[name] = 'tooLong';
    else if (name === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value)) troubles[name] = 'email';
  }
  return troubles;
}

/** The field that a JSON pointer of the API's answer speaks of. */
export function fieldOf(pointer: string): FieldName | null {
  const last = pointer.split('/').at(-1);
  return last === 'name' || last === 'email' || last === 'subject' || last === 'body' ? last : null;
}

/** The category's own field that a JSON pointer speaks of. */
export const ownFieldOf = (pointer: string): string | null => /^\/fields\/(?<id>[^/]+)/.exec(pointer)?.groups?.['id'] ?? null;
