// All that sentences about promises need, in one hook.
import type { Telling } from './explain';
import { useWords } from './words';
import { useNames } from '@/lib/data/directory';
import { useCalendars } from '@/lib/data/sla';
import { useLanguage, useT } from '@/lib/i18n/use-t';

export function useTelling(): Telling {
  const t = useT();
  const w = useWords();
  const language = useLanguage();
  const names = useNames();
  const { data: calendars = [] } = useCalendars();
  return { t, w, language, names, calendars };
}
