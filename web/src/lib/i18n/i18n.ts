// The desk's words: one dictionary is fetched, the others when someone changes their mind.
import i18next from 'i18next';
import { pickLanguage, type Dictionaries, type Language } from '@/lib/i18n/languages';
import { withParticles } from '@/lib/i18n/particles';
import type adminWords from '@/locales/admin/en.json';
import type asideWords from '@/locales/aside/en.json';
import type words from '@/locales/desk/en.json';
import type knowledgeWords from '@/locales/knowledge/en.json';
import type rulesWords from '@/locales/rules/en.json';
import type satisfactionWords from '@/locales/satisfaction/en.json';
import type settingsWords from '@/locales/settings/en.json';
import type slaWords from '@/locales/sla/en.json';
import type teamWords from '@/locales/team/en.json';
import type tourWords from '@/locales/tour/en.json';
import type triageWords from '@/locales/triage/en.json';
import type viewsWords from '@/locales/views/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'desk';
    resources: {
      admin: typeof adminWords;
      aside: typeof asideWords;
      desk: typeof words;
      knowledge: typeof knowledgeWords;
      rules: typeof rulesWords;
      satisfaction: typeof satisfactionWords;
      settings: typeof settingsWords;
      sla: typeof slaWords;
      team: typeof teamWords;
      tour: typeof tourWords;
      triage: typeof triageWords;
      views: typeof viewsWords;
    };
    returnNull: false;
  }
}

const NAMESPACE = 'desk';
const PARTICLES = { type: 'postProcessor', name: 'particles', process: (said: string): string => (i18next.language === 'ko' ? withParticles(said) : said) } as const;

/** Starts in `language` and keeps `<html lang>` true; the result changes the language. */
export async function startI18n(dictionaries: Dictionaries<Record<string, unknown>>, language: Language): Promise<(next: Language) => Promise<void>> {
  await i18next.use(PARTICLES).init({
    postProcess: PARTICLES.name,
    lng: language,
    fallbackLng: false,
    ns: [NAMESPACE],
    defaultNS: NAMESPACE,
    resources: { [language]: { [NAMESPACE]: (await dictionaries[language]()).default } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  return async (next) => {
    if (!i18next.hasResourceBundle(next, NAMESPACE)) i18next.addResourceBundle(next, NAMESPACE, (await dictionaries[next]()).default);
    await i18next.changeLanguage(next);
    document.documentElement.lang = next;
  };
}

/** The language in use, for dates and numbers outside of components. */
export const currentLanguage = (): Language => pickLanguage([i18next.language]);
