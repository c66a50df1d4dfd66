// What requesters said of our work, and how colleagues are doing: one's own for everybody, all of it for who looks after them.
import { Mine } from './mine';
import { Pulses } from './pulses';
import { Report } from './report';
import { Rounds } from './rounds';
import { useWords } from '@/components/satisfaction-words';
import { SetupFrame, setupPage } from '@/components/setup-bar';
import { useMe } from '@/lib/data/directory';
import { makesPromises } from '@/lib/data/sla';
import './satisfaction.css';

export const SatisfactionPage = setupPage(Page);

function Page() {
  const w = useWords();
  const { data: me } = useMe();
  return (
    <SetupFrame
      title={w('title')}
      back={w('back')}
      bar={<span className="setup__name">{w('title')}</span>}
    >
      <Pulses />
      {makesPromises(me) && (
        <>
          <Report />
          <Rounds />
        </>
      )}
      <Mine />
    </SetupFrame>
  );
}

