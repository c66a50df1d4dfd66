// What a condition can compare, how, and with what: the form's fields in words of the reader.
import { useMemo } from 'react';
import { useWords } from './words';
import { LEVELS, METRICS, PRIORITIES, STATUSES, TYPES } from '@/lib/api/types';
import { useFields, useNamed, useProducts, useStatuses } from '@/lib/data/catalogue';
import { useAgents, useCategories, useGroups } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';
import type { Leaf } from '@/lib/tickets/conditions';

export interface Choice {
  value: string;
  name: string;
}

export interface FieldEntry extends Choice {
  ops: readonly string[];
  /** What can be chosen; null: it is typed. */
  choices: readonly Choice[] | null;
}

const CHOICE = ['is', 'is_not'] as const;
const ID = ['is', 'is_not', 'empty'] as const;
const TEXT = ['contains'] as const;
const PAST = ['within', 'older_than', 'after', 'before'] as const;
const FUTURE = ['within', 'before', 'after', 'empty'] as const;
const CLOCK = ['is', 'is_not', 'breaches_within'] as const;
const CHANNELS = ['email', 'web', 'api', 'phone'] as const;
const LENGTHS: ReadonlySet<string> = new Set(['within', 'older_than', 'breaches_within']);

type Asks = 'several' | 'words' | 'length' | 'day' | 'flag';

/** What kind of value a comparison asks for. */
export function asksOf({ op, field }: Pick<Leaf, 'op' | 'field'>, entry: FieldEntry | undefined): Asks {
  if (op === 'empty' || field === 'snoozed') return 'flag';
  if (LENGTHS.has(op)) return 'length';
  if (op === 'before' || op === 'after') return 'day';
  return entry?.choices ? 'several' : 'words';
}

/** A comparison that was just begun. */
export function freshLeaf(field: string, op: string, entry: FieldEntry | undefined): Leaf {
  const asks = asksOf({ op, field }, entry);
  const value = asks === 'flag' ? true : asks === 'length' ? '3d' : asks === 'day' ? '' : [];
  return { kind: 'leaf', field, op, value };
}

/** The same comparison of another kind; its value stays where it still fits. */
export function withOp(leaf: Leaf, op: string, entry: FieldEntry | undefined): Leaf {
  const same = asksOf(leaf, entry) === asksOf({ op, field: leaf.field }, entry);
  return same ? { ...leaf, op } : freshLeaf(leaf.field, op, entry);
}

export function useCatalogue(): readonly FieldEntry[] {
  const t = useT();
  const w = useWords();
  const named = useNamed();
  const { data: agents } = useAgents();
  const { data: groups } = useGroups();
  const { data: categories } = useCategories();
  const { data: statuses } = useStatuses();
  const { data: products } = useProducts();
  const { data: fields } = useFields();
  return useMemo(() => {
    const people = (items: readonly { id: string; name: string }[] | undefined): Choice[] => (items ?? []).map(({ id, name }) => ({ value: id, name }));
    const known = (items: readonly { id: string; names?: Readonly<Record<string, string>> }[] | undefined): Choice[] => (items ?? []).map((item) => ({ value: item.id, name: named(item) }));
    const words = <Word extends string>(all: readonly Word[], name: (word: Word) => string): Choice[] => all.map((word) => ({ value: word, name: name(word) }));
    const authors = words(['requester', 'agent', 'system', 'third_party'], (word) => w(`choices.author.${word}`));
    const clocks = words(['running', 'paused', 'met', 'breached'], (word) => w(`choices.clock.${word}`));
    const none: Choice = { value: 'none', name: w('none') };
    const levels = [...words(LEVELS, (level) => t(`level.${level}`)), none];
    const entry = (value: keyof ReturnType<typeof fieldNames>, ops: readonly string[], choices: readonly Choice[] | null = null): FieldEntry => ({ value, name: fieldNames()[value], ops, choices });
    const fieldNames = () => w('fields', { returnObjects: true });
    const own = (fields ?? []).filter(({ active }) => active !== false).map((field): FieldEntry => {
      const choices = field.type === 'checkbox' ? words(['true', 'false'], (flag) => w(`flag.${flag}`)) : field.choices && field.choices.length > 0 ? known(field.choices) : null;
      return { value: `fields/${field.id}`, name: named(field), ops: choices ? ID : ['is', 'contains', 'empty'], choices };
    });
    return [
      entry('status', CHOICE, words(STATUSES, (status) => t(`status.${status}`))),
      entry('status_category', CHOICE, words(['open', 'paused', 'done'], (word) => w(`choices.status_category.${word}`))),
      ...(statuses?.some((status) => status.id !== status.base) ? [entry('custom_status', ID, known(statuses.filter((status) => status.id !== status.base)))] : []),
      entry('priority', CHOICE, words(PRIORITIES, (priority) => t(`priority.${priority}`))),
      entry('assignee', ID, [{ value: 'me', name: w('me') }, ...people(agents)]),
      entry('group', ID, [{ value: 'my_groups', name: w('myGroups') }, ...people(groups)]),
      entry('category', ID, people(categories)),
      ...(products && products.length > 0 ? [entry('product', ID, known(products))] : []),
      entry('type', CHOICE, words(TYPES, (type) => t(`type.${type}`))),
      entry('channel', CHOICE, words(CHANNELS, (channel) => t(`channel.${channel}`))),
      entry('waiting_on', CHOICE, words(['us', 'requester', 'third_party', 'nobody'], (word) => w(`choices.waiting_on.${word}`))),
      entry('tags', ['is', 'is_not', 'empty']),
      entry('subject', TEXT),
      entry('requester_text', TEXT),
      entry('preview', TEXT),
      entry('sla', CLOCK, clocks),
      ...METRICS.map((metric): FieldEntry => ({ value: `sla.${metric}`, name: `${w('fields.sla')}: ${t(`sla.metric.${metric}`)}`, ops: CLOCK, choices: clocks })),
      entry('due_at', FUTURE),
      entry('created_at', PAST),
      entry('updated_at', PAST),
      entry('solved_at', [...PAST, 'empty']),
      entry('last_message_at', PAST),
      entry('last_message_by', CHOICE, authors),
      entry('last_message_visibility', CHOICE, words(['public', 'internal'], (word) => w(`choices.visibility.${word}`))),
      entry('snoozed', ['is']),
      entry('snoozed_until', FUTURE),
      entry('impact', CHOICE, levels),
      entry('urgency', CHOICE, levels),
      ...own,
    ];
  }, [t, w, named, agents, groups, categories, statuses, products, fields]);
}

export const SORTS = ['sla_due_at', 'priority', 'created_at', 'updated_at', 'last_message_at', 'solved_at', 'due_at', 'snoozed_until', 'status', 'waiting_on', 'type', 'channel', 'number'] as const;
export const GROUPINGS = ['status', 'priority', 'assignee', 'group', 'category', 'product', 'type', 'channel', 'impact', 'urgency'] as const;
/** What a row of the list can tell beside who, what and when. */
export const COLUMNS = ['status', 'group', 'category', 'product', 'type', 'tags', 'created_at', 'updated_at', 'due_at', 'preview'] as const;
