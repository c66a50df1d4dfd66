// The words of rules: a dictionary of its own, fetched with the pages that need it.
import i18next, { type TFunction } from 'i18next';
import { use } from 'react';
import type { Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';

export type Words = TFunction<'rules'>;

const NAMESPACE = 'rules';
const dictionaries = {
  en: () => import('@/locales/rules/en.json'),
  ko: () => import('@/locales/rules/ko.json'),
  ja: () => import('@/locales/rules/ja.json'),
};
const fetched = new Map<Language, Promise<void>>();

async function fetchWords(language: Language): Promise<void> {
  i18next.addResourceBundle(language, NAMESPACE, (await dictionaries[language]()).default);
}

/** Waits (in the nearest Suspense) until the words of the reader's language are there. */
export function useWords(): Words {
  const language = useLanguage();
  const known = fetched.get(language) ?? fetchWords(language);
  fetched.set(language, known);
  use(known);
  return i18next.getFixedT(language, NAMESPACE);
}
