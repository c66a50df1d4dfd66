// Words from elsewhere on the page for the answer that is being written: the open ticket's editor takes them.
import { useEffect, useEffectEvent } from 'react';

type Take = (words: string) => void;

const takers = new Map<string, Take>();

/** Lets the editor of a ticket take words that are chosen beside it. */
export function useInsertion(ticket: string, take: Take): void {
  const latest = useEffectEvent(take);
  useEffect(() => {
    const own: Take = (words) => latest(words);
    takers.set(ticket, own);
    return () => {
      if (takers.get(ticket) === own) takers.delete(ticket);
    };
  }, [ticket]);
}

/** Puts words behind what is written in answer to a ticket; false: nobody writes there. */
export function insertIntoReply(ticket: string, words: string): boolean {
  const take = takers.get(ticket);
  take?.(words);
  return take !== undefined;
}
