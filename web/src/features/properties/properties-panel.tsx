// What a ticket is besides its words: where it stands, whose it is, how its clocks run, who asks.
import { lazy, Suspense, type ReactNode } from 'react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { IconCategory, IconGroup, IconUserOff } from '@/components/icons';
import { Stars } from '@/components/stars';
import { PriorityMark, StatusMark } from '@/components/marks';
import type { Option } from '@/components/option-list';
import { RelativeTime } from '@/components/relative-time';
import { SlaChip } from '@/components/sla-chip';
import { Participants } from './participants';
import { Property } from './property';
import { Section } from './section';
import { Tags } from './tags';
import { useChange } from '@/lib/data/use-change';
import { useRefused } from './use-refused';
import { PRIORITIES, STATUSES, type Agent, type Priority, type Status, type Ticket } from '@/lib/api/types';
import { useNamed, useStatuses, useStatusName } from '@/lib/data/catalogue';
import { useAgents, useCategories, useGroups, useMe, useNames } from '@/lib/data/directory';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { useNow } from '@/lib/time/clock';
import { moment } from '@/lib/time/format';
import { shownClock } from '@/lib/tickets/urgency';
import { nameOf, type ViewId, viewPath } from '@/lib/tickets/views';
import './properties.css';

const Details = lazy(async () => ({ default: (await import('./beside')).Details }));
const Tasks = lazy(async () => ({ default: (await import('./beside')).Tasks }));
const TimeSpent = lazy(async () => ({ default: (await import('./beside')).TimeSpent }));
const RecentTickets = lazy(async () => ({ default: (await import('./beside')).RecentTickets }));
const Ties = lazy(async () => ({ default: (await import('./beside')).Ties }));
const Sides = lazy(async () => ({ default: (await import('./beside')).Sides }));
const Approvals = lazy(async () => ({ default: (await import('./beside')).Approvals }));
const Answers = lazy(async () => ({ default: (await import('./beside')).Answers }));
const Similar = lazy(async () => ({ default: (await import('./beside')).Similar }));
const Question = lazy(async () => ({ default: (await import('./beside')).Question }));

const Alike = lazy(async () => ({ default: (await import('@/features/triage/panel')).Alike }));
const Why = lazy(async () => ({ default: (await import('@/features/triage/panel')).Why }));

export type Picker = 'status' | 'priority' | 'assignee' | 'group' | 'category' | 'tags';

interface PropertiesPanelProps {
  ticket: Ticket;
  view: ViewId;
  picker: Picker | null;
  onPicker: (picker: Picker | null) => void;
  /** Why do the clocks stand as they do? */
  onWhy: () => void;
  /** Somebody wants to tie the ticket to another. */
  onLink: () => void;
}

const isBuiltIn = (status: string): status is Status => (STATUSES as readonly string[]).includes(status);

/** Colleagues of the ticket's group first, me before all, the least busy before the others. */
function sortAgents(agents: readonly Agent[], group: string | null, me: string | undefined): Agent[] {
  const rank = (agent: Agent): number => (agent.id === me ? 0 : group !== null && agent.groups.includes(group) ? 1 : 2);
  return agents.toSorted((one, other) => rank(one) - rank(other) || one.open_tickets - other.open_tickets || one.name.localeCompare(other.name));
}

