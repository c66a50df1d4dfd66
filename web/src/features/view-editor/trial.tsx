// What the conditions show now: how many tickets, and the first of them, while they are still being written.
import { useWords } from './words';
import { PriorityMark, StatusMark } from '@/components/marks';
import { ApiError } from '@/lib/api/problem';
import type { ViewTrial } from '@/lib/api/types';
import { useTriedView } from '@/lib/data/views';
import { useSlowly } from '@/lib/slowly';
import { nameOf } from '@/lib/tickets/views';

const WAIT_MS = 300;

export function Trial({ trial }: { trial: string }) {
  const w = useWords();
  const { data, error, isFetching } = useTriedView(JSON.parse(useSlowly(trial, WAIT_MS)) as ViewTrial);
  const fault = error instanceof ApiError ? (error.errors[0]?.message ?? error.detail) : null;
  return (
    <section className="trial" aria-label={w('preview')} aria-busy={isFetching}>
      <h2 className="view-editor__part">{w('preview')}</h2>
      {fault !== null && <p className="view-field__fault">{w('bad', { detail: fault })}</p>}
      <p className="trial__count" role="status">
        {data ? w('count', { count: data.count }) : fault === null ? w('counting') : ''}
      </p>
      {data?.count === 0 && <p className="view-editor__text">{w('nothing')}</p>}
      {data && data.items.length > 0 && data.items.length < data.count && <p className="view-editor__text">{w('first', { shown: data.items.length })}</p>}
      <ul className="trial__rows">
        {data?.items.map((row) => (
          <li key={row.id} className="trial__row">
            <StatusMark status={row.status} />
            <span className="trial__number">#{row.number}</span>
            <span className="trial__subject" dir="auto" title={row.subject}>
              {row.subject}
            </span>
            <PriorityMark priority={row.priority} />
            <span className="trial__who" dir="auto">
              {nameOf(row.requester)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
