// What was typed on the pages of admins and not saved yet: kept while they look elsewhere, gone when it is saved or given up.
import { useEffect, useSyncExternalStore } from 'react';

interface Kept<Draft> {
  draft: Draft;
  /** As the admin would call something new; null: not said, it follows from the name. */
  id: string | null;
  /** The version that it began with. */
  seen: number | null;
}

// By the address of the page; every page puts in and takes out what is its own.
const kept = new Map<string, Kept<unknown>>();
const listeners = new Set<() => void>();
let places: readonly string[] = [];

function changed(): void {
  places = [...kept.keys()];
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function keep<Draft>(place: string, what: Kept<Draft>): void {
  kept.set(place, what);
  changed();
}

export function giveUp(place: string): void {
  if (kept.delete(place)) changed();
}

/** What was typed at a place; it is read as what was put there. */
export function useKept<Draft>(place: string): Kept<Draft> | undefined {
  return useSyncExternalStore(subscribe, () => kept.get(place)) as Kept<Draft> | undefined;
}

/** The addresses of all pages with something unsaved; while there is one, closing the tab is asked about. */
export function useUnsaved(): readonly string[] {
  const all = useSyncExternalStore(subscribe, () => places);
  const some = all.length > 0;
  useEffect(() => {
    if (!some) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [some]);
  return all;
}
