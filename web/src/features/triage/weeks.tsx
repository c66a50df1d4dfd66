// How what the desk took tickets to be compares with what they ended as, week by week.
import { useWords } from './words';
import { useTriageWeeks } from '@/lib/data/triage';
import { useLanguage } from '@/lib/i18n/use-t';

export function Weeks() {
  const w = useWords();
  const language = useLanguage();
  const { data, isError } = useTriageWeeks();
  if (isError) return <p className="field__fault">{w('weeks.failed')}</p>;
  if (data?.length === 0) return <p className="setup__text">{w('weeks.none')}</p>;
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const share = (value: number | null): string => (value === null ? '–' : percent.format(value));
  const count = new Intl.NumberFormat(language);
  return data?.map((week) => (
    <section key={week.week} className="weeks">
      <p className="setup__text">{w('weeks.reassigned', { week: week.week, reassigned: count.format(week.reassigned), solved: count.format(week.solved) })}</p>
      {week.fields.length > 0 && (
        <table className="weeks__table">
          <caption className="visually-hidden">{week.week}</caption>
          <thead>
            <tr>
              {(['field', 'judged', 'accuracy', 'coverage', 'precision', 'calibration', 'acted', 'corrected'] as const).map((name) => (
                <th key={name} scope="col">
                  {w(`weeks.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {week.fields.map((one) => (
              <tr key={one.field}>
                <th scope="row">{w(`field.${one.field}`)}</th>
                <td>{count.format(one.judged)}</td>
                <td>{share(one.accuracy)}</td>
                <td>{share(one.coverage)}</td>
                <td>{share(one.precision)}</td>
                <td>{share(one.calibration_error)}</td>
                <td>{count.format(one.acted)}</td>
                <td>{count.format(one.corrected)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  ));
}
