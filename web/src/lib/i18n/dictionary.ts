// Dictionaries that only some pages need: each is fetched with the page, in the reader's language alone.
import i18next, { type TFunction } from 'i18next';
import { use } from 'react';
import type { Dictionaries, Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';

type Namespace = 'views';

/** A hook that waits (in the nearest Suspense) until the words of the reader's language are there. */
export function wordsOf<Name extends Namespace>(name: Name, dictionaries: Dictionaries<object>): () => TFunction<Name> {
  const fetched = new Map<Language, Promise<void>>();
  const fetchWords = async (language: Language): Promise<void> => {
    i18next.addResourceBundle(language, name, (await dictionaries[language]()).default);
  };
  return function useWords() {
    const language = useLanguage();
    const known = fetched.get(language) ?? fetchWords(language);
    fetched.set(language, known);
    use(known);
    return i18next.getFixedT(language, name);
  };
}
