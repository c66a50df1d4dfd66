// A quiet line among the views while one is asked something about oneself.
import { Link } from 'react-router';
import { useWords } from '@/components/satisfaction-words';
import { usePulses } from '@/lib/data/satisfaction';
import { SATISFACTION_PATH } from '@/lib/tickets/views';

export function Nudge() {
  const w = useWords();
  const { data = [] } = usePulses();
  if (data.length === 0) return null;
  return (
    <Link className="views__nudge" to={SATISFACTION_PATH}>
      {w('nudge')}
    </Link>
  );
}
