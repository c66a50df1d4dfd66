// Words of one part of the desk: a dictionary of its own, fetched with the pages that need it.
import i18next, { type CustomTypeOptions, type TFunction } from 'i18next';
import { use } from 'react';
import type { Dictionaries, Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';

type Part = Exclude<keyof CustomTypeOptions['resources'], 'desk'>;

/** A hook that gives a part's words in the reader's language; it waits (in the nearest Suspense) until they are there. */
export function wordsOf<P extends Part>(part: P, dictionaries: Dictionaries<Record<string, unknown>>): () => TFunction<P> {
  const fetched = new Map<Language, Promise<void>>();
  const fetchWords = async (language: Language): Promise<void> => {
    i18next.addResourceBundle(language, part, (await dictionaries[language]()).default);
  };
  return function useWords() {
    const language = useLanguage();
    const known = fetched.get(language) ?? fetchWords(language);
    fetched.set(language, known);
    use(known);
    return i18next.getFixedT(language, part);
  };
}
