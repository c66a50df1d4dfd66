// What this person likes, kept in this browser: no one else has to know.
import { useSyncExternalStore } from 'react';
import { readFlag, writeJson } from '@/lib/storage';

const NAMES = {
  /** Answers wait a moment in which they can be taken back. Who did not choose it sends at once. */
  hold: ['desk.hold', false],
  /** Single keys work: r, n, j, k ... */
  keys: ['desk.keys', true],
  /** Rows of the list are low. */
  dense: ['desk.dense', false],
  /** What is written can be formatted. */
  rich: ['desk.rich', true],
  /** What I am told is said on this device, too, while the page is open behind something else. */
  notify: ['desk.notify', false],
  /** After "send and solve" the next ticket of the list is opened. */
  next: ['desk.next', true],
} as const;

export type Habit = keyof typeof NAMES;

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function habit(name: Habit): boolean {
  const [key, otherwise] = NAMES[name];
  return readFlag(key, otherwise);
}

export function setHabit(name: Habit, on: boolean): void {
  writeJson(NAMES[name][0], on);
  for (const listener of listeners) listener();
}

export const useHabit = (name: Habit): boolean => useSyncExternalStore(subscribe, () => habit(name));

export const holdsAnswers = (): boolean => habit('hold');
export const usesSingleKeys = (): boolean => habit('keys');
