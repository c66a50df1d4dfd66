// What the desk may do about each field: nothing, say what it thinks, or do it where it is sure.
import { useWords } from './words';
import { Select } from '@/components/form';
import type { TriageSetting } from '@/lib/api/types';
import { useMe } from '@/lib/data/directory';
import { writesRules } from '@/lib/data/rules';
import { useSaveTriageSetting, useTriageSettings } from '@/lib/data/triage';
import { useLanguage } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';

const MODES = ['off', 'suggest', 'act'] as const satisfies readonly TriageSetting['mode'][];

export function Modes() {
  const w = useWords();
  const language = useLanguage();
  const { data: me } = useMe();
  const { data } = useTriageSettings();
  const save = useSaveTriageSetting();
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const learned = ({ model }: TriageSetting): string => {
    if (model === null) return w('modes.untrained');
    const sure = model.sure_from === null ? w('modes.never') : w('modes.sureFrom', { confidence: percent.format(model.sure_from) });
    return `${w('modes.learned', { texts: `${model.texts}`, corrected: `${model.corrected}` })} · ${sure}`;
  };
  return (
    <>
      <p className="setup__text">{w('modes.text')}</p>
      <ul className="modes">
        {data?.items.map((one) => (
          <li key={one.field} className="modes__one">
            <span className="modes__name">{w(`field.${one.field}`)}</span>
            {writesRules(me) ? (
              <Select
                label={w(`field.${one.field}`)}
                value={one.mode}
                choices={MODES.filter((mode) => mode !== 'act' || one.field !== 'language').map((mode) => ({ value: mode, name: w(`modes.${mode}`) }))}
                onChange={(mode) =>
                  save.mutate({ field: one.field, mode: mode as TriageSetting['mode'], precision: one.precision }, { onSuccess: () => toast(w('modes.saved')) })
                }
              />
            ) : (
              <span>{w(`modes.${one.mode}`)}</span>
            )}
            {one.field !== 'language' && <span className="modes__learned">{learned(one)}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}
