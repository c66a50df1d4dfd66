// The first visit in five short steps, where nothing is covered and nothing has to be closed first.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useWords } from './words';
import { IconInbox, IconKeyboard, IconList, IconReply, IconSettings } from '@/components/icons';
import { Key, MOD } from '@/components/key';
import './tour.css';

const STEPS = [
  { name: 'list', Icon: IconInbox, keys: ['j', 'k', 'Enter'] },
  { name: 'answer', Icon: IconReply, keys: ['r', 'n', '/'] },
  { name: 'keys', Icon: IconKeyboard, keys: [`${MOD} K`, '?'] },
  { name: 'many', Icon: IconList, keys: ['x'] },
  { name: 'yours', Icon: IconSettings, keys: [] },
] as const;

export function Tour({ onDone }: { onDone: () => void }) {
  const w = useWords();
  const [at, setAt] = useState(0);
  const step = STEPS[at];
  if (!step) return null;
  const last = at === STEPS.length - 1;
  const { name, Icon, keys } = step;
  return (
    <section className="tour" aria-label={w('label')}>
      <div className="tour__step" aria-live="polite">
        <span className="tour__icon" aria-hidden="true">
          <Icon size={22} stroke={1.6} />
        </span>
        <p className="tour__place">{w('place', { at: at + 1, count: STEPS.length })}</p>
        <h2 className="tour__title">{w(`step.${name}.title`)}</h2>
        <p className="tour__text">{w(`step.${name}.text`)}</p>
        {keys.length > 0 && (
          <p className="tour__keys">
            {keys.map((key) => (
              <Key key={key} name={key} />
            ))}
          </p>
        )}
      </div>
      <div className="tour__acts">
        <button type="button" className="link" onClick={onDone}>
          {w(last ? 'close' : 'skip')}
        </button>
        <span className="tour__dots" aria-hidden="true">
          {STEPS.map((one, index) => (
            <span key={one.name} className={index === at ? 'tour__dot tour__dot--on' : 'tour__dot'} />
          ))}
        </span>
        {at > 0 && (
          <Button size="compact-md" variant="default" onClick={() => setAt(at - 1)}>
            {w('back')}
          </Button>
        )}
        <Button size="compact-md" onClick={() => (last ? onDone() : setAt(at + 1))}>
          {w(last ? 'begin' : 'next')}
        </Button>
      </div>
    </section>
  );
}
