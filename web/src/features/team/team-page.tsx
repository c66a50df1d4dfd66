// The desk at a glance: how much there is, what is pressing, and who has how much. Every number opens its list.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar';
import { IconBack } from '@/components/icons';
import type { Agent } from '@/lib/api/types';
import { useAgents, useGroups, useMe, useNames } from '@/lib/data/directory';
import { useHandOver, watchesOver } from '@/lib/data/triage';
import { useCounts } from '@/lib/data/views';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';
import { DEFAULT_VIEW, viewPath, type ViewId } from '@/lib/tickets/views';
import './team.css';

const NUMBERS = [
  ['all-open', 'open', 'open'],
  ['waiting-for-us', 'v-waiting-for-us', 'waitingForUs'],
  ['unassigned-in-my-groups', 'v-unassigned-in-my-groups', 'unassigned'],
  ['breaching-soon', 'v-breaching-soon', 'breaching'],
  ['snoozed', 'snoozed', 'snoozed'],
  ['recently-solved', 'v-recently-solved', 'solved'],
] as const satisfies readonly (readonly [string, ViewId, string])[];

/** The fullest first, then who is away; a full desk is seen before a free one. */
const byLoad = (one: Agent, other: Agent): number =>
  Number(other.available) - Number(one.available) || loadOf(other) - loadOf(one) || other.open_tickets - one.open_tickets || one.name.localeCompare(other.name);

const loadOf = ({ open_tickets: open, capacity }: Agent): number => (capacity > 0 ? open / capacity : 1);

export function TeamPage() {
  const t = useT();
  const counts = useCounts();
  const { data: agents = [] } = useAgents();
  return (
    <div className="team">
      <header className="team__bar">
        <Link className="icon-button" to={viewPath(DEFAULT_VIEW)} aria-label={t('ticket.back')} title={t('ticket.back')}>
          <IconBack size={20} stroke={1.6} />
        </Link>
        <h1 className="team__title">{t('team.title')}</h1>
      </header>
      <main className="team__main">
        <ul className="team__numbers">
          {NUMBERS.map(([id, view, name]) => {
            const count = counts?.get(id);
            return (
              <li key={id}>
                <Link className={name === 'breaching' && (count ?? 0) > 0 ? 'number number--urgent' : 'number'} to={viewPath(view)}>
                  <span className="number__value">{count ?? '–'}</span>
                  <span className="number__name">{t(`team.${name}`)}</span>
                </Link>
              </li>
            );
          })}
        </ul>
        <h2 className="team__heading">{t('team.load')}</h2>
        <ul className="team__people">
          {agents.toSorted(byLoad).map((agent) => (
            <Load key={agent.id} agent={agent} />
          ))}
        </ul>
      </main>
    </div>
  );
}

function Load({ agent }: { agent: Agent }) {
  const t = useT();
  const { data: groups = [] } = useGroups();
  const { id, name, open_tickets: open, capacity, available } = agent;
  const share = Math.min(1, loadOf(agent));
  const places = groups.filter((group) => agent.groups.includes(group.id)).map((group) => group.name);
  return (
    <li>
      <Link className={available ? 'load' : 'load load--away'} to={viewPath(`agent-${id}`)}>
        <Avatar name={name} seed={id} size={32} />
        <span className="load__who">
          <span className="load__name">{name}</span>
          <span className="load__where">{available ? places.join(', ') : t('property.away')}</span>
        </span>
        <svg className="load__bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect className="load__room" width="100" height="6" rx="3" />
          <rect className={share >= 1 ? 'load__full' : 'load__open'} width={open === 0 ? 0 : Math.max(2, share * 100)} height="6" rx="3" />
        </svg>
        <span className="load__count">{t('property.load', { open, capacity })}</span>
      </Link>
      <Absent agent={agent} />
    </li>
  );
}

/** Whoever watches over the team shares out what waits for somebody absent. */
function Absent({ agent }: { agent: Agent }) {
  const t = useT();
  const language = useLanguage();
  const names = useNames();
  const { data: me } = useMe();
  const handOver = useHandOver();
  const today = new Date().toLocaleDateString('sv');
  const absence = agent.absences.find((one) => one.first_day <= today && today <= one.last_day);
  if (!absence || agent.open_tickets === 0 || !watchesOver(me)) return null;
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(absence.last_day));
  const standsIn = names.agent(agent.substitute ?? '');
  const share = (): void =>
    handOver.mutate(agent.id, {
      onSuccess: (count) => toast(t('team.handedOver', { count })),
      onError: () => toast(t('team.notHandedOver'), null, 'problem'),
    });
  return (
    <p className="load__absent">
      {t('team.absentUntil', { day })}
      {standsIn !== null && ` ${t('team.standsIn', { name: standsIn })}`}
      <Button size="compact-sm" variant="default" loading={handOver.isPending} onClick={share}>
        {t('team.handOver')}
      </Button>
    </p>
  );
}
