// Which copies that the page keeps are old once the desk says that a kind of things was changed: by whom else, or in another window.
import type { QueryClient, QueryKey } from '@tanstack/react-query';
import { askAfresh } from '@/lib/api/client';

const NAMED: QueryKey[] = [['agents'], ['groups'], ['me']];

const COPIES: Readonly<Record<string, readonly QueryKey[]>> = {
  agent: NAMED,
  group: NAMED,
  role: [['me']],
  category: [['categories']],
  field: [['fields']],
  form: [['fields'], ['forms']],
  status: [['statuses'], ['tickets']],
  product: [['products']],
  view: [['views'], ['counts'], ['tickets']],
  macro: [['macros'], ['quick']],
  canned_response: [['quick']],
  checklist: [['checklists']],
  policy: [['sla-policies']],
  calendar: [['calendars'], ['sla-policies']],
  rule: [['rules']],
  webhook: [['webhooks']],
  triage: [['triage-settings']],
  general: [['me']],
  // A ticket shows who asks as they are called now.
  person: [['people'], ['person'], ['ticket']],
  organization: [['organizations'], ['people'], ['person']],
};

/** Lets what is shown of these kinds be asked for anew. */
export async function renewCopies(client: QueryClient, kinds: readonly string[]): Promise<void> {
  if (kinds.length === 0) return;
  askAfresh();
  const keys = kinds.flatMap((kind) => COPIES[kind] ?? []);
  // The administration lists them all.
  await Promise.all([['settings'], ...keys].map((queryKey) => client.invalidateQueries({ queryKey })));
}
