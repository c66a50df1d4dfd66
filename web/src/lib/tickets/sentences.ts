// Events of a ticket as sentences: what happened, and why.
import i18next, { type TFunction } from 'i18next';
import { FACTS } from '@/lib/tickets/facts';
import type { HistoryEvent, Priority, Reason, SlaMetric, Status } from '@/lib/api/types';
import { PRIORITIES, STATUSES } from '@/lib/api/types';
import type words from '@/locales/desk/en.json';
import type { Names } from '@/lib/data/directory';

type T = TFunction;

const METRICS = ['first_response', 'next_response', 'resolution', 'periodic_update', 'handoff'] as const satisfies readonly SlaMetric[];

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const oneOf = <Known extends string>(known: readonly Known[], value: unknown): Known | null => known.find((item) => item === value) ?? null;
const listOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);

/** Whom sentences may name: colleagues and places by id, and the one who asks. */
interface People extends Names {
  requester: string;
}

function actorOf({ actor: { kind, id, name } }: HistoryEvent, t: T, people: People): string {
  if (kind === 'system') return t('event.desk');
  if (kind === 'requester') return t('person', { name: name ?? people.requester });
  const agent = name ?? people.agent(id);
  return agent === null ? t('event.someAgent') : t('person', { name: agent });
}

function assigned(data: HistoryEvent['data'], who: string, t: T, names: Names): string {
  const assigneeId = textOf(data['new_assignee']);
  const groupId = textOf(data['new_group']);
  const movedGroup = groupId !== textOf(data['old_group']);
  const group = groupId === null ? null : (names.group(groupId) ?? groupId);
  if (assigneeId !== null && assigneeId !== textOf(data['old_assignee'])) {
    const agent = t('person', { name: names.agent(assigneeId) ?? assigneeId });
    return movedGroup && group !== null ? t('event.assignedIn', { who, agent, group }) : t('event.assigned', { who, agent });
  }
  if (movedGroup && group !== null) return t('event.moved', { who, group });
  return t('event.unassigned', { who });
}

function tagged(data: HistoryEvent['data'], who: string, t: T): string {
  const added = listOf(data['added']);
  const removed = listOf(data['removed']);
  return added.length > 0 ? t('event.tagged', { who, tags: added.join(', ') }) : t('event.untagged', { who, tags: removed.join(', ') });
}

/** One line about one event. */
export function sentence(event: HistoryEvent, t: T, names: People): string {
  const who = actorOf(event, t, names);
  const { data } = event;
  const metric = oneOf<SlaMetric>(METRICS, data['metric']);
  switch (event.type) {
    case 'TicketOpened': {
      const channel = oneOf(['email', 'web', 'api'] as const, data['channel']) ?? 'web';
      return t(`event.opened.${channel}`, { who });
    }
    case 'TicketStatusChanged': {
      const status = oneOf<Status>(STATUSES, data['new']);
      return status ? t('event.status', { who, status: t(`status.${status}`) }) : t('event.changed', { who });
    }
    case 'TicketPriorityChanged': {
      const priority = oneOf<Priority>(PRIORITIES, data['new']);
      return priority ? t('event.priority', { who, priority: t(`priority.${priority}`) }) : t('event.changed', { who });
    }
    case 'TicketCategoryChanged': {
      const category = names.category(textOf(data['new'])) ?? textOf(data['new']);
      return category === null ? t('event.noCategory', { who }) : t('event.category', { who, category });
    }
    case 'TicketAssigned':
      return assigned(data, who, t, names);
    case 'TicketTagsChanged':
      return tagged(data, who, t);
    case 'MessageWithdrawn':
      return t('event.withdrawn', { who });
    case 'ParticipantAdded':
      return t('event.participantAdded', { who });
    case 'ParticipantRemoved':
      return t('event.participantRemoved', { who });
    case 'SlaWarned':
      return metric ? t('event.warned', { metric: t(`sla.metric.${metric}`) }) : t('event.changed', { who });
    case 'SlaBreached':
      return metric ? t('event.breached', { metric: t(`sla.metric.${metric}`) }) : t('event.changed', { who });
    case 'SlaEscalated':
      return metric ? t('event.escalated', { metric: t(`sla.metric.${metric}`) }) : t('event.changed', { who });
    case 'SurveySent':
      return t('event.surveySent');
    case 'RatingRecorded':
      return t('event.rated', { who, rating: Number(data['rating']) });
    default:
      return FACTS[event.type]?.({ who, actorId: event.actor.id, data, t, names }) ?? t('event.changed', { who });
  }
}

/** By hand goes without saying: the sentence names the hand. */
const OBVIOUS = new Set(['by_hand']);

type KnownReason = keyof typeof words.reason;
const isKnown = (code: string): code is KnownReason => i18next.exists(`reason.${code}`);

function inWords({ code, params }: Reason): string {
  // A reason that the page has no words for yet is better shown raw than hidden: "why" is what people ask.
  if (!isKnown(code)) return code.replaceAll('_', ' ');
  return i18next.t(`reason.${code}`, { ...params });
}

/** Why it happened, in words; empty when there is nothing to add. */
export const reasons = (event: HistoryEvent): string[] => event.because.filter((reason) => !OBVIOUS.has(reason.code)).map(inWords);
