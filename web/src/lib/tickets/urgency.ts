// Which clock of a ticket matters most right now, and how loudly it may say so.
import type { SlaClock, SlaMetric, TicketRow } from '@/lib/api/types';

export type Urgency = 'calm' | 'soon' | 'late' | 'paused' | 'kept' | 'missed';

export interface ShownClock {
  metric: SlaMetric;
  urgency: Urgency;
  /** Seconds left; negative after the breach; null where there is nothing to count (met, missed). */
  seconds: number | null;
  dueAt: string | null;
}

type Timed = Pick<TicketRow, 'created_at' | 'last_message'>;

/** Under a quarter of its length left, a clock is amber. The start is not told, so the best known instant stands in. */
function isSoon(clock: SlaClock, ticket: Timed, due: number, now: number): boolean {
  const startedAt = clock.metric === 'next_response' ? (ticket.last_message?.at ?? ticket.created_at) : ticket.created_at;
  const whole = due - Date.parse(startedAt);
  return whole <= 0 || (due - now) / whole < 0.25;
}

export function shownClock(clock: SlaClock, ticket: Timed, now: number): ShownClock {
  const common = { metric: clock.metric, dueAt: clock.due_at };
  if (clock.met_at !== null) return { ...common, urgency: clock.breached_at === null ? 'kept' : 'missed', seconds: null };
  if (clock.state === 'met') return { ...common, urgency: 'kept', seconds: null };
  if (clock.state === 'paused') return { ...common, urgency: 'paused', seconds: clock.remaining_seconds };
  if (clock.due_at === null) return { ...common, urgency: clock.state === 'breached' ? 'missed' : 'calm', seconds: clock.remaining_seconds };
  const due = Date.parse(clock.due_at);
  const seconds = Math.floor((due - now) / 1000);
  if (seconds <= 0 || clock.state === 'breached') return { ...common, urgency: 'late', seconds: Math.min(seconds, 0) };
  return { ...common, urgency: isSoon(clock, ticket, due, now) ? 'soon' : 'calm', seconds };
}

const WEIGHT: Record<Urgency, number> = { late: 0, soon: 1, calm: 1, paused: 2, missed: 3, kept: 4 };

/** The one clock that a row of the list has room for: overdue first, then what is due soonest, then what stands still. */
export function mostUrgent(ticket: Timed & Pick<TicketRow, 'sla' | 'status'>, now: number): ShownClock | null {
  if (ticket.status === 'solved' || ticket.status === 'closed') return null;
  const counting = ticket.sla.clocks
    .map((clock) => shownClock(clock, ticket, now))
    .filter((clock) => clock.urgency !== 'kept' && clock.urgency !== 'missed' && clock.seconds !== null);
  counting.sort((one, other) => WEIGHT[one.urgency] - WEIGHT[other.urgency] || (one.seconds ?? 0) - (other.seconds ?? 0));
  return counting[0] ?? null;
}
