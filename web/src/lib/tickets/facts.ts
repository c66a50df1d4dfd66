// Sentences about facts that one or two values of an event tell: a table, so that a new fact costs a line.
import type { TFunction } from 'i18next';
import type { Names } from '@/lib/data/directory';
import { currentLanguage } from '@/lib/i18n/i18n';
import { moment, span } from '@/lib/time/format';

/** What a sentence is made of: who did it, what the event says, words and names. */
interface Telling {
  who: string;
  actorId: string;
  data: Readonly<Record<string, unknown>>;
  t: TFunction;
  names: Names;
}

type Sentence = (telling: Telling) => string;

const TYPES = ['request', 'incident', 'question', 'problem'] as const;
const CONTENT = ['files', 'words', 'people'] as const;
const RELATIONS = ['follows', 'followed_by', 'mentions', 'relates_to', 'child_of', 'parent_of', 'part_of', 'split_from', 'split_into'] as const;

const oneOf = <Known extends string>(known: readonly Known[], value: unknown): Known | null => known.find((item) => item === value) ?? null;
const stringsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);
const whenOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? moment(value, currentLanguage()) : null);

/** The value at `key` of the record at `at`, such as the number of a link. */
function inner(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

const numberOf = (value: unknown): string => (typeof value === 'number' || typeof value === 'string' ? String(value) : '?');
const secondsOf = (value: unknown): string => span(typeof value === 'number' ? value : 0, currentLanguage());

function linked(key: 'linkedTo' | 'unlinked'): Sentence {
  return ({ who, data, t }) => {
    const relation = oneOf(RELATIONS, inner(data['link'], 'relation'));
    const number = numberOf(inner(data['link'], 'number'));
    return t(`event.${key}`, { who, number, relation: t(`relation.${relation ?? 'relates_to'}`) });
  };
}

function followers({ who, actorId, data, t, names }: Telling): string {
  const added = stringsOf(data['added']);
  const changed = added.length > 0 ? added : stringsOf(data['removed']);
  const alone = changed.length === 1 && changed[0] === actorId;
  if (alone) return t(added.length > 0 ? 'event.follows' : 'event.unfollows', { who });
  const agents = changed.map((id) => t('person', { name: names.agent(id) ?? '?' })).join(', ');
  return t(added.length > 0 ? 'event.followersAdded' : 'event.followersRemoved', { who, agents });
}

function task({ who, data, t, names }: Telling): string {
  const assignee = data['new_assignee'];
  if (typeof assignee === 'string' && assignee !== data['old_assignee']) {
    return t('event.taskAssigned', { who, agent: t('person', { name: names.agent(assignee) ?? '?' }) });
  }
  return t('event.taskChanged', { who });
}

function snoozed({ who, data, t }: Telling): string {
  const at = whenOf(data['until']);
  return at === null ? t('event.snoozedUntilAnswer', { who }) : t('event.snoozed', { who, at });
}

function due({ who, data, t }: Telling): string {
  const at = whenOf(data['new']);
  return at === null ? t('event.noDue', { who }) : t('event.due', { who, at });
}

function cleared({ data, t }: Telling): string {
  const what = CONTENT.filter((one) => stringsOf(data['content']).includes(one)).map((one) => t(`event.content.${one}`));
  return t('event.cleared', { what: what.join(', ') || t('event.content.words') });
}

/** One line for each kind of event whose words need no more than this. */
export const FACTS: Readonly<Record<string, Sentence>> = {
  TicketTypeChanged: ({ who, data, t }) => t('event.typed', { who, type: t(`type.${oneOf(TYPES, data['new']) ?? 'request'}`) }),
  TicketAssessed: ({ who, t }) => t('event.assessed', { who }),
  TicketProductChanged: ({ who, data, t }) => t(typeof data['new'] === 'string' ? 'event.product' : 'event.noProduct', { who }),
  TicketLinked: linked('linkedTo'),
  TicketUnlinked: linked('unlinked'),
  TicketMerged: ({ who, data, t }) => t('event.merged', { who, number: numberOf(data['number']) }),
  TicketUnmerged: ({ who, t }) => t('event.unmerged', { who }),
  TicketAbsorbed: ({ who, data, t }) => t('event.absorbed', { who, number: numberOf(inner(data['origin'], 'number')) }),
  TicketReturned: ({ who, t }) => t('event.returned', { who }),
  TicketSplit: ({ who, data, t }) => t('event.split', { who, number: numberOf(inner(data['split'], 'number')) }),
  TicketSplitUndone: ({ who, t }) => t('event.splitUndone', { who }),
  TicketRestored: ({ who, t }) => t('event.restored', { who }),
  TicketRequesterChanged: ({ who, t }) => t('event.requester', { who }),
  TicketOrganizationChanged: ({ who, t }) => t('event.organization', { who }),
  FollowersChanged: followers,
  TicketDueChanged: due,
  TicketDue: ({ t }) => t('event.duePassed'),
  TicketSnoozed: snoozed,
  TicketWoke: ({ t }) => t('event.woke'),
  TimeLogged: ({ who, data, t }) => t('event.timeLogged', { who, time: secondsOf(data['seconds']) }),
  TimeCorrected: ({ who, data, t }) => t('event.timeCorrected', { who, before: secondsOf(data['old_seconds']), time: secondsOf(data['seconds']) }),
  TimeRemoved: ({ who, data, t }) => t('event.timeRemoved', { who, time: secondsOf(data['seconds']) }),
  SideStarted: ({ who, t }) => t('event.sideStarted', { who }),
  SideClosed: ({ who, t }) => t('event.sideClosed', { who }),
  SideReopened: ({ who, t }) => t('event.sideReopened', { who }),
  SidePersonAdded: ({ who, t }) => t('event.sidePersonAdded', { who }),
  SidePersonRemoved: ({ who, t }) => t('event.sidePersonRemoved', { who }),
  TaskAdded: ({ who, t }) => t('event.taskAdded', { who }),
  ChecklistAdded: ({ who, data, t }) => t('event.checklistAdded', { who, count: lengthOf(data['tasks']) }),
  TaskChanged: task,
  TaskDone: ({ who, t }) => t('event.taskDone', { who }),
  TaskReopened: ({ who, t }) => t('event.taskReopened', { who }),
  TaskRemoved: ({ who, t }) => t('event.taskRemoved', { who }),
  TasksOrdered: ({ who, t }) => t('event.tasksOrdered', { who }),
  TasksDue: ({ data, t }) => t('event.tasksDue', { count: lengthOf(data['tasks']) }),
  ApprovalRequested: ({ who, data, t }) => t('event.approvalRequested', { who, count: lengthOf(data['approvers']) }),
  ApprovalAnswered: ({ who, data, t }) => t(data['verdict'] === 'approved' ? 'event.approved' : 'event.declined', { who }),
  ApprovalSettled: ({ data, t }) => t(data['outcome'] === 'approved' ? 'event.settledApproved' : 'event.settledDeclined'),
  ApprovalWithdrawn: ({ who, t }) => t('event.approvalWithdrawn', { who }),
  ApprovalDue: ({ t }) => t('event.approvalDue'),
  TriageSuggested: ({ t }) => t('event.triaged'),
  IncidentSuspected: ({ data, t }) => t('event.suspected', { people: numberOf(data['people']) }),
  HandOverAsked: ({ data, t, names }) => t('event.handOverAsked', { agent: t('person', { name: names.agent(typeof data['agent'] === 'string' ? data['agent'] : '') ?? '?' }) }),
  WebhooksOrdered: ({ t }) => t('event.webhooksOrdered'),
  SlaPolicyChosen: ({ data, t }) => t(data['policy'] ? 'event.policyChosen' : 'event.policyFree', { policy: numberOf(data['policy']) }),
  MessageEdited: ({ who, t }) => t('event.messageEdited', { who }),
  PersonErased: ({ data, t }) => t(data['whole'] === true ? 'event.erasedWhole' : 'event.erased'),
  TicketCleared: cleared,
  LegalHoldChanged: ({ who, data, t }) => t(data['held'] === true ? 'event.held' : 'event.released', { who }),
  DeliveryFailed: ({ t }) => t('event.deliveryFailed'),
};
