// What is being written and not saved yet: kept in this browser as it is typed, until it is saved or given up.
import { forget, readJson, writeJson } from '@/lib/storage';
import type { Words } from '@/lib/data/knowledge';

export interface Draft {
  words: Words;
  /** The version of the article that it began with; 0: the article is new. */
  seen: number;
}

const PREFIX = 'knowledge.draft.';
const placeOf = (article: string, language: string): string => `${PREFIX}${article}.${language}`;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export function readDraft(article: string, language: string): Draft | null {
  const kept = readJson(placeOf(article, language));
  if (!isRecord(kept) || !isRecord(kept['words']) || typeof kept['seen'] !== 'number') return null;
  const { title, summary, body } = kept['words'];
  if (typeof title !== 'string' || typeof summary !== 'string' || typeof body !== 'string') return null;
  return { words: { title, summary, body }, seen: kept['seen'] };
}

/** Whether it is safe there. */
export const keepDraft = (article: string, language: string, draft: Draft): boolean => writeJson(placeOf(article, language), draft);

export const dropDraft = (article: string, language: string): void => forget(placeOf(article, language));

export const sameWords = (one: Words, other: Words): boolean => one.title === other.title && one.summary === other.summary && one.body === other.body;
