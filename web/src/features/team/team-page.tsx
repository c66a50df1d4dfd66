// The desk at a glance: how much there is, what is pressing, and who has how much. Every number opens its tickets.
import { Link } from 'react-router';
import { Board } from './board';
import { Numbers } from './numbers';
import { SetupBar } from '@/components/setup-bar';
import { useChangeFeed, useCounts } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
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

export function TeamPage() {
  const t = useT();
  useChangeFeed();
  const counts = useCounts();
  return (
    <div className="team">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={t('ticket.back')}>
        <h1 className="setup__name">{t('team.title')}</h1>
      </SetupBar>
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
        <Numbers />
        <Board />
      </main>
    </div>
  );
}
