// The words of the administration.
import type { TFunction } from 'i18next';
import { wordsOf } from '@/lib/i18n/words';

export type Words = TFunction<'admin'>;

export const useWords = wordsOf('admin', {
  en: () => import('@/locales/admin/en.json'),
  ko: () => import('@/locales/admin/ko.json'),
  ja: () => import('@/locales/admin/ja.json'),
});
