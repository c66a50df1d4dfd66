// Colleagues: who they are, what they may and can do, when they work.
import { useQuery } from '@tanstack/react-query';
import { orNone, useAgentChoices, useGroupChoices } from './choices';
import { each, inside, orNothing, type Form } from './form';
import { Amount, Part, Pick, Rows, Side, Some, Text, Texts, Toggle } from './inputs';
import type { Kind } from './kind';
import { useTelling } from './use-telling';
import { WeekHours } from './week-hours';
import { done, unwrap } from '@/lib/api/client';
import type { AgentIn } from '@/lib/api/settings';
import type { Agent } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useCalendars } from '@/lib/data/sla';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

type Absence = Required<{ [Key in keyof Agent['absences'][number]]: NonNullable<Agent['absences'][number][Key]> }>;

interface Draft extends Required<Omit<AgentIn, 'skills' | 'role' | 'custom_role'>> {
  /** One of the four that every desk has, or the id of another. */
  role: string;
  skills: { name: string; level: string }[];
  status: Agent['status'];
  absences: Absence[];
}

const ROLES = ['light', 'agent', 'supervisor', 'admin'] as const satisfies readonly Agent['role'][];
const STATES = ['online', 'away', 'busy', 'offline'] as const satisfies readonly Agent['status'][];
const LEVELS = ['1', '2', '3', '4', '5'];
const zones = (): string[] => Intl.supportedValuesOf('timeZone');

function bodyOf(draft: Draft): AgentIn {
  const { name, email, role, groups, capacity, available, locale, languages, skills, time_zone, calendar, hours } = draft;
  const builtIn = ROLES.find((one) => one === role);
  return {
    name, email, groups, capacity, available, locale, languages, time_zone, calendar,
    // What rules that know only the four go by follows from the role's permissions; here it only has to be one of them.
    role: builtIn ?? 'agent',
    custom_role: builtIn ? null : role,
    skills: Object.fromEntries(skills.filter((one) => one.name.trim() !== '').map((one) => [one.name.trim(), Number(one.level)])),
    hours: hours.every((day) => day.length === 0) ? [] : hours,
  };
}

const presenceOf = ({ status, absences }: Draft): string => JSON.stringify([status, absences]);

export const AGENTS: Kind<Agent, Draft> = {
  name: 'agents',
  part: 'agents',
  needs: 'manage_agents',
  items: async (api) => (await unwrap(api.GET('/v1/agents'))).items,
  save: async (api, id, draft) => {
    const path = { id: id ?? '' };
    const saved = await unwrap(api.PUT('/v1/agents/{id}', { params: { path }, body: bodyOf(draft) }));
    if (presenceOf(AGENTS.draftOf(saved)) === presenceOf(draft)) return;
    const absences = draft.absences.map((one) => ({ ...one, reason: one.reason || null, substitute: one.substitute || null }));
    await unwrap(api.PATCH('/v1/agents/{id}', { params: { path }, body: { status: draft.status, absences } }));
  },
  remove: (api, id) => done(api.DELETE('/v1/agents/{id}', { params: { path: { id } } })),
  ownId: true,
  fresh: () => ({
    name: '', email: '', role: 'agent', groups: [], capacity: 20, available: true, locale: 'en', languages: ['en'], skills: [], time_zone: null, calendar: null, hours: [], status: 'online', absences: [],
  }),
  draftOf: ({ name, email, role, custom_role, groups, capacity, available, locale, languages, skills, time_zone, calendar, hours, status, absences }) => ({
    name, email, role: custom_role ?? role, groups, capacity, available, locale, languages, time_zone, calendar, hours, status,
    skills: Object.entries(skills).map(([skill, level]) => ({ name: skill, level: String(level) })),
    absences: absences.map((one) => ({ first_day: one.first_day, last_day: one.last_day, reason: one.reason ?? '', substitute: one.substitute ?? '' })),
  }),
  versionOf: () => null,
  nameOf: ({ name }) => name,
  title: ({ name }) => name,
  facts: (agent, { t, w, names }) => [
    agent.email,
    agent.custom_role ?? w(`roles.${agent.role}`),
    agent.groups.map((id) => names.group(id) ?? id).join(', ') || null,
    t('property.load', { open: agent.open_tickets, capacity: agent.capacity }),
    agent.working ? null : w('form.notWorking'),
  ],
  Form: AgentForm,
};

