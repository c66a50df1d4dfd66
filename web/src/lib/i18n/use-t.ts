// Translations inside the desk's components: they render again when the language changes.
import i18next, { type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import { currentLanguage } from '@/lib/i18n/i18n';
import type { Language } from '@/lib/i18n/languages';

function subscribe(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

export function useT(): TFunction {
  useLanguage();
  return i18next.t;
}
