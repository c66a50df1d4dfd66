// How colleagues are doing, round by round: never who said what, and nothing at all where too few answered.
import { Fragment } from 'react';
import { Spread } from './figures';
import { useWords } from '@/components/satisfaction-words';
import { useNames } from '@/lib/data/directory';
import { usePulseRounds, type PulseRound } from '@/lib/data/satisfaction';
import { useLanguage } from '@/lib/i18n/use-t';

export function Rounds() {
  const w = useWords();
  const { data } = usePulseRounds(true);
  if (data === undefined) return null;
  return (
    <section aria-label={w('team')}>
      <h2 className="setup__part">{w('team')}</h2>
      {data.length === 0 && <p className="setup__text">{w('teamNone')}</p>}
      {data.map((one, place) => (
        <Fragment key={one.id}>
          {data[place - 1]?.plan !== one.plan && (
            <h3 className="round__name" dir="auto">
              {one.name}
            </h3>
          )}
          <Round one={one} />
        </Fragment>
      ))}
    </section>
  );
}

function Round({ one }: { one: PulseRound }) {
  const w = useWords();
  const language = useLanguage();
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const mean = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return (
    <div className="round">
      <div className="round__head">
        <strong>{w('round', { since: day.format(new Date(one.since)), until: day.format(new Date(one.until)) })}</strong>
        <span className="round__count">{w('count', { count: one.answers, asked: one.asked })}</span>
        {one.results !== null && (
          <>
            <span className="round__mean">{mean.format(one.results.mean)}</span>
            <Spread ratings={one.results.ratings} />
          </>
        )}
      </div>
      {one.results === null ? <p className="setup__text">{w(one.over ? 'few' : 'open', { needed: one.needed })}</p> : <Results results={one.results} />}
    </div>
  );
}

function Results({ results }: { results: NonNullable<PulseRound['results']> }) {
  const w = useWords();
  return (
    <>
      {results.questions.map(({ question, counts, texts }) => (
        <div key={question} className="round__question">
          <p dir="auto">{question}</p>
          {counts.length > 0 && (
            <ul className="round__counts">
              {counts.map(({ answer, count }) => (
                <li key={String(answer)}>{w('times', { answer: typeof answer === 'boolean' ? w(answer ? 'yes' : 'no') : String(answer), count })}</li>
              ))}
            </ul>
          )}
          <Words of={texts} />
        </div>
      ))}
      {results.comments.length > 0 && (
        <div className="round__question">
          <p>{w('comments')}</p>
          <Words of={results.comments} />
        </div>
      )}
    </>
  );
}

function Words({ of }: { of: readonly { text: string; agent: string | null }[] }) {
  const names = useNames();
  return (
    <ul className="round__words">
      {of.map(({ text, agent }, place) => (
        <li key={place} dir="auto">
          {text}
          {agent !== null && <span className="round__who"> — {names.agent(agent) ?? agent}</span>}
        </li>
      ))}
    </ul>
  );
}
