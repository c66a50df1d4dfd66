// The words of articles.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('knowledge', {
  en: () => import('@/locales/knowledge/en.json'),
  ko: () => import('@/locales/knowledge/ko.json'),
  ja: () => import('@/locales/knowledge/ja.json'),
});
