// What requesters said of our work, and how colleagues are doing: one's own for everybody, all of it for who looks after them.
import { Suspense } from 'react';
import { Mine } from './mine';
import { Pulses } from './pulses';
import { Report } from './report';
import { Rounds } from './rounds';
import { useWords } from '@/components/satisfaction-words';
import { SetupBar } from '@/components/setup-bar';
import { useMe } from '@/lib/data/directory';
import { makesPromises } from '@/lib/data/sla';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './satisfaction.css';

export function SatisfactionPage() {
  return (
    <Suspense fallback={<div className="setup" aria-busy="true" />}>
      <Page />
    </Suspense>
  );
}

function Page() {
  const w = useWords();
  const { data: me } = useMe();
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('back')}>
        <span className="setup__name">{w('title')}</span>
      </SetupBar>
      <main className="setup__main">
        <Pulses />
        {makesPromises(me) && (
          <>
            <Report />
            <Rounds />
          </>
        )}
        <Mine />
      </main>
    </div>
  );
}

