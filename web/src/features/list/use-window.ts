// Only the rows that can be seen are on the page. All rows are equally high, so this is division, not measuring.
import { useEffect, useState } from 'react';

export interface Shown {
  from: number;
  /** Exclusive. */
  to: number;
}

const EXTRA = 6;

/** The rows between two heights of a list, with some to spare on both sides. */
export function rowsBetween(top: number, height: number, row: number, count: number): Shown {
  const from = Math.max(0, Math.floor(top / row) - EXTRA);
  return { from: Math.min(from, count), to: Math.min(count, Math.ceil((top + height) / row) + EXTRA) };
}

/** Which of `count` rows to render in `scroller`. */
export function useWindow(scroller: HTMLElement | null, row: number, count: number): Shown {
  const [place, setPlace] = useState({ top: 0, height: 900 });
  useEffect(() => {
    if (!scroller) return undefined;
    const look = (): void => {
      // Steps of one row: scrolling within a row renders nothing.
      const top = Math.floor(scroller.scrollTop / row) * row;
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
  }, [scroller, row]);
  return rowsBetween(place.top, place.height + row, row, count);
}
