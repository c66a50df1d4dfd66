// With whom a canned response, macro or checklist is shared, and where it lies.
import { orNone, useGroupChoices } from './choices';
import { orNothing, type Form } from './form';
import { Pick, Side, Text } from './inputs';
import { useTelling } from './use-telling';
import type { CannedResponse } from '@/lib/api/settings';

export interface Shared {
  title: string;
  folder: string;
  scope: CannedResponse['scope'];
  group: string | null;
}

const SCOPES = ['shared', 'group', 'personal'] as const satisfies readonly Shared['scope'][];
const MOST_PAGES = 10;

export const FRESH: Shared = { title: '', folder: '', scope: 'shared', group: null };

/** All of something that comes by pages, a thousand at most. */
export async function allOf<Item>(page: (cursor: string | undefined) => Promise<{ items: Item[]; next_cursor?: string | null }>): Promise<Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  for (let number = 0; number < MOST_PAGES; number += 1) {
    const { items, next_cursor: next } = await page(cursor);
    found.push(...items);
    if (next === null || next === undefined) break;
    cursor = next;
  }
  return found;
}

export const paged = (cursor: string | undefined): { params: { query: { limit: number; cursor?: string } } } => ({ params: { query: { limit: 100, ...(cursor === undefined ? {} : { cursor }) } } });

/** One key a save, so that a repetition after a lost answer makes no second one. */
export const once = (): { header: { 'Idempotency-Key': string } } => ({ header: { 'Idempotency-Key': crypto.randomUUID() } });

export function Sharing({ form }: { form: Form<Shared> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  return (
    <>
      <Text of={form.bind('title')} label={w('form.titleLabel')} hint={w('form.titleHint')} most={200} required />
      <Side>
        <Text of={form.bind('folder')} label={w('form.folder')} hint={w('form.folderHint')} most={200} />
        <Pick
          of={{ ...form.bind('scope'), set: (scope) => form.change({ scope, group: scope === 'group' ? (form.draft.group ?? groups[0]?.value ?? null) : null }) }}
          label={w('form.scope')}
          choices={SCOPES.map((one) => ({ value: one, name: w(`scopes.${one}`) }))}
        />
        {form.draft.scope === 'group' && <Pick of={orNothing(form.bind('group'))} label={w('form.group')} choices={orNone('–', groups)} />}
      </Side>
    </>
  );
}
