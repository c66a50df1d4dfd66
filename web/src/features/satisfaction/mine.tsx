// What one's own requesters said in the last four weeks.
import { AnswerList } from '@/components/answer-list';
import { Figures } from './figures';
import { useWords } from '@/components/satisfaction-words';
import { useSurveyReport } from '@/lib/data/satisfaction';

export function Mine() {
  const w = useWords();
  const { data } = useSurveyReport(null, 'week', 'me');
  return (
    <section aria-label={w('mine')}>
      <h2 className="setup__part">{w('mine')}</h2>
      {data?.items.length === 0 && <p className="setup__text">{w('mineNone')}</p>}
      {data !== undefined && data.items.length > 0 && (
        <>
          <Figures report={data} nameOf={(key) => key} />
          <AnswerList days={null} agent="me" />
        </>
      )}
    </section>
  );
}
