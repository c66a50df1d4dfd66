// The desk's "now" in the browser: the machine's clock, never behind an instant that the desk has already written down.
//
// A laptop with a slow clock would otherwise show clocks that run too long; a desk whose own clock was moved would too.
import { useSyncExternalStore } from 'react';

const TICK_MS = 10_000;

let ahead = 0;
let shown = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

export const deskNow = (): number => Date.now() + ahead;

function tick(): void {
  shown = deskNow();
  for (const listener of listeners) listener();
}

/** Learns from an instant that the server wrote. Small differences are the network's, not a clock's. */
export function observeInstant(instant: string): void {
  const lead = Date.parse(instant) - deskNow();
  if (Number.isFinite(lead) && lead > 5_000) {
    ahead += lead;
    tick();
  }
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    shown = deskNow();
    timer = setInterval(tick, TICK_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** The desk's time in milliseconds, renewed for all components at once every ten seconds. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => shown);
