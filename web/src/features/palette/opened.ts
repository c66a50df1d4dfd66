// Whether the palette is open. Beside the page's own state, as the page is not drawn anew for what lies over it.
import { useSyncExternalStore } from 'react';
import { commands, type Command } from '@/lib/keys/hotkeys';

let opened: readonly Command[] | null = null;
const listeners = new Set<() => void>();

function set(next: readonly Command[] | null): void {
  opened = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    // A page that was left does not come back with it open.
    if (listeners.size === 0) opened = null;
  };
}

export const openPalette = (): void => set(commands());

export const closePalette = (): void => set(null);

/** What can be done from where it was opened; null: it is closed. */
export const useOpened = (): readonly Command[] | null => useSyncExternalStore(subscribe, () => opened);
