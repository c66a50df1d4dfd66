// What one settles for oneself with the desk: what one is told and where, and what one signs with.
import { Suspense, useEffect } from 'react';
import { Signature } from './signature';
import { Telling } from './telling';
import { useWords } from './words';
import { SetupBar } from '@/components/setup-bar';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { DEFAULT_VIEW, viewPath } from '@/lib/tickets/views';
import './settings.css';

export function SettingsPage() {
  return (
    <Suspense fallback={<div className="setup" aria-busy="true" />}>
      <Page />
    </Suspense>
  );
}

function Page() {
  const w = useWords();
  const { config } = useDesk();
  const { data: me } = useMe();
  useEffect(() => {
    document.title = `${w('title')} · ${config.brand}`;
  }, [w, config.brand]);
  return (
    <div className="setup">
      <SetupBar to={viewPath(DEFAULT_VIEW)} back={w('back')}>
        <h1 className="setup__name">{w('title')}</h1>
      </SetupBar>
      <main className="setup__main own">
        <p className="setup__text">{w('lead')}</p>
        {me?.permissions.includes('reply') === true && <Signature />}
        <Telling role={me?.role ?? 'agent'} />
      </main>
    </div>
  );
}
