// What one settles for oneself with the desk: what one is told and where, and what one signs with.
import { Signature } from './signature';
import { Telling } from './telling';
import { useWords } from './words';
import { SetupFrame, setupPage } from '@/components/setup-bar';
import { useMe } from '@/lib/data/directory';
import './settings.css';

export const SettingsPage = setupPage(Page);

function Page() {
  const w = useWords();
  const { data: me } = useMe();
  return (
    <SetupFrame
      title={w('title')}
      back={w('back')}
      bar={<h1 className="setup__name">{w('title')}</h1>}
      className="own"
    >
      <p className="setup__text">{w('lead')}</p>
      {me?.permissions.includes('reply') === true && <Signature />}
      <Telling role={me?.role ?? 'agent'} />
    </SetupFrame>
  );
}
