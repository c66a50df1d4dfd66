// What is being written, kept in the browser as it is typed, a ticket and a kind at a time.
import type { Visibility } from '@/lib/api/types';
import { forget, readJson, writeJson } from '@/lib/storage';

const key = (ticket: string, visibility: Visibility): string => `desk.draft.${ticket}.${visibility}`;

export function readDraft(ticket: string, visibility: Visibility): string {
  const kept = readJson(key(ticket, visibility));
  return typeof kept === 'string' ? kept : '';
}

/** Keeps a draft (an empty one is forgotten); answers whether it is safe. */
export function keepDraft(ticket: string, visibility: Visibility, body: string): boolean {
  if (body.trim() === '') {
    forget(key(ticket, visibility));
    return true;
  }
  return writeJson(key(ticket, visibility), body);
}
