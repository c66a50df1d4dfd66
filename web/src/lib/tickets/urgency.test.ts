import { describe, expect, test } from 'vitest';
import type { SlaClock } from '@/lib/api/types';
import { mostUrgent, shownClock } from '@/lib/tickets/urgency';

const NOW = Date.parse('2026-11-02T12:00:00.000Z');
const ticket = { created_at: '2026-11-02T10:00:00.000Z', last_message: null, status: 'open' as const };
const clock = (more: Partial<SlaClock>): SlaClock => ({
  metric: 'first_response',
  state: 'running',
  due_at: null,
  remaining_seconds: null,
  breached_at: null,
  met_at: null,
  ...more,
});
const due = (minutes: number): string => new Date(NOW + minutes * 60_000).toISOString();

describe('a clock', () => {
  test('is calm while a quarter of its length or more is left', () => {
    expect(shownClock(clock({ due_at: due(60) }), ticket, NOW)).toMatchObject({ urgency: 'calm', seconds: 3600 });
  });
  test('is soon under a quarter of its length', () => {
    expect(shownClock(clock({ due_at: due(20) }), ticket, NOW).urgency).toBe('soon');
  });
  test('counts on below zero after it ran out, even before the desk recorded the breach', () => {
    expect(shownClock(clock({ due_at: due(-65) }), ticket, NOW)).toMatchObject({ urgency: 'late', seconds: -3900 });
  });
  test('that stands still shows what is left of it', () => {
    expect(shownClock(clock({ state: 'paused', remaining_seconds: 900 }), ticket, NOW)).toMatchObject({ urgency: 'paused', seconds: 900 });
  });
  test('that was met too late is missed, not overdue', () => {
    const late = clock({ state: 'breached', due_at: due(-60), breached_at: due(-60), met_at: due(-10) });
    expect(shownClock(late, ticket, NOW)).toMatchObject({ urgency: 'missed', seconds: null });
  });
});

describe('the clock of a row', () => {
  const sla = (...clocks: SlaClock[]) => ({ policy: 'p', clocks, next_due_at: null });
  test('is the overdue one before the one that is due next', () => {
    const rows = sla(clock({ due_at: due(5) }), clock({ metric: 'resolution', state: 'breached', due_at: due(-5), breached_at: due(-5) }));
    expect(mostUrgent({ ...ticket, sla: rows }, NOW)?.metric).toBe('resolution');
  });
  test('is a running one before one that stands still', () => {
    const rows = sla(clock({ state: 'paused', remaining_seconds: 5 }), clock({ metric: 'resolution', due_at: due(600) }));
    expect(mostUrgent({ ...ticket, sla: rows }, NOW)?.metric).toBe('resolution');
  });
  test('is absent when all were met, and on solved tickets', () => {
    const met = sla(clock({ state: 'met', met_at: due(-1) }));
    expect(mostUrgent({ ...ticket, sla: met }, NOW)).toBeNull();
    expect(mostUrgent({ ...ticket, status: 'solved', sla: sla(clock({ due_at: due(5) })) }, NOW)).toBeNull();
  });
});
