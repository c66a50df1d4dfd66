// Doing something with an article: one thing at a time, with why it was refused and a way to do it all the same.
import { useState } from 'react';
import { carryOver } from './use-writing';
import { useWords } from './words';
import { ApiError } from '@/lib/api/problem';
import { useArticleActs, type Article } from '@/lib/data/knowledge';
import { toast } from '@/lib/toasts';

interface How {
  /** Said once it is done. */
  done?: string;
  /** Does it again, upon the version that the article has by now. */
  repeat?: (version: number) => void;
}

export interface Refusal {
  error: ApiError;
  /** The article as somebody else has made it, and how to go on in spite of that. */
  theirs: Article | null;
  repeat: (() => void) | null;
}

export interface Acting {
  busy: boolean;
  refused: Refusal | null;
  forget: () => void;
  faultOf: (field: string) => string | undefined;
  /** Null: it was refused. */
  run: (act: () => Promise<Article>, how?: How) => Promise<Article | null>;
}

export function useActing(article: Article): Acting {
  const w = useWords();
  const acts = useArticleActs();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  const refuse = async (error: ApiError, repeat: How['repeat']): Promise<void> => {
    if (error.code !== 'stale_version') {
      setRefused({ error, theirs: null, repeat: null });
      return;
    }
    const theirs = await acts.again(article.id).catch(() => null);
    setRefused({
      error,
      theirs,
      repeat:
        theirs && repeat
          ? () => {
              setRefused(null);
              repeat(theirs.version);
            }
          : null,
    });
  };
  return {
    busy,
    refused,
    forget: () => setRefused(null),
    faultOf: (field) => refused?.error.errors.find(({ pointer }) => pointer === `/${field}` || pointer.startsWith(`/${field}/`))?.message,
    run: async (act, { done, repeat } = {}) => {
      setBusy(true);
      setRefused(null);
      try {
        const after = await act();
        carryOver(after, article.version);
        toast(done ?? w('article.saved'));
        return after;
      } catch (cause) {
        if (!(cause instanceof ApiError)) throw cause;
        await refuse(cause, repeat);
        return null;
      } finally {
        setBusy(false);
      }
    },
  };
}
