// A policy while it is drafted: what is typed, what is wrong with it and where, and what is sent.
import { parseLength, showLength } from './lengths';
import type { SlaConditions, SlaEscalation, SlaMetric, SlaPolicy, SlaPolicyIn } from '@/lib/api/types';
import { METRICS, PRIORITIES, type Priority, type Status } from '@/lib/api/types';
import type { Language } from '@/lib/i18n/languages';

/** What a clock may take for each priority, as typed; empty: nothing is promised. */
export interface Row {
  metric: SlaMetric;
  group: string | null;
  lengths: Record<Priority, string>;
  business: Record<Priority, boolean>;
}

export interface Level {
  id: string;
  timing: SlaEscalation['timing'];
  amount: string;
  metrics: readonly SlaMetric[];
  notify: readonly string[];
  assignee: string | null;
  group: string | null;
  priority: SlaEscalation['priority'];
  tags: string;
  webhooks: readonly string[];
}

export interface Draft {
  id: string | null;
  name: string;
  calendarId: string;
  place: number | null;
  conditions: Required<SlaConditions>;
  rows: readonly Row[];
  warn: string;
  pauses: readonly Status[];
  levels: readonly Level[];
  groupCalendars: Readonly<Record<string, string>>;
  organizationCalendars: Readonly<Record<string, string>>;
}

export type Fault = 'required' | 'noCalendar' | 'length' | 'percent' | 'levelPercent' | 'nothing' | 'noTarget';
/** What is wrong, by field: a code of ours, or the API's own words. */
export type Faults = ReadonlyMap<string, { code: Fault } | { said: string }>;

const each = <Value,>(value: (priority: Priority) => Value): Record<Priority, Value> => ({
  urgent: value('urgent'),
  high: value('high'),
  normal: value('normal'),
  low: value('low'),
});

export const emptyRow = (metric: SlaMetric, group: string | null = null): Row => ({ metric, group, lengths: each(() => ''), business: each(() => true) });

const NO_CONDITIONS: Required<SlaConditions> = {
  categories: [], channels: [], priorities: [], groups: [], organizations: [], types: [], plans: [], tags: [], fields: {},
};

export const emptyDraft = (calendarId: string): Draft => ({
  id: null,
  name: '',
  calendarId,
  place: 1,
  conditions: NO_CONDITIONS,
  rows: METRICS.map((metric) => emptyRow(metric)),
  warn: '75',
  pauses: ['pending', 'on_hold'],
  levels: [],
  groupCalendars: {},
  organizationCalendars: {},
});

function rowOf(policy: SlaPolicy, metric: SlaMetric, group: string | null, language: Language): Row {
  const target = (priority: Priority) => policy.targets[priority]?.find((one) => one.metric === metric && (one.group ?? null) === group);
  return {
    metric,
    group,
    lengths: each((priority) => {
      const found = target(priority);
      return found ? showLength(found.seconds, language) : '';
    }),
    business: each((priority) => target(priority)?.business ?? true),
  };
}

function levelOf(level: SlaEscalation, language: Language): Level {
  return {
    id: level.id,
    timing: level.timing,
    amount: level.timing === 'percent' ? String(level.amount) : level.amount === 0 ? '0' : showLength(level.amount, language),
    metrics: level.metrics ?? [],
    notify: level.notify ?? [],
    assignee: level.assignee ?? null,
    group: level.group ?? null,
    priority: level.priority ?? null,
    tags: (level.tags ?? []).join(', '),
    webhooks: level.webhooks ?? [],
  };
}

/** A live policy as a draft. */
export function draftOf(policy: SlaPolicy, language: Language): Draft {
  const groups = [...new Set(Object.values(policy.targets).flat().flatMap(({ group }) => (group ? [group] : [])))];
  return {
    id: policy.id,
    name: policy.name,
    calendarId: policy.calendar_id,
    place: policy.place,
    conditions: { ...NO_CONDITIONS, ...policy.conditions },
    rows: [...METRICS.map((metric) => rowOf(policy, metric, null, language)), ...groups.map((group) => rowOf(policy, 'handoff', group, language))],
    warn: String(policy.warn_percent),
    pauses: policy.pause_on as Status[],
    levels: policy.escalations.map((level) => levelOf(level, language)),
    groupCalendars: policy.group_calendars,
    organizationCalendars: policy.organization_calendars,
  };
}

