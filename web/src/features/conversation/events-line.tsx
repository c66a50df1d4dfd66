// What happened between two letters, in one quiet line; runs of it folded.
import { useState } from 'react';
import { IconChevronRight } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import { reasons, sentence } from '@/lib/tickets/sentences';
import type { HistoryEvent } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { useT } from '@/lib/i18n/use-t';

const LOUD = new Set(['SlaBreached']);

function Line({ event, requester }: { event: HistoryEvent; requester: string }) {
  const t = useT();
  const names = useNames();
  const why = reasons(event);
  return (
    <p className={LOUD.has(event.type) ? 'event event--loud' : 'event'}>
      <span className="event__text">
        {sentence(event, t, { ...names, requester })}
        {why.length > 0 && <span className="event__why"> · {why.join(', ')}</span>}
        {event.address && <span className="event__why"> · {t('event.cameFrom', { address: event.address })}</span>}
      </span>
      <RelativeTime className="event__time" at={event.at} />
    </p>
  );
}

interface EventsLineProps {
  events: readonly HistoryEvent[];
  /** The name of who asks: events hold ids only. */
  requester: string;
}

export function EventsLine({ events, requester }: EventsLineProps) {
  const t = useT();
  const [unfolded, setUnfolded] = useState(false);
  const [first] = events;
  if (!first) return null;
  if (events.length === 1) {
    return (
      <div className="events">
        <Line event={first} requester={requester} />
      </div>
    );
  }
  return (
    <div className="events">
      <button type="button" className="events__fold" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>
        <IconChevronRight className="events__chevron" size={14} aria-hidden="true" />
        {t('event.count', { count: events.length })}
      </button>
      {unfolded && events.map((event) => <Line key={event.id} event={event} requester={requester} />)}
    </div>
  );
}
