// All that sentences about promises need, in one hook.
import type { Telling } from './explain';
import { useWords } from './words';
import type { SlaConditions } from '@/lib/api/types';
import { useNamed } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useNamesOf } from '@/lib/data/knowledge';
import { useCalendars, usePlans } from '@/lib/data/sla';
import { useLanguage, useT } from '@/lib/i18n/use-t';

/** @param said conditions that are told of: what they name by id is looked up. */
export function useTelling(said: readonly SlaConditions[] = []): Telling {
  const t = useT();
  const w = useWords();
  const language = useLanguage();
  const names = useNames();
  const named = useNamed();
  const { data: calendars = [] } = useCalendars();
  const ids = (kind: 'organizations' | 'plans'): string[] => [...new Set(said.flatMap((one) => one[kind] ?? []))].sort();
  const { data: organizations = {} } = useNamesOf('organization', ids('organizations'));
  const { data: kept = [] } = usePlans(ids('plans').length > 0);
  const plans = Object.fromEntries(kept.map((plan) => [plan.id, named(plan)]));
  return { t, w, language, names, calendars, organizations, plans };
}
