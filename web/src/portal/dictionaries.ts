// The portal's words, each language a module that is fetched when it is wanted.
import type { Dictionaries } from '@/lib/i18n/languages';
import type { Dictionary } from './words';

export const dictionaries: Dictionaries<Dictionary> = {
  en: () => import('@/locales/portal/en.json'),
  ko: () => import('@/locales/portal/ko.json'),
  ja: () => import('@/locales/portal/ja.json'),
};
