// The words of the first visit.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('tour', {
  en: () => import('@/locales/tour/en.json'),
  ko: () => import('@/locales/tour/ko.json'),
  ja: () => import('@/locales/tour/ja.json'),
});