export function PropertiesPanel({ ticket, view, picker, onPicker, onLink, onWhy }: PropertiesPanelProps) {
  const t = useT();
  const names = useNames();
  const { data: me } = useMe();
  const { data: agents = [] } = useAgents();
  const { data: groups = [] } = useGroups();
  const { data: categories = [] } = useCategories();
  const change = useChange(ticket.id);
  const refused = useRefused();
  const pick = (name: Picker) => ({ opened: picker === name, onOpenChange: (opened: boolean) => onPicker(opened ? name : null) });

  const statusName = useStatusName();
  const named = useNamed();
  const { data: configured = [] } = useStatuses();
  const further = configured.filter((status) => !isBuiltIn(status.id) && (status.active !== false || status.id === ticket.custom_status));
  const mayFollow = configured.find((status) => status.id === (ticket.custom_status ?? ticket.status))?.to ?? null;
  const statuses: Option[] = STATUSES.filter((status) => status !== 'new' && (status !== 'closed' || ticket.status === 'closed'))
    .flatMap((base): { value: string; label: string; icon: ReactNode }[] => [
      { value: base, label: t(`status.${base}`), icon: <StatusMark status={base} /> },
      ...further.filter((status) => status.base === base).map((status) => ({ value: status.id, label: named(status), icon: <StatusMark status={base} /> })),
    ])
    .filter(({ value }) => mayFollow === null || mayFollow.includes(value) || value === (ticket.custom_status ?? ticket.status));
  const priorities: Option[] = PRIORITIES.map((priority) => ({ value: priority, label: t(`priority.${priority}`), icon: <PriorityMark priority={priority} bare /> }));
  const people: Option[] = [
    { value: null, label: t('property.nobody'), icon: <IconUserOff size={18} stroke={1.5} /> },
    ...sortAgents(agents, ticket.group, me?.id).map((agent) => ({
      value: agent.id,
      label: agent.id === me?.id ? t('property.me', { name: agent.name }) : agent.name,
      icon: <Avatar name={agent.name} seed={agent.id} size={20} />,
      hint: agent.available ? t('property.load', { open: agent.open_tickets, capacity: agent.capacity }) : t('property.away'),
    })),
  ];
  const places: Option[] = groups.map((group) => ({ value: group.id, label: group.name }));
  const kinds: Option[] = [{ value: null, label: t('property.noCategory') }, ...categories.map((category) => ({ value: category.id, label: category.name }))];
  const assignee = ticket.assignee === null ? null : (names.agent(ticket.assignee) ?? '?');

  return (
    <aside className="properties" aria-label={t('property.label')}>
      <section className="properties__part">
        <Property
          name={t('property.status')}
          hotkey="s"
          options={statuses}
          value={ticket.custom_status ?? ticket.status}
          shown={
            <>
              <StatusMark status={ticket.status} /> {statusName(ticket)}
            </>
          }
          onChoose={(status) => status !== null && change(isBuiltIn(status) ? { status } : { custom_status: status })}
          {...pick('status')}
        />
        <Property
          name={t('property.priority')}
          hotkey="p"
          options={priorities}
          value={ticket.priority}
          shown={
            <>
              <PriorityMark priority={ticket.priority} bare /> {t(`priority.${ticket.priority}`)}
            </>
          }
          onChoose={(priority) => change({ priority: priority as Priority })}
          {...pick('priority')}
        />
        <Property
          name={t('property.assignee')}
          hotkey="a"
          options={people}
          value={ticket.assignee}
          shown={
            assignee === null ? (
              <>
                <IconUserOff size={16} stroke={1.6} aria-hidden="true" /> <span className="property__none">{t('property.nobody')}</span>
              </>
            ) : (
              <>
                <Avatar name={assignee} seed={ticket.assignee ?? assignee} size={20} /> {assignee}
              </>
            )
          }
          onChoose={(chosen) => change({ assignee: chosen })}
          {...pick('assignee')}
        />
        <Property
          name={t('property.group')}
          options={places}
          value={ticket.group}
          shown={
            <>
              <IconGroup size={16} stroke={1.6} aria-hidden="true" />{' '}
              {names.group(ticket.group) ?? <span className="property__none">{t('property.noGroup')}</span>}
            </>
          }
          onChoose={(group) => change({ group })}
          {...pick('group')}
        />
        <Property
          name={t('property.category')}
          options={kinds}
          value={ticket.category}
          shown={
            <>
              <IconCategory size={16} stroke={1.6} aria-hidden="true" />{' '}
              {names.category(ticket.category) ?? <span className="property__none">{t('property.noCategory')}</span>}
            </>
          }
          onChoose={(category) => change({ category })}
          {...pick('category')}
        />
        <div className="property property--tags">
          <span className="property__name">{t('property.tags')}</span>
          <Tags tags={ticket.tags} focused={picker === 'tags'} onFocused={() => onPicker(null)} onChange={(tags) => change({ tags })} />
        </div>
      </section>
      <Clocks ticket={ticket} onWhy={onWhy} />
      <Requester ticket={ticket} view={view} />
      <Rating ticket={ticket} />
      {/* What is fetched later stands below what is looked at first: nothing moves under the eyes. */}
      <Suspense>
        <Question ticket={ticket} />
        <Alike ticket={ticket} view={view} refused={refused} />
        <Section name="why" title={t('property.whyHere')} open={false}>
          <Suspense>
            <Why ticket={ticket} change={change} onCorrect={onPicker} />
          </Suspense>
        </Section>
        <Tasks ticket={ticket} />
        <Sides ticket={ticket} />
        <Approvals ticket={ticket} />
        <Answers ticket={ticket} />
        <Similar ticket={ticket} view={view} />
        <Details ticket={ticket} />
        <Ties ticket={ticket} view={view} onLink={onLink} />
        <Participants ticket={ticket} />
        <TimeSpent ticket={ticket} />
        <Dates ticket={ticket} />
      </Suspense>
    </aside>
  );
}

