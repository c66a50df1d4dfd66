// Messages and events of a ticket as one thing to read: letters in order, runs of events folded between them.
import type { HistoryEvent, Message } from '@/lib/api/types';

type Entry =
  | { kind: 'message'; key: string; message: Message }
  | { kind: 'events'; key: string; events: readonly HistoryEvent[] };

/** Events that a message or the side panel already shows are not said twice. */
const SILENT = new Set(['MessageAdded', 'MessageReleased', 'SlaApplied', 'SlaChanged', 'SurveyDue', 'TicketFieldsChanged']);

const byTime = (one: { at: string; id: string }, other: { at: string; id: string }): number =>
  Date.parse(one.at) - Date.parse(other.at) || (one.id < other.id ? -1 : 1);

/** What one command did has one instant: its message stands first, except that opening comes before everything. */
function isBefore(event: HistoryEvent | undefined, until: number): boolean {
  if (!event) return false;
  const at = Date.parse(event.at);
  return at < until || (at === until && event.type === 'TicketOpened');
}

/**
 * Joins both lists, oldest first. Both arrive newest first and page by page, so events older than the oldest loaded
 * message wait until that page is there: nothing may appear above what is already being read.
 */
export function timeline(messages: readonly Message[], events: readonly HistoryEvent[], allMessages: boolean): Entry[] {
  const letters = messages.toSorted(byTime);
  const from = allMessages ? -Infinity : Date.parse(letters[0]?.at ?? '');
  const told = events.filter((event) => !SILENT.has(event.type) && !(Date.parse(event.at) < from));
  const lines = told.toSorted((one, other) => one.seq - other.seq);
  const entries: Entry[] = [];
  let next = 0;
  const takeEvents = (until: number): void => {
    const start = next;
    while (isBefore(lines[next], until)) next += 1;
    const run = lines.slice(start, next);
    const first = run[0];
    if (first) entries.push({ kind: 'events', key: `e-${first.id}`, events: run });
  };
  for (const message of letters) {
    takeEvents(Date.parse(message.at));
    entries.push({ kind: 'message', key: `m-${message.id}`, message });
  }
  takeEvents(Infinity);
  return entries;
}
