// All that sentences about settings need, in one hook.
import type { Telling } from './kind';
import { useWords } from './words';
import { useNamed } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useLanguage, useT } from '@/lib/i18n/use-t';

export function useTelling(): Telling {
  const t = useT();
  const w = useWords();
  const language = useLanguage();
  const names = useNames();
  const named = useNamed();
  return { t, w, language, names, named };
}
