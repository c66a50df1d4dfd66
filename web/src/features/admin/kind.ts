// What a kind of settings is to its pages: where it is kept, how it is listed, and the form that changes it.
import type { ComponentType } from 'react';
import type { TFunction } from 'i18next';
import type { Form } from './form';
import type { Words } from './words';
import type { Api } from '@/lib/api/client';
import type { Permission } from '@/lib/api/settings';
import type { Names } from '@/lib/data/directory';
import type { Language } from '@/lib/i18n/languages';
import type english from '@/locales/admin/en.json';

export type KindName = keyof typeof english.kinds;

/** What sentences about settings need. */
export interface Telling {
  t: TFunction;
  w: Words;
  language: Language;
  names: Names;
  named: (thing: { id: string; names?: Readonly<Record<string, string>> } | undefined) => string;
}

export interface Kind<Item extends { id: string }, Draft extends object> {
  name: KindName;
  /** What the file of settings calls it; null: its versions are not kept there. */
  part: string | null;
  /** Who may change one. */
  needs: Permission;
  items: (api: Api) => Promise<Item[]>;
  /** One whole, where the list holds less of each. */
  one?: (api: Api, id: string) => Promise<Item>;
  /** `id` null: the desk names it. `seen`: the version the draft began with, 0 for something new, null where there are none. */
  save: (api: Api, id: string | null, draft: Draft, seen: number | null) => Promise<unknown>;
  /** Absent: it cannot be taken away. */
  remove?: (api: Api, id: string, seen: number | null) => Promise<void>;
  /** Whether who adds one chooses its id; otherwise the desk does. */
  ownId: boolean;
  /** Null: it cannot be added to. */
  fresh: (() => Draft) | null;
  draftOf: (item: Item) => Draft;
  versionOf: (item: Item) => number | null;
  /** What a draft is called, in English where it has a name there: its id is made of it. */
  nameOf: (draft: Draft) => string;
  title: (item: Item, telling: Telling) => string;
  /** What the list says beside it. */
  facts: (item: Item, telling: Telling) => (string | null)[];
  /** Shown, and not to be changed. */
  fixed?: (item: Item) => boolean;
  /** Cannot be taken away, though others of its kind can. */
  stays?: (item: Item) => boolean;
  Form: ComponentType<{ form: Form<Draft> }>;
  /** What it looks like to those it is for, beside the form. */
  Beside?: ComponentType<{ form: Form<Draft> }>;
}

/** The version that was decided upon; 0: it must be new. */
export const seenAt = (seen: number | null): { header: { 'If-Match': string } } => ({ header: { 'If-Match': `"${seen ?? 0}"` } });

/** Where a setting is written, and the version that was decided upon. */
export const at = (id: string | null, seen: number | null): { path: { id: string }; header: { 'If-Match': string } } => ({ path: { id: id ?? '' }, ...seenAt(seen) });
