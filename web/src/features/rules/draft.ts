// A rule as it is written in the form, and as it is sent. Conditions that are no plain list of comparisons stay text.
import type { Rule, RuleDraft } from '@/lib/api/types';

export type Join = 'all' | 'any';

/** One comparison as it is typed: several values with commas between. */
export interface Row {
  field: string;
  op: string;
  values: string;
}

export interface Draft {
  name: string;
  kind: RuleDraft['kind'];
  on: readonly string[];
  join: Join;
  rows: readonly Row[];
  /** The whole tree as JSON, where it is more than a list; null: `rows` has it. */
  text: string | null;
  group: string;
  assignee: string;
  priority: string;
  status: string;
  category: string;
  addTags: string;
  removeTags: string;
  note: string;
  task: string;
  reply: string;
  webhooks: readonly string[];
  macro: string;
  slaPolicy: string;
  stop: boolean;
  order: string;
  enabled: boolean;
  /** What the form does not show of a rule's actions, and keeps. */
  kept: Rule['actions'] | null;
  description: string;
}

const SEVERAL = new Set(['is', 'is_not', 'contains']);
/** Comparisons by field, the usual ones first. */
export const OPS: Readonly<Record<string, readonly string[]>> = {
  subject: ['contains'],
  message_text: ['contains'],
  requester_text: ['contains'],
  priority: ['is', 'is_not'],
  status: ['is', 'is_not'],
  type: ['is', 'is_not'],
  channel: ['is', 'is_not'],
  category: ['is', 'is_not'],
  group: ['is', 'is_not'],
  assignee: ['is', 'is_not'],
  requester_tags: ['is', 'is_not', 'contains'],
  requester_language: ['is', 'is_not'],
  organization: ['is', 'is_not'],
  organization_name: ['contains'],
  organization_plan: ['is', 'is_not'],
  organization_domains: ['is', 'is_not', 'contains'],
  organization_tags: ['is', 'is_not', 'contains'],
  organization_group: ['is', 'is_not'],
  product: ['is', 'is_not'],
  mailbox: ['is', 'is_not'],
  sla_policy: ['is', 'is_not'],
  language: ['is', 'is_not'],
  tags: ['is', 'is_not'],
  waiting_on: ['is', 'is_not'],
  last_message_at: ['older_than', 'within'],
  created_at: ['older_than', 'within'],
  business_hours: ['is'],
  by: ['is', 'is_not'],
  changed: ['is', 'is_not'],
  clock: ['is', 'is_not'],
  rating: ['is'],
};
export const TRIGGERS_ONLY: ReadonlySet<string> = new Set(['message_text', 'by', 'changed', 'clock', 'rating']);
const FLAGS = new Set(['business_hours']);

const split = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function rowOf(leaf: unknown): Row | null {
  if (!isRecord(leaf) || typeof leaf['field'] !== 'string') return null;
  const [op, ...more] = Object.keys(leaf).filter((key) => key !== 'field');
  if (op === undefined || more.length > 0 || !(OPS[leaf['field']] ?? []).includes(op)) return null;
  const value = leaf[op];
  const values = Array.isArray(value) ? value.map(String) : [String(value)];
  return values.some((one) => one.includes(',')) ? null : { field: leaf['field'], op, values: values.join(', ') };
}

/** A tree as rows, if it is a plain list of comparisons that the form knows. */
export function rowsOf(tree: Record<string, unknown>): { join: Join; rows: Row[] } | null {
  const keys = Object.keys(tree);
  if (keys.length === 0) return { join: 'all', rows: [] };
  const join = keys.length === 1 && (keys[0] === 'all' || keys[0] === 'any') ? keys[0] : null;
  const leaves = join === null ? [tree] : tree[join];
  if (!Array.isArray(leaves)) return null;
  const rows = leaves.map(rowOf);
  return rows.every((row) => row !== null) ? { join: join ?? 'all', rows } : null;
}

