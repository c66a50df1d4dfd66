// Figures of ratings in a table: one line for each thing they are told apart by.
import { useWords } from '@/components/satisfaction-words';
import type { SurveyReport } from '@/lib/data/satisfaction';
import { useLanguage } from '@/lib/i18n/use-t';

interface FiguresProps {
  report: SurveyReport;
  nameOf: (key: string) => string;
}

export function Figures({ report, nameOf }: FiguresProps) {
  const w = useWords();
  const language = useLanguage();
  const count = new Intl.NumberFormat(language);
  const one = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <div className="figures">
      <table className="figures__table">
        <thead>
          <tr>
            <th scope="col">{w(`byOf.${report.by}`)}</th>
            <th scope="col">{w('answers')}</th>
            <th scope="col">{w('satisfied')}</th>
            <th scope="col">{w('mean')}</th>
            <th scope="col">{w('nps')}</th>
            <th scope="col">{w('spread')}</th>
          </tr>
        </thead>
        <tbody>
          {report.items.map((item) => (
            <tr key={item.key}>
              <th scope="row" dir="auto">
                {nameOf(item.key)}
              </th>
              <td>{count.format(item.answers)}</td>
              <td>{percent.format(item.satisfied_percent / 100)}</td>
              <td>{one.format(item.mean)}</td>
              <td>{item.nps === null ? '–' : count.format(Math.round(item.nps))}</td>
              <td>
                <Spread ratings={item.ratings} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How many gave each rating, as a bar of five parts. */
export function Spread({ ratings }: { ratings: readonly number[] }) {
  const w = useWords();
  const [one = 0, two = 0, three = 0, four = 0, five = 0] = ratings;
  const most = Math.max(1, ...ratings);
  return (
    <svg className="spread" viewBox="0 0 60 20" role="img" aria-label={w('spreadOf', { one, two, three, four, five })}>
      {ratings.map((many, place) => {
        const height = many === 0 ? 1 : 2 + (18 * many) / most;
        return <rect key={place} className={`spread__part spread__part--${place + 1}`} x={place * 12} y={20 - height} width={10} height={height} rx={1} />;
      })}
    </svg>
  );
}
