// The page's language: en, ko or ja; one dictionary is fetched, the others when someone changes their mind.
import i18next, { type i18n } from 'i18next';
import type desk from '@/locales/desk/en.json';
import type portal from '@/locales/portal/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'desk';
    resources: { desk: typeof desk; portal: typeof portal };
    returnNull: false;
  }
}

export const LANGUAGES = ['en', 'ko', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', ko: '한국어', ja: '日本語' };

type Dictionary = Record<string, unknown>;
export type Dictionaries = Record<Language, () => Promise<{ default: Dictionary }>>;

export const isLanguage = (value: string): value is Language => (LANGUAGES as readonly string[]).includes(value);

/** The first of `wanted` ("ko-KR", "ja", ...) that there is a dictionary for; English otherwise. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split(/[-_]/)[0] ?? '';
    if (isLanguage(base)) return base;
  }
  return 'en';
}

export interface Translations {
  i18n: i18n;
  change: (language: Language) => Promise<void>;
}

/** Starts the one namespace that a page needs, in `language`, and keeps `<html lang>` true. */
export async function startI18n(namespace: 'desk' | 'portal', dictionaries: Dictionaries, language: Language): Promise<Translations> {
  await i18next.init({
    lng: language,
    fallbackLng: false,
    ns: [namespace],
    defaultNS: namespace,
    resources: { [language]: { [namespace]: (await dictionaries[language]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  const change = async (next: Language): Promise<void> => {
    if (!i18next.hasResourceBundle(next, namespace)) {
      i18next.addResourceBundle(next, namespace, (await dictionaries[next]()).default);
    }
    await i18next.changeLanguage(next);
    document.documentElement.lang = next;
  };
  return { i18n: i18next, change };
}

/** The language in use, for dates and numbers outside of components. */
export const currentLanguage = (): Language => pickLanguage([i18next.language]);