function leafOf({ field, op, values }: Row): Record<string, unknown> {
  if (FLAGS.has(field)) return { field, [op]: values.trim() !== 'false' };
  return { field, [op]: SEVERAL.has(op) ? split(values) : values.trim() };
}

/** The tree that a draft means; null: its text is no JSON object. */
export function treeOf({ text, join, rows }: Pick<Draft, 'text' | 'join' | 'rows'>): Record<string, unknown> | null {
  if (text === null) return rows.length === 0 ? {} : { [join]: rows.map(leafOf) };
  try {
    const found: unknown = JSON.parse(text === '' ? '{}' : text);
    return isRecord(found) ? found : null;
  } catch {
    return null;
  }
}

export const EMPTY: Draft = {
  name: '',
  kind: 'trigger',
  on: ['opened'],
  join: 'all',
  rows: [],
  text: null,
  group: '',
  assignee: '',
  priority: '',
  status: '',
  category: '',
  addTags: '',
  removeTags: '',
  note: '',
  task: '',
  reply: '',
  webhooks: [],
  macro: '',
  slaPolicy: '',
  stop: false,
  order: '0',
  enabled: false,
  kept: null,
  description: '',
};

export function draftOf(rule: Rule, language: string): Draft {
  const plain = rowsOf(rule.conditions);
  const { changes, note, reply } = rule.actions;
  return {
    ...EMPTY,
    name: rule.name,
    kind: rule.kind,
    on: rule.on,
    join: plain?.join ?? 'all',
    rows: plain?.rows ?? [],
    text: plain ? null : JSON.stringify(rule.conditions, null, 2),
    group: changes?.group ?? '',
    assignee: changes?.assignee ?? '',
    priority: changes?.priority ?? '',
    status: changes?.status ?? '',
    category: changes?.category ?? '',
    addTags: (changes?.tags?.add ?? []).join(', '),
    removeTags: (changes?.tags?.remove ?? []).join(', '),
    note: note ?? '',
    task: rule.actions.task ?? '',
    reply: reply?.[language] ?? '',
    webhooks: rule.actions.webhooks ?? [],
    macro: rule.actions.macro_id ?? '',
    slaPolicy: rule.actions.sla_policy ?? '',
    stop: rule.stop,
    order: String(rule.order),
    enabled: rule.enabled,
    kept: rule.actions,
    description: rule.description,
  };
}

const without = (record: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** What is sent; null: the conditions' text is no JSON object. */
export function bodyOf(draft: Draft, language: string): RuleDraft | null {
  const conditions = treeOf(draft);
  if (conditions === null) return null;
  const said = { group: draft.group, assignee: draft.assignee, priority: draft.priority, status: draft.status, category: draft.category };
  const before = draft.kept?.changes ?? {};
  const others = without(before, [...Object.keys(said), 'tags']);
  const wished = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ''));
  const added = split(draft.addTags);
  const removed = split(draft.removeTags);
  const tagged = added.length + removed.length > 0 ? { tags: { add: added, remove: removed } } : before.tags?.set ? { tags: before.tags } : {};
  const replies = without(draft.kept?.reply ?? {}, [language]);
  return {
    name: draft.name.trim(),
    kind: draft.kind,
    on: draft.kind === 'trigger' ? [...draft.on] : [],
    conditions,
    actions: {
      changes: { ...others, ...wished, ...tagged },
      note: draft.note,
      task: draft.task.trim(),
      reply: draft.reply.trim() === '' ? replies : { ...replies, [language]: draft.reply },
      macro_id: draft.macro || null,
      sla_policy: draft.slaPolicy || null,
      webhooks: [...draft.webhooks],
    },
    enabled: draft.enabled,
    order: Math.max(0, Number.parseInt(draft.order, 10) || 0),
    stop: draft.stop,
    description: draft.description,
  } as RuleDraft;
}
