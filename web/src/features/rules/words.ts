// The words of rules.
import type { TFunction } from 'i18next';
import { wordsOf } from '@/lib/i18n/words';

export type Words = TFunction<'rules'>;

export const useWords = wordsOf('rules', {
  en: () => import('@/locales/rules/en.json'),
  ko: () => import('@/locales/rules/ko.json'),
  ja: () => import('@/locales/rules/ja.json'),
});
