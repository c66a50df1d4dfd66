// Answers one by one, the newest first, each leading to its ticket.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { RelativeTime } from './relative-time';
import { useWords } from './satisfaction-words';
import { Stars } from './stars';
import { useNames } from '@/lib/data/directory';
import { useSurveyAnswers, type Days, type SurveyAnswer } from '@/lib/data/satisfaction';
import { DEFAULT_VIEW, ticketPath } from '@/lib/tickets/views';
import './answer-list.css';

interface AnswerListProps {
  days: Days | null;
  agent?: string;
  person?: string;
  ratingTo?: number;
}

export function AnswerList(wanted: AnswerListProps) {
  const w = useWords();
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSurveyAnswers(wanted);
  const answers = data?.pages.flatMap(({ items }) => items) ?? [];
  if (data === undefined) return null;
  return (
    <>
      {answers.length === 0 && !hasNextPage && <p className="setup__text">{w('listNone')}</p>}
      <ul className="said">
        {answers.map((one) => (
          <Answer key={one.ticket.id} one={one} named={wanted.agent === undefined} />
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('more')}
        </Button>
      )}
    </>
  );
}

function Answer({ one, named }: { one: SurveyAnswer; named: boolean }) {
  const w = useWords();
  const names = useNames();
  return (
    <li className="said__one">
      <div className="said__head">
        <Stars rating={one.rating} />
        <Link className="link said__ticket" dir="auto" to={ticketPath(one.ticket.id, DEFAULT_VIEW)}>
          #{one.ticket.number} {one.subject}
        </Link>
        <span className="said__when">
          {named && one.agent !== null && <>{names.agent(one.agent) ?? one.agent} · </>}
          <RelativeTime at={one.at} />
        </span>
      </div>
      {one.comment !== null && (
        <p className="said__words" dir="auto">
          {one.comment}
        </p>
      )}
      {one.answers.map(({ question, answer }) => (
        <p key={question} className="said__answer" dir="auto">
          {question} <strong>{typeof answer === 'boolean' ? w(answer ? 'yes' : 'no') : answer}</strong>
        </p>
      ))}
    </li>
  );
}
