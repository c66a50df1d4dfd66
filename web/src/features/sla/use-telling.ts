// All that sentences about promises need, in one hook.
import type { Telling } from './explain';
import { useWords } from './words';
import type { SlaConditions } from '@/lib/api/types';
import { useFields, useNamed } from '@/lib/data/catalogue';
import { useNames } from '@/lib/data/directory';
import { useNamesOf } from '@/lib/data/knowledge';
import { useCalendars, usePlans } from '@/lib/data/sla';
import { useWebhooks } from '@/lib/data/webhooks';
import { useLanguage, useT } from '@/lib/i18n/use-t';

/**
 * @param said conditions that are told of: what they name by id is looked up.
 * @param levels escalations that are told of: the same.
 */
export function useTelling(said: readonly SlaConditions[] = [], levels: readonly { webhooks?: readonly (string | null)[] }[] = []): Telling {
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
  const { data: called = [] } = useWebhooks(levels.some((level) => (level.webhooks ?? []).some((id) => id !== null)));
  const webhooks = Object.fromEntries(called.map(({ id, name }) => [id, name]));
  const { data: asked = [] } = useFields(said.some((one) => Object.keys(one.fields ?? {}).length > 0));
  const fields = Object.fromEntries(asked.map((field) => [field.id, named(field)]));
  const onOrOff = { true: w('condition.yes'), false: w('condition.no') };
  const fieldValues = Object.fromEntries(asked.map((field) => [field.id, field.type === 'checkbox' ? onOrOff : Object.fromEntries((field.choices ?? []).map((one) => [one.id, named(one)]))]));
  return { t, w, language, names, calendars, organizations, plans, webhooks, fields, fieldValues };
}
