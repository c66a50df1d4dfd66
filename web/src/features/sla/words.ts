// The words of promises: a dictionary of its own, fetched with the pages that need it.
import i18next, { type TFunction } from 'i18next';
import { use } from 'react';
import type { Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';

export type Words = TFunction<'sla'>;

const NAMESPACE = 'sla';
const dictionaries = {
  en: () => import('@/locales/sla/en.json'),
  ko: () => import('@/locales/sla/ko.json'),
  ja: () => import('@/locales/sla/ja.json'),
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
