import { describe, expect, test } from 'vitest';
import { event, message } from '@/lib/testing/examples';
import { timeline } from '@/lib/tickets/timeline';

const T = (minute: number): string => `2026-11-02T10:${String(minute).padStart(2, '0')}:00.000Z`;
const shape = (entries: ReturnType<typeof timeline>) =>
  entries.map((entry) => (entry.kind === 'message' ? entry.message.id : entry.events.map((item) => item.type).join('+')));

describe('a conversation', () => {
  test('reads oldest first though pages come newest first', () => {
    expect(shape(timeline([message('b', T(2)), message('a', T(1))], [], true))).toEqual(['a', 'b']);
  });
  test('folds a run of events between two messages into one entry', () => {
    const events = [event(3, 'TicketAssigned', T(5)), event(2, 'TicketPriorityChanged', T(4))];
    expect(shape(timeline([message('a', T(1)), message('b', T(9))], events, true))).toEqual(['a', 'TicketPriorityChanged+TicketAssigned', 'b']);
  });
  test('says nothing about events that a message shows already', () => {
    expect(shape(timeline([message('a', T(1))], [event(1, 'MessageAdded', T(1))], true))).toEqual(['a']);
  });
  test('puts the opening before the first message and other events of the same instant after their message', () => {
    const events = [event(1, 'TicketOpened', T(1)), event(5, 'TicketStatusChanged', T(3))];
    expect(shape(timeline([message('a', T(1)), message('b', T(3))], events, true))).toEqual(['TicketOpened', 'a', 'b', 'TicketStatusChanged']);
  });
  test('keeps events back that are older than the oldest loaded message', () => {
    const events = [event(1, 'TicketOpened', T(0)), event(4, 'TicketAssigned', T(6))];
    expect(shape(timeline([message('b', T(5))], events, false))).toEqual(['b', 'TicketAssigned']);
  });
});
