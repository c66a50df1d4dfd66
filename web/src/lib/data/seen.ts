// Which tickets this person has read up to when: remembered in this browser until the desk remembers it for everyone.
import { useSyncExternalStore } from 'react';
import type { TicketRow } from '@/lib/api/types';
import { readJson, writeJson } from '@/lib/storage';

const KEY = 'desk.seen';
const KEPT = 2_000;

type Seen = Readonly<Record<string, string>>;

function load(): Seen {
  const kept = readJson(KEY);
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

let seen: Seen | null = null;
const listeners = new Set<() => void>();
const current = (): Seen => (seen ??= load());

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSeen = (): Seen => useSyncExternalStore(subscribe, current);

/** Notes that everything up to `at` has been read. */
export function markSeen(ticket: string, at: string): void {
  const known = current();
  if ((known[ticket] ?? '') >= at) return;
  const others = Object.entries(known).filter(([other]) => other !== ticket);
  seen = Object.fromEntries([...others, [ticket, at] as const].slice(-KEPT));
  writeJson(KEY, seen);
  for (const listener of listeners) listener();
}

/** A requester's message that has not been on this screen yet; what is solved asks for nobody's eyes. */
export function isUnread(row: Pick<TicketRow, 'id' | 'last_message' | 'status'>, known: Seen): boolean {
  const last = row.last_message;
  if (row.status === 'solved' || row.status === 'closed') return false;
  return last?.author_kind === 'requester' && last.at > (known[row.id] ?? '');
}