function useRoleChoices() {
  const { api } = useDesk();
  const { named } = useTelling();
  const { data = [] } = useQuery({ queryKey: ['settings', 'roles'], queryFn: async () => (await unwrap(api.GET('/v1/roles'))).items });
  return data.map((role) => ({ value: role.id, name: named(role) }));
}

function AgentForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  const roles = useRoleChoices();
  return (
    <>
      {form.isNew && <p className="admin__notice">{w('form.agentIdText')}</p>}
      <Side>
        <Text of={form.bind('name')} label={w('form.name')} most={200} required />
        <Text of={form.bind('email')} label={w('form.email')} hint={w('form.emailHint')} type="email" required />
      </Side>
      <Side>
        <Pick of={form.bind('role')} label={w('form.role')} hint={w('form.roleHint')} choices={roles} />
        <Pick of={form.bind('locale')} label={w('form.locale')} hint={w('form.localeHint')} choices={LANGUAGES.map((one) => ({ value: one, name: LANGUAGE_NAMES[one] }))} />
      </Side>
      <Some of={form.bind('groups')} label={w('form.groups')} hint={w('form.groupsHint')} choices={groups} />
      <Part title={w('form.work')} text={w('form.workText')}>
        <Toggle of={form.bind('available')} label={w('form.available')} hint={w('form.availableHint')} />
        <Amount of={form.bind('capacity')} label={w('form.capacity')} hint={w('form.capacityHint')} empty={0} min={1} max={1000} />
        <Texts of={form.bind('languages')} label={w('form.languages')} hint={w('form.languagesHint')} />
        <Skills form={form} />
      </Part>
      <Hours form={form} />
      {!form.isNew && <Presence form={form} />}
    </>
  );
}

function Skills({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const skills = form.bind('skills');
  return (
    <Rows of={skills} label={w('form.skills')} naming={(one) => one.name} add={w('form.addSkill')} sorted={false} fresh={() => ({ name: '', level: '3' })}>
      {(one, at) => {
        const skill = each(skills, at, one);
        return (
          <Side>
            <Text of={inside(skill, 'name')} label={w('form.skill')} most={60} />
            <Pick of={inside(skill, 'level')} label={w('form.level')} choices={LEVELS.map((level) => ({ value: level, name: w(`levels.${level as '1'}`) }))} />
          </Side>
        );
      }}
    </Rows>
  );
}

function Hours({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { data: calendars = [] } = useCalendars();
  const hours = form.bind('hours');
  const own = hours.value.some((day) => day.length > 0);
  return (
    <Part title={w('form.hours')} text={w('form.hoursText')}>
      <Side>
        <Text of={orNothing(form.bind('time_zone'))} label={w('form.zone')} hint={w('form.zoneHint')} list={zones()} />
        <Pick of={orNothing(form.bind('calendar'))} label={w('form.calendar')} choices={orNone(w('form.noCalendar'), calendars.map(({ id, name }) => ({ value: id, name })))} />
      </Side>
      <Toggle of={{ value: own, set: (on) => hours.set(on ? Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ start: 540, end: 1080 }] : [])) : []), fault: () => undefined }} label={w('form.ownHours')} />
      {own && <WeekHours of={hours} label={w('form.ownHours')} />}
    </Part>
  );
}

function Presence({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const others = useAgentChoices().filter(({ value }) => value !== form.id);
  const absences = form.bind('absences');
  return (
    <Part title={w('form.presence')} text={w('form.presenceText')}>
      <Pick of={form.bind('status')} label={w('form.presenceNow')} choices={STATES.map((one) => ({ value: one, name: w(`states.${one}`) }))} />
      <Rows of={absences} label={w('form.absences')} naming={(one) => one.first_day} add={w('form.addAbsence')} sorted={false} fresh={() => ({ first_day: '', last_day: '', reason: '', substitute: '' })}>
        {(one, at) => {
          const absence = each(absences, at, one);
          return (
            <>
              <Side>
                <Text of={inside(absence, 'first_day')} label={w('form.firstDay')} type="date" />
                <Text of={inside(absence, 'last_day')} label={w('form.lastDay')} type="date" />
              </Side>
              <Side>
                <Pick of={inside(absence, 'substitute')} label={w('form.substitute')} choices={orNone(w('form.nobody'), others)} />
                <Text of={inside(absence, 'reason')} label={w('form.reason')} hint={w('form.reasonHint')} />
              </Side>
            </>
          );
        }}
      </Rows>
    </Part>
  );
}
