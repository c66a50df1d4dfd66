// What a policy says, in plain sentences of the reader's language: shown while it is drafted and in the list.
import type { TFunction } from 'i18next';
import { showLength } from './lengths';
import type { Words } from './words';
import { PRIORITIES, type Calendar, type SlaConditions, type SlaEscalation, type SlaPolicyIn, type Status } from '@/lib/api/types';
import type { Names } from '@/lib/data/directory';
import type { Language } from '@/lib/i18n/languages';

/** What sentences are made of: both dictionaries, the language, who is called what, and the calendars. */
export interface Telling {
  t: TFunction;
  w: Words;
  language: Language;
  names: Names;
  calendars: readonly Calendar[];
  /** What organizations and support plans are called, by id. */
  organizations: Readonly<Record<string, string>>;
  plans: Readonly<Record<string, string>>;
  /** What destinations of calls and fields are called, by id. */
  webhooks: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, string>>;
  /** What the values of fields with choices are called, by field and value. */
  fieldValues: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const KINDS = ['categories', 'channels', 'priorities', 'groups', 'organizations', 'types', 'plans', 'tags'] as const;
type ConditionKind = (typeof KINDS)[number];

const and = (parts: readonly string[], language: Language): string => new Intl.ListFormat(language, { type: 'conjunction' }).format(parts);
const or = (parts: readonly string[], language: Language): string => new Intl.ListFormat(language, { type: 'disjunction' }).format(parts);

/** What one value of a condition is called. */
export function valueName(kind: ConditionKind, value: string, { t, names, organizations, plans }: Telling): string {
  switch (kind) {
    case 'priorities':
      return t(`priority.${value as 'low'}`, { defaultValue: value });
    case 'channels':
      return t(`channel.${value as 'email'}`, { defaultValue: value });
    case 'types':
      return t(`type.${value as 'request'}`, { defaultValue: value });
    case 'groups':
      return names.group(value) ?? value;
    case 'categories':
      return names.category(value) ?? value;
    case 'organizations':
      return organizations[value] ?? value;
    case 'plans':
      return plans[value] ?? value;
    default:
      return value;
  }
}

function whom(conditions: SlaConditions, telling: Telling): string {
  const { w, language } = telling;
  const said = KINDS.flatMap((kind) => {
    const values = conditions[kind] ?? [];
    const named = values.map((value) => valueName(kind, value, telling));
    return values.length === 0 ? [] : [w('explain.is', { what: w(`condition.${kind}`), values: or(named, language) })];
  });
  const fields = Object.entries(conditions.fields ?? {}).map(([field, values]) => w('explain.is', { what: telling.fields[field] ?? field, values: or(values.map((value) => telling.fieldValues[field]?.[value] ?? value), language) }));
  const all = [...said, ...fields];
  return all.length === 0 ? w('explain.everyone') : w('explain.who', { who: and(all, language) });
}

/** The calendar is said once, and at a target only that it is counted otherwise than most. */
function targets(policy: SlaPolicyIn, telling: Telling): string[] {
  const { t, w, language, names, calendars } = telling;
  const inHours = PRIORITIES.flatMap((priority) => policy.targets[priority] ?? []).map(({ business = true }) => business);
  const anyInHours = inHours.includes(true);
  const calendar = calendars.find(({ id }) => id === policy.calendar_id)?.name;
  const counted = !anyInHours ? w('explain.countedAnyTime') : calendar === undefined ? w('explain.countedInHours') : w('explain.counted', { calendar });
  const said = PRIORITIES.flatMap((priority) => {
    const promised = policy.targets[priority] ?? [];
    if (promised.length === 0) return [];
    const each = promised.map(({ metric, seconds, business = true, group }) =>
      w(anyInHours && !business ? 'explain.targetAnyTime' : 'explain.target', {
        metric: group ? w('explain.ofGroup', { metric: t(`sla.metric.${metric}`), group: names.group(group) ?? group }) : t(`sla.metric.${metric}`),
        length: showLength(seconds, language, business),
      }),
    );
    return [w('explain.targets', { priority: t(`priority.${priority}`), targets: each.join(w('explain.comma')) })];
  });
  return said.length === 0 ? [] : [...said, counted];
}

const ROLES = ['assignee', 'group', 'supervisors', 'admins'] as const;

/** Who is told: a role of the ticket, or a colleague. */
export function toldName(id: string, { w, names }: Telling): string {
  const role = ROLES.find((one) => one === id);
  return role ? w(`role.${role}`) : (names.agent(id) ?? id);
}

function levelWhen({ timing, amount }: Pick<SlaEscalation, 'timing' | 'amount'>, { w, language }: Telling): string {
  if (timing === 'percent') return amount === 100 ? w('explain.atBreach') : w('explain.percent', { percent: amount });
  if (amount === 0) return w('explain.atBreach');
  return w(timing === 'before' ? 'explain.before' : 'explain.after', { length: showLength(amount, language) });
}

/** A level as it is told of: whoever may not read which destinations there are is told of no ids. */
export type ToldLevel = Omit<SlaEscalation, 'webhooks'> & { webhooks?: readonly (string | null)[] };

export function levelSentence(level: ToldLevel, telling: Telling): string {
  const { t, w, language, names, webhooks } = telling;
  const metrics = (level.metrics ?? []).map((metric) => t(`sla.metric.${metric}`));
  const called = new Set((level.webhooks ?? []).map((id) => (id === null ? w('explain.someWebhook') : (webhooks[id] ?? id))));
  const does = [
    ...((level.notify ?? []).length > 0 ? [w('explain.tell', { who: and((level.notify ?? []).map((id) => toldName(id, telling)), language) })] : []),
    ...(level.priority === 'raise' ? [w('explain.raise')] : level.priority ? [w('explain.setPriority', { priority: t(`priority.${level.priority}`) })] : []),
    ...(level.group ? [w('explain.handOn', { group: names.group(level.group) ?? level.group })] : []),
    ...(level.assignee ? [w('explain.assign', { agent: names.agent(level.assignee) ?? level.assignee })] : []),
    ...((level.tags ?? []).length > 0 ? [w('explain.tag', { tags: (level.tags ?? []).join(', ') })] : []),
    ...(called.size > 0 ? [w('explain.call', { webhooks: and([...called], language) })] : []),
  ];
  const when = levelWhen(level, telling);
  const which = metrics.length > 0 ? w('explain.on', { when, metrics: and(metrics, language) }) : when;
  return w('explain.level', { when: which, does: does.length > 0 ? does.join(w('explain.comma')) : w('explain.nothing') });
}

/** Who is counted in other hours than the policy's. */
function calendarsOf(policy: SlaPolicyIn, { w, names, organizations, calendars }: Telling): string[] {
  const said = (of: Readonly<Record<string, string>> | undefined, nameOf: (id: string) => string): string[] =>
    Object.entries(of ?? {}).map(([id, calendar]) => w('explain.countedIn', { who: nameOf(id), calendar: calendars.find((one) => one.id === calendar)?.name ?? calendar }));
  return [...said(policy.organization_calendars, (id) => organizations[id] ?? id), ...said(policy.group_calendars, (id) => names.group(id) ?? id)];
}

/** A sentence a line. */
export function explain(policy: SlaPolicyIn, telling: Telling): string[] {
  const { t, w, language } = telling;
  const pauses = (policy.pause_on ?? []).map((status: Status) => t(`status.${status}`));
  const warn = policy.warn_percent ?? 0;
  return [
    whom(policy.conditions ?? {}, telling),
    ...targets(policy, telling),
    ...calendarsOf(policy, telling),
    pauses.length > 0 ? w('explain.pauses', { statuses: or(pauses, language) }) : w('explain.noPause'),
    ...(warn > 0 && warn < 100 ? [w('explain.warns', { percent: warn })] : []),
    ...(policy.escalations ?? []).map((level) => levelSentence(level, telling)),
  ];
}
