// The words of promises.
import type { TFunction } from 'i18next';
import { wordsOf } from '@/lib/i18n/words';

export type Words = TFunction<'sla'>;

export const useWords = wordsOf('sla', {
  en: () => import('@/locales/sla/en.json'),
  ko: () => import('@/locales/sla/ko.json'),
  ja: () => import('@/locales/sla/ja.json'),
});
