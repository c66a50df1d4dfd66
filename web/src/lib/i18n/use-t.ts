// Translations inside components: they render again when the language changes.
import i18next, { type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import { currentLanguage, type Language } from '@/lib/i18n/i18n';

function subscribe(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

export function useT(): TFunction<'desk'> {
  useLanguage();
  return i18next.t;
}

export function usePortalT(): TFunction<'portal'> {
  useLanguage();
  return i18next.getFixedT(null, 'portal');
}