function Clocks({ ticket, onWhy }: { ticket: Ticket; onWhy: () => void }) {
  const t = useT();
  const now = useNow();
  const language = useLanguage();
  const { clocks } = ticket.sla;
  if (clocks.length === 0) return null;
  return (
    <Section name="clocks" title={t('property.clocks')}>
      {clocks.map((clock) => {
        const shown = shownClock(clock, ticket, now);
        return (
          <div key={clock.metric} className="clock">
            <span className="clock__metric">{t(`sla.metric.${clock.metric}`)}</span>
            <span className="clock__state">
              <SlaChip clock={shown} withMetric={false} />
              {shown.dueAt !== null && shown.seconds !== null && <span className="clock__due">{moment(shown.dueAt, language)}</span>}
            </span>
          </div>
        );
      })}
      <button type="button" className="link properties__more" onClick={onWhy}>
        {t('property.whyClocks')}
      </button>
    </Section>
  );
}

function Requester({ ticket, view }: { ticket: Ticket; view: ViewId }) {
  const t = useT();
  const { requester } = ticket;
  const name = nameOf(requester);
  return (
    <Section name="requester" title={t('property.requester')}>
      <div className="person">
        <Avatar name={name} seed={requester.id} kind="requester" size={32} />
        <div className="person__text">
          <Link className="person__name" dir="auto" to={viewPath(`requester-${requester.id}`)} title={t('property.theirTickets')}>
            {name}
          </Link>
          {requester.name !== null && requester.email !== null && <span className="person__mail">{requester.email}</span>}
        </div>
      </div>
      <Suspense>
        <RecentTickets ticket={ticket} view={view} />
      </Suspense>
    </Section>
  );
}

function Rating({ ticket }: { ticket: Ticket }) {
  const t = useT();
  if (!ticket.rating) return null;
  const { rating, comment, answers = [] } = ticket.rating;
  return (
    <section className="properties__part">
      <h3 className="properties__title">{t('property.rating')}</h3>
      <Stars rating={rating} />
      {comment !== null && (
        <p className="rating__comment" dir="auto">
          {comment}
        </p>
      )}
      {answers.length > 0 && (
        <dl className="rating__answers">
          {answers.map(({ question, answer }) => (
            <div key={question}>
              <dt dir="auto">{question}</dt>
              <dd dir="auto">{typeof answer === 'boolean' ? t(answer ? 'property.yes' : 'property.no') : answer}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}

function Dates({ ticket }: { ticket: Ticket }) {
  const t = useT();
  return (
    <section className="properties__part properties__dates">
      <p>
        {t('property.opened')} <RelativeTime at={ticket.created_at} />
      </p>
      <p>
        {t('property.changed')} <RelativeTime at={ticket.updated_at} />
      </p>
    </section>
  );
}
