// Whether somebody still wants to be shown around: remembered for each colleague in this browser.
import { useState } from 'react';
import { useMe } from '@/lib/data/directory';
import { readFlag, writeJson } from '@/lib/storage';

const key = (agent: string): string => `desk.tour.${agent}`;

export interface TourState {
  wanted: boolean;
  /** Taken, or skipped. */
  done: () => void;
  again: () => void;
}

export function useTour(): TourState {
  const { data: me } = useMe();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const keep = (wanted: boolean): void => {
    setChosen(wanted);
    if (me) writeJson(key(me.id), !wanted);
  };
  return {
    wanted: me !== undefined && (chosen ?? !readFlag(key(me.id), false)),
    done: () => keep(false),
    again: () => keep(true),
  };
}
