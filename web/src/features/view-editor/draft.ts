// A view as it is written in the form, and as it is sent.
import type { DeskView, ViewDraft, ViewTrial } from '@/lib/api/types';
import { EVERYTHING, groupOf, treeOf, type Group } from '@/lib/tickets/conditions';

type Scope = DeskView['scope'];

export interface Draft {
  title: string;
  scope: Scope;
  /** Whose view it is, of the scope "group". */
  group: string;
  folder: string;
  conditions: Group;
  sort: readonly { field: string; descending: boolean }[];
  groupBy: string;
  columns: readonly string[];
  /** What the form does not show, and keeps. */
  names: DeskView['names'];
  position: number;
}

export const EMPTY: Draft = { title: '', scope: 'personal', group: '', folder: '', conditions: EVERYTHING, sort: [], groupBy: '', columns: [], names: {}, position: 0 };

export const draftOf = (view: DeskView): Draft => ({
  title: view.title,
  scope: view.scope,
  group: view.group ?? '',
  folder: view.folder,
  conditions: groupOf(view.conditions),
  sort: view.sort,
  groupBy: view.group_by ?? '',
  columns: view.columns,
  names: view.names,
  position: view.position,
});

/** One's own view that begins as another one stands. */
export const copyOf = (view: DeskView, title: string): Draft => ({ ...draftOf(view), title, scope: 'personal', group: '', folder: '', names: {}, position: 0 });

const asked = ({ conditions, sort, groupBy }: Draft) => ({ conditions: treeOf(conditions) as ViewDraft['conditions'], sort: sort.map(({ field, descending }) => ({ field, descending })), group_by: groupBy === '' ? null : groupBy });

export const bodyOf = (draft: Draft): ViewDraft => ({
  ...asked(draft),
  title: draft.title.trim(),
  // Words in other languages belong to the title as it was.
  names: draft.names,
  columns: [...draft.columns],
  position: draft.position,
  scope: draft.scope,
  group: draft.scope === 'group' ? draft.group : null,
  folder: draft.folder.trim(),
});

const TRIED = 6;
export const trialOf = (draft: Draft): ViewTrial => ({ ...asked(draft), limit: TRIED });
