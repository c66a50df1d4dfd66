// The words of one language while somebody writes them: kept in the browser with every letter, until they are saved or given up.
import { useState } from 'react';
import { dropDraft, keepDraft, readDraft, sameWords, type Draft } from './drafts';
import type { Article, Words } from '@/lib/data/knowledge';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';

export const NO_WORDS: Words = { title: '', summary: '', body: '' };

interface Writing {
  words: Words;
  /** Whether there is something to save. */
  unsaved: boolean;
  /** Whether what is not saved is safe in this browser. */
  kept: boolean;
  /** The version that a save decides upon. */
  seen: number;
  put: (part: Partial<Words>) => void;
  /** What was written is saved, or given up for what the desk has. */
  settle: (saved: Words | null) => void;
}

export function useWriting(article: string, version: number, language: Language, there: Words): Writing {
  const [draft, setDraft] = useState<Draft | null>(() => readDraft(article, language));
  const [kept, setKept] = useState(true);
  /** What was saved last, until the desk has been asked what it has. */
  const [saved, setSaved] = useState<{ words: Words; over: Words } | null>(null);
  const before = saved?.over === there ? saved.words : there;
  const words = draft?.words ?? before;
  return {
    words,
    unsaved: draft !== null && !sameWords(draft.words, before),
    kept,
    seen: readDraft(article, language)?.seen ?? draft?.seen ?? version,
    put: (part) => {
      const next = { ...words, ...part };
      if (sameWords(next, before)) {
        dropDraft(article, language);
        setDraft(null);
        return;
      }
      const made = { words: next, seen: readDraft(article, language)?.seen ?? draft?.seen ?? version };
      setKept(keepDraft(article, language, made));
      setDraft(made);
    },
    settle: (words) => {
      dropDraft(article, language);
      setDraft(null);
      setSaved(words === null ? null : { words, over: there });
    },
  };
}

/** One's own change of an article is no surprise to what is being written of it: drafts go on from the version after it. */
export function carryOver(article: Article, before: number): void {
  for (const language of LANGUAGES) {
    const draft = readDraft(article.id, language);
    if (draft?.seen === before) keepDraft(article.id, language, { ...draft, seen: article.version });
  }
}
