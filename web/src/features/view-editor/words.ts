// The words of views: a dictionary of its own, fetched with the editor.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('views', {
  en: () => import('@/locales/views/en.json'),
  ko: () => import('@/locales/views/ko.json'),
  ja: () => import('@/locales/views/ja.json'),
});
