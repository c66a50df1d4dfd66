// What the first page needs beside its script, asked for while that is on its way: a script of its own, so it stands on next to nothing.
import { pickLanguage, type Language } from '@/lib/i18n/languages';
import type { Site } from '@/lib/api/types';
import { dictionaries } from './dictionaries';
import { brandOf } from './place';

/** What is there; null: nothing that can be read. */
async function asked(address: string): Promise<unknown> {
  try {
    const answer = await fetch(address, { headers: { accept: 'application/json' } });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

const wanted = new URLSearchParams(location.search).get('lang');
const language: Language = pickLanguage([...(wanted === null ? [] : [wanted]), ...navigator.languages]);
const brand = brandOf(location.pathname);
const query = new URLSearchParams({ locale: language, ...(brand === null ? {} : { brand }) });

export const early = {
  language,
  /** The address itself says which language: nothing else changes it. */
  fixed: wanted !== null,
  words: dictionaries[language](),
  config: asked('/config.json'),
  site: asked(`/v1/portal/site?${query.toString()}`) as Promise<Site | null>,
};
// Whoever waits for them is told; until then it is no error that nobody listens.
early.words.catch(() => undefined);
