// The panel of properties: beside the conversation it is a habit (remembered); over it, it is a place (in the address, so Back closes it).
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useMedia } from '@/lib/media';
import { readFlag, writeJson } from '@/lib/storage';

export interface Panel {
  shown: boolean;
  /** It lies over the conversation instead of beside it. */
  over: boolean;
  set: (shown: boolean) => void;
}

export function usePanel(): Panel {
  const beside = useMedia('(min-width: 1360px)');
  const [wanted, setWanted] = useState(() => readFlag('desk.panel', true));
  const [query, setQuery] = useSearchParams();
  if (beside) {
    const set = (shown: boolean): void => {
      setWanted(shown);
      writeJson('desk.panel', shown);
    };
    return { shown: wanted, over: false, set };
  }
  const set = (shown: boolean): void => {
    const next = new URLSearchParams(query);
    if (shown) next.set('panel', 'properties');
    else next.delete('panel');
    setQuery(next, { replace: !shown });
  };
  return { shown: query.get('panel') === 'properties', over: true, set };
}
