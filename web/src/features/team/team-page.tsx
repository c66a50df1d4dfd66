// The desk at a glance: how much there is, what is pressing, and who has how much. Every number opens its tickets.
import { Link } from 'react-router';
import { Board } from './board';
import { Numbers, Totals } from './numbers';
import { SetupBar } from '@/components/setup-bar';
import { useChangeFeed, useCounts } from '@/lib/data/views';
import { useT } from '@/lib/i18n/use-t';
import { DEFAULT_VIEW, viewPath, type ViewId } from '@/lib/tickets/views';
import './team.css';

const LISTS = [
  ['waiting-for-us', 'v-waiting-for-us', 'waitingForUs'],
  ['snoozed', 'v-snoozed', 'snoozed'],
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
        <Totals>
          {LISTS.map(([id, view, name]) => (
            <li key={id}>
              <Link className="number" to={viewPath(view)}>
                <span className="number__value">{counts?.get(id) ?? '–'}</span>
                <span className="number__name">{t(`team.${name}`)}</span>
              </Link>
            </li>
          ))}
        </Totals>
        <Numbers />
        <Board />
      </main>
    </div>
  );
}
