// The words of what goes on beside a ticket: third parties that are asked, and approvals.
import { wordsOf } from '@/lib/i18n/words';

export const useWords = wordsOf('aside', {
  en: () => import('@/locales/aside/en.json'),
  ko: () => import('@/locales/aside/ko.json'),
  ja: () => import('@/locales/aside/ja.json'),
});
