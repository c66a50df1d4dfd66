// Facts about the window as components need them.
import { useEffect, useSyncExternalStore } from 'react';

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  const subscribe = (listener: () => void): (() => void) => {
    const list = window.matchMedia(query);
    list.addEventListener('change', listener);
    return () => list.removeEventListener('change', listener);
  };
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

export const useOnline = (): boolean => useSyncExternalStore(subscribeOnline, () => navigator.onLine);

/** Under a finger the page rests while something is open over it: a tap beside it closes it, and presses nothing that it half covers. */
export function usePageRests(opened: boolean): void {
  const rests = useMedia('(pointer: coarse)') && opened;
  useEffect(() => {
    const page = document.getElementById('root');
    if (!rests || page === null) return undefined;
    page.inert = true;
    return () => {
      page.inert = false;
    };
  }, [rests]);
}
