// Tells open lists and tickets when to look for news. Today it is a patient poll; a change feed can take its place
// without anyone else noticing.
import { useEffect, useEffectEvent } from 'react';

const EVERY_MS = 4_000;

type Listener = () => Promise<void>;

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
    const results = await Promise.allSettled([...listeners].map((listener) => listener()));
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
export function onNews(listener: Listener): () => void {
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
  useEffect(() => onNews(() => latest()), []);
}
