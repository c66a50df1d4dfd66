// The words of one's own settings.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('settings', {
  en: () => import('@/locales/settings/en.json'),
  ko: () => import('@/locales/settings/ko.json'),
  ja: () => import('@/locales/settings/ja.json'),
});
