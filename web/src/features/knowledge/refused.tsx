// Why something was not done with an article, what was kept, and the ways out of it.
import { Button } from '@mantine/core';
import type { Refusal } from './use-acting';
import { useWords } from './words';
import { useNames } from '@/lib/data/directory';

interface RefusedProps {
  refused: Refusal;
  onTheirs: () => void;
  onClose: () => void;
}

export function Refused({ refused: { error, theirs, repeat }, onTheirs, onClose }: RefusedProps) {
  const w = useWords();
  const names = useNames();
  if (error.code === 'stale_version') {
    return (
      <div className="article-refused" role="alert">
        <p>{w('refused.stale', { name: names.agent(theirs?.updated_by) ?? w('refused.somebody') })}</p>
        <div className="setup__acts">
          {repeat && (
            <Button variant="default" size="compact-md" onClick={repeat}>
              {w('refused.mine')}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-md"
            onClick={() => {
              onTheirs();
              onClose();
            }}
          >
            {w('refused.theirs')}
          </Button>
        </div>
      </div>
    );
  }
  const said = error.errors.filter(({ message }) => message !== '');
  return (
    <div className="article-refused" role="alert">
      <p>{error.offline ? w('refused.offline') : w('refused.refused', { detail: error.detail })}</p>
      {said.length > 0 && (
        <ul>
          {said.slice(0, 6).map(({ pointer, message }) => (
            <li key={pointer + message}>
              <code>{pointer.replace(/^\//, '') || '–'}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
