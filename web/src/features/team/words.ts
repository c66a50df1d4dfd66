// The words of the desk at a glance.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('team', {
  en: () => import('@/locales/team/en.json'),
  ko: () => import('@/locales/team/ko.json'),
  ja: () => import('@/locales/team/ja.json'),
});
