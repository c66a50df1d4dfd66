// Tells open lists and tickets when to look for news. One small question every few seconds says which tickets changed; lists and
// tickets are asked for anew only then. Where the feed does not answer, everything counts as changed: slower, never stale.
import { useEffect, useEffectEvent } from 'react';

const EVERY_MS = 4_000;

/** Every so often everything is looked at, whatever the feed said. */
const ALL_EVERY_MS = 90_000;

/** What changed since the last look. */
interface Changed {
  any: boolean;
  has: (ticket: string) => boolean;
}

const EVERYTHING: Changed = { any: true, has: () => true };

type Listener = (changed: Changed) => Promise<void>;
type Feed = () => Promise<Changed>;

let feed: Feed | null = null;
let allAt = 0;

/** The feed to ask from now on; null: none. */
export function listenTo(next: Feed | null): void {
  feed = next;
}

async function changes(): Promise<Changed> {
  const told = feed === null ? EVERYTHING : await feed().catch(() => EVERYTHING);
  if (Date.now() - allAt < ALL_EVERY_MS) return told;
  allAt = Date.now();
  return EVERYTHING;
}

const listeners = new Set<Listener>();
let timer: ReturnType<typeof setTimeout> | null = null;
let failures = 0;

const asleep = (): boolean => document.hidden || !navigator.onLine;

function plan(): void {
  if (timer !== null) clearTimeout(timer);
  timer = null;
  // After failures the next look comes later and later, up to a minute.
  if (listeners.size > 0) timer = setTimeout(() => void look(), Math.min(EVERY_MS * 2 ** failures, 60_000));
}

async function look(): Promise<void> {
  if (!asleep()) {
    const changed = await changes();
    const results = await Promise.allSettled([...listeners].map((listener) => listener(changed)));
    failures = results.some((result) => result.status === 'rejected') ? failures + 1 : 0;
  }
  plan();
}

function wake(): void {
  if (asleep()) return;
  failures = 0;
  void look();
}

function start(): void {
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  plan();
}

function stop(): void {
  document.removeEventListener('visibilitychange', wake);
  window.removeEventListener('online', wake);
  plan();
}

/** Calls `listener` whenever there may be news, until the returned function is called. */
function onNews(listener: Listener): () => void {
  listeners.add(listener);
  if (listeners.size === 1) start();
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  };
}

/** `onNews` for as long as the component is on the page. */
export function useNews(listener: Listener): void {
  const latest = useEffectEvent(listener);
  useEffect(() => onNews((changed) => latest(changed)), []);
}
