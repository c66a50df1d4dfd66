// What a draft would do to one ticket, a sentence a line: properties, values, rules and destinations by what they are called.
import type { TFunction } from 'i18next';
import { useWords, type Words } from './words';
import type { Field, RulePreview, Status } from '@/lib/api/types';
import { useFields, useNamed, useProducts, useStatusName } from '@/lib/data/catalogue';
import { useNames, type Names } from '@/lib/data/directory';
import { useRules } from '@/lib/data/rules';
import { usePolicies } from '@/lib/data/sla';
import { useWebhooks } from '@/lib/data/webhooks';
import { useT } from '@/lib/i18n/use-t';
import type english from '@/locales/rules/en.json';

type Effect = RulePreview['items'][number];

/** What sentences about effects need. */
interface Said {
  t: TFunction;
  w: Words;
  names: Names;
  fields: readonly Field[];
  named: (thing: { id: string; names?: Readonly<Record<string, string>> } | undefined) => string;
  /** What they are called, by id. */
  called: Readonly<Record<'product' | 'sla_policy' | 'status' | 'rule' | 'webhook', (id: string) => string>>;
}

const OF_FIELD = 'fields/';
const REFUSALS = ['conflict', 'not_ready', 'agent_full', 'invalid', 'not_found'] as const;

/** What a property is called. */
function propertyName(name: string, { t, w, fields, named }: Said): string {
  if (name.startsWith(OF_FIELD)) {
    const id = name.slice(OF_FIELD.length);
    return named(fields.find((one) => one.id === id)) || id;
  }
  if (name === 'sla_policy') return w('editor.slaPolicy');
  return t(`property.${name === 'custom_status' ? 'status' : (name as 'group')}`, { defaultValue: name.replaceAll('_', ' ') });
}

function one(name: string, value: string, { t, names, fields, named, called }: Said): string {
  if (name.startsWith(OF_FIELD)) {
    const field = fields.find(({ id }) => id === name.slice(OF_FIELD.length));
    return named(field?.choices?.find(({ id }) => id === value)) || value;
  }
  switch (name) {
    case 'priority':
      return t(`priority.${value as 'low'}`, { defaultValue: value });
    case 'type':
      return t(`type.${value as 'request'}`, { defaultValue: value });
    case 'impact':
    case 'urgency':
      return t(`level.${value as 'low'}`, { defaultValue: value });
    case 'group':
      return names.group(value) ?? value;
    case 'assignee':
      return names.agent(value) ?? value;
    case 'category':
      return names.category(value) ?? value;
    case 'status':
    case 'custom_status':
      return called.status(value);
    case 'product':
    case 'sla_policy':
      return called[name](value);
    default:
      return value;
  }
}

function shown(name: string, value: unknown, said: Said): string {
  const { t, w } = said;
  if (typeof value === 'boolean') return w(value ? 'preview.yes' : 'preview.no');
  const values = Array.isArray(value) ? value : [value];
  const texts = values.filter((each): each is string | number => (typeof each === 'string' && each !== '') || typeof each === 'number');
  return texts.map((each) => one(name, String(each), said)).join(', ') || t('property.empty');
}

/** A sentence a line; the same is not said twice. */
export function linesOf(effect: Effect, said: Said): string[] {
  const { w, called } = said;
  const lines = effect.changes.map(({ name, old, new: after }) => w('preview.change', { name: propertyName(name, said), before: shown(name, old, said), after: shown(name, after, said) }));
  lines.push(...[...effect.notes, ...effect.replies].map((text) => w('preview.writes', { text })));
  lines.push(...effect.tasks.map((task) => w('preview.task', { task })));
  if (effect.webhooks.length > 0) lines.push(w('preview.calls', { webhooks: effect.webhooks.map(called.webhook).join(', ') }));
  if (effect.problem !== null) lines.push(w('preview.problem', { why: w(`preview.refused.${REFUSALS.find((code) => code === effect.problem) ?? 'other'}`) }));
  if (lines.length === 0) lines.push(w('preview.nothing'));
  if (effect.loop.length > 0) lines.push(w('preview.loop', { rules: effect.loop.map(called.rule).join(', ') }));
  lines.push(...effect.conflicts.map(({ rule_id: rule, name }) => w('preview.conflict', { rule: called.rule(rule), name: propertyName(name, said) })));
  return [...new Set(lines)];
}

/** Where a condition fails: the field that it asks about, as the form calls it. */
export function missedField(field: string | null, { w, fields, named }: Said): string {
  if (field === null) return w('editor.conditions');
  const own = fields.find(({ id }) => field === id || field === `${OF_FIELD}${id}` || field === `fields.${id}`);
  return own ? named(own) : w(`field.${field as keyof typeof english.field}`, { defaultValue: field });
}

export function useSaid(): Said {
  const t = useT();
  const w = useWords();
  const names = useNames();
  const named = useNamed();
  const statusName = useStatusName();
  const { data: fields = [] } = useFields();
  const { data: products = [] } = useProducts();
  const { data: policies = [] } = usePolicies();
  const { data: rules = [] } = useRules();
  const { data: webhooks = [] } = useWebhooks(true);
  const among = (items: readonly { id: string; name: string }[]) => (id: string) => items.find((item) => item.id === id)?.name ?? id;
  return {
    t,
    w,
    names,
    fields,
    named,
    called: {
      product: (id) => named(products.find((product) => product.id === id)) || id,
      sla_policy: among(policies),
      rule: (id) => (rules.some((rule) => rule.id === id) ? among(rules)(id) : w('preview.thisRule')),
      webhook: among(webhooks),
      status: (id) => statusName({ status: id as Status, custom_status: id }),
    },
  };
}
