// A text kept in the browser as it is typed: a closed tab, a lost network or an ended session takes no word of it.
import { useState } from 'react';
import { forget, readJson, writeJson } from '@/lib/storage';

interface KeptText {
  text: string;
  set: (text: string) => void;
  /** Shows what was begun elsewhere, unless something stands here: that was typed here and is not overwritten. */
  fill: (text: string) => void;
  /** It has gone where it was meant to go. */
  clear: () => void;
}

/** Mount it with `key` as the component's key: a text belongs to one place. */
export function useKeptText(key: string, otherwise = ''): KeptText {
  const [text, show] = useState(() => {
    const kept = readJson(key);
    return typeof kept === 'string' ? kept : otherwise;
  });
  return {
    text,
    set: (next) => {
      show(next);
      if (next.trim() === '') forget(key);
      else writeJson(key, next);
    },
    fill: (elsewhere) => {
      if (elsewhere !== '') show((here) => (here === otherwise ? elsewhere : here));
    },
    clear: () => {
      show(otherwise);
      forget(key);
    },
  };
}