/** A live policy as the API takes it. */
export function sentOf(policy: SlaPolicy): SlaPolicyIn {
  const { name, calendar_id, targets, warn_percent, pause_on, conditions, group_calendars, organization_calendars, escalations, place } = policy;
  return { name, calendar_id, targets, warn_percent, pause_on: pause_on as Status[], conditions, group_calendars, organization_calendars, escalations, place };
}

export const targetField = (row: Row, priority: Priority): string => `targets.${row.metric}.${row.group ?? ''}.${priority}`;

const namesIn = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '');

/** A percentage, or seconds; null for neither. */
function amountOf({ timing, amount }: Level): number | null {
  if (timing === 'percent') {
    const percent = Number(amount);
    return Number.isInteger(percent) && percent >= 1 && percent <= 1000 ? percent : null;
  }
  return amount.trim() === '0' ? 0 : parseLength(amount);
}

interface Checked {
  body: SlaPolicyIn;
  faults: Faults;
  /** Where the API's pointers lie among the fields. */
  places: ReadonlyMap<string, string>;
}

/** What would be sent, and what is wrong with it so far. */
export function check(draft: Draft): Checked {
  const faults = new Map<string, { code: Fault }>();
  const places = new Map<string, string>();
  const fault = (field: string, code: Fault): void => void faults.set(field, { code });
  if (draft.name.trim() === '') fault('name', 'required');
  if (draft.calendarId === '') fault('calendarId', 'noCalendar');
  const targets: SlaPolicyIn['targets'] = {};
  for (const priority of PRIORITIES) {
    const promised = draft.rows.flatMap((row) => {
      const typed = row.lengths[priority];
      if (typed.trim() === '') return [];
      const seconds = parseLength(typed);
      if (seconds === null) {
        fault(targetField(row, priority), 'length');
        return [];
      }
      return [{ row, target: { metric: row.metric, seconds, business: row.business[priority], ...(row.group === null ? {} : { group: row.group }) } }];
    });
    promised.forEach(({ row }, index) => places.set(`/targets/${priority}/${index}`, targetField(row, priority)));
    if (promised.length > 0) targets[priority] = promised.map(({ target }) => target);
  }
  if (Object.keys(targets).length === 0 && faults.size === 0) fault('targets', 'noTarget');
  const warn = Number(draft.warn.trim() === '' ? 0 : draft.warn);
  if (!Number.isInteger(warn) || warn < 0 || warn > 100) fault('warn', 'percent');
  const escalations = draft.levels.map((level, index) => {
    const amount = amountOf(level);
    const tags = namesIn(level.tags);
    if (amount === null) fault(`levels.${index}.amount`, level.timing === 'percent' ? 'levelPercent' : 'length');
    if (level.notify.length + tags.length + level.webhooks.length === 0 && level.assignee === null && level.group === null && !level.priority) fault(`levels.${index}`, 'nothing');
    places.set(`/escalations/${index}`, `levels.${index}`);
    return {
      id: level.id,
      timing: level.timing,
      amount: amount ?? 0,
      metrics: [...level.metrics],
      notify: [...level.notify],
      tags,
      ...(level.webhooks.length > 0 ? { webhooks: [...level.webhooks] } : {}),
      ...(level.assignee === null ? {} : { assignee: level.assignee }),
      ...(level.group === null ? {} : { group: level.group }),
      ...(level.priority ? { priority: level.priority } : {}),
    };
  });
  places.set('/name', 'name').set('/calendar_id', 'calendarId').set('/warn_percent', 'warn').set('/group_calendars', 'groupCalendars');
  const body: SlaPolicyIn = {
    name: draft.name.trim(),
    calendar_id: draft.calendarId,
    targets,
    warn_percent: Number.isInteger(warn) ? Math.min(100, Math.max(0, warn)) : 0,
    pause_on: [...draft.pauses],
    conditions: { ...draft.conditions, fields: Object.fromEntries(Object.entries(draft.conditions.fields).filter(([, values]) => values.length > 0)) },
    group_calendars: draft.groupCalendars,
    organization_calendars: draft.organizationCalendars,
    escalations,
    place: draft.place,
  };
  return { body, faults, places };
}

/** The field that one of the API's pointers means: the longest that it begins with. */
export function fieldOf(pointer: string, places: ReadonlyMap<string, string>): string {
  const known = [...places.keys()].filter((place) => pointer === place || pointer.startsWith(`${place}/`)).toSorted((a, b) => b.length - a.length);
  return places.get(known[0] ?? '') ?? '';
}
