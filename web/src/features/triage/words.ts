// The words of triage: why a ticket is where it is, who else says the same, and how it fares.
import type { TFunction } from 'i18next';
import { wordsOf } from '@/lib/i18n/words';

export type Words = TFunction<'triage'>;

export const useWords = wordsOf('triage', {
  en: () => import('@/locales/triage/en.json'),
  ko: () => import('@/locales/triage/ko.json'),
  ja: () => import('@/locales/triage/ja.json'),
});
