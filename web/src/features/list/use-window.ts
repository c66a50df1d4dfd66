// Only the rows that can be seen are on the page.
import { useEffect, useState } from 'react';
import type { Layout } from './layout';

interface Shown {
  from: number;
  /** Exclusive. */
  to: number;
}

const EXTRA = 6;
const STEP = 40;

/** The rows between two heights of a list, with some to spare on both sides. */
export function rowsBetween(top: number, height: number, layout: Layout, count: number): Shown {
  const from = Math.max(0, layout.rowAt(top) - EXTRA);
  return { from: Math.min(from, count), to: Math.min(count, layout.rowAt(top + height) + 1 + EXTRA) };
}

/** Which of `count` rows to render in `scroller`. */
export function useWindow(scroller: HTMLElement | null, layout: Layout, count: number): Shown {
  const [place, setPlace] = useState({ top: 0, height: 900 });
  useEffect(() => {
    if (!scroller) return undefined;
    const look = (): void => {
      // Small steps of scrolling render nothing.
      const top = Math.floor(scroller.scrollTop / STEP) * STEP;
      const height = scroller.clientHeight;
      setPlace((known) => (known.top === top && known.height === height ? known : { top, height }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [scroller]);
  return rowsBetween(place.top, place.height + STEP, layout, count);
}
