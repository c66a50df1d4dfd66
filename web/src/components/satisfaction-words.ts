// The words of what requesters and colleagues said.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('satisfaction', {
  en: () => import('@/locales/satisfaction/en.json'),
  ko: () => import('@/locales/satisfaction/ko.json'),
  ja: () => import('@/locales/satisfaction/ja.json'),
});
