// What one is asked about oneself: a face and it is said, unless there is more that one wants to say.
import { Button } from '@mantine/core';
import { useId, useState } from 'react';
import { useWords } from '@/components/satisfaction-words';
import { Face } from '@/components/face';
import { Field } from '@/components/form';
import { ApiError } from '@/lib/api/problem';
import { useAnswerPulse, useForgetPulses, usePulses, type Pulse } from '@/lib/data/satisfaction';
import { RATINGS, type RatingValue } from '@/lib/faces';
import { useLanguage } from '@/lib/i18n/use-t';

type Given = Record<string, string | number | boolean>;
type Question = Pulse['questions'][number];

export function Pulses() {
  const w = useWords();
  const { data = [] } = usePulses();
  if (data.length === 0) return null;
  return (
    <section aria-label={w('asked')}>
      {data.map((one) => (
        <One key={one.id} one={one} />
      ))}
    </section>
  );
}

function One({ one }: { one: Pulse }) {
  const w = useWords();
  const language = useLanguage();
  const name = useId();
  const answer = useAnswerPulse(one.id);
  const forget = useForgetPulses();
  const [rating, setRating] = useState<RatingValue | null>(null);
  const [comment, setComment] = useState('');
  const [named, setNamed] = useState(false);
  const [given, setGiven] = useState<Given>({});
  const day = new Intl.DateTimeFormat(language, { month: 'long', day: 'numeric', timeZone: 'UTC' }).format(new Date(one.until));
  const asked = one.questions.filter((question) => rating !== null && question.rating_from <= rating && rating <= question.rating_to);
  if (answer.isSuccess) {
    return (
      <div className="pulse" role="status">
        <p className="pulse__thanks">{w('thanks')}</p>
      </div>
    );
  }
  // Where nothing else is asked, the face is the answer: one click sends it.
  const oneClick = one.questions.length === 0;
  const send = (rating: RatingValue) => {
    const answers = Object.fromEntries(Object.entries(given).filter(([id, value]) => value !== '' && asked.some((question) => question.id === id)));
    answer.mutate({ rating, comment, answers, named });
  };
  const gone = answer.error instanceof ApiError && [404, 409, 410].includes(answer.error.status);
  return (
    <form
      className="pulse"
      onSubmit={(event) => {
        event.preventDefault();
        if (rating !== null) send(rating);
      }}
    >
      <fieldset className="pulse__faces">
        <legend className="pulse__question" dir="auto">
          {one.name}
        </legend>
        {RATINGS.map((value) => (
          <label key={value} className="pulse__face">
            {oneClick ? (
              <button type="button" className="pulse__click" disabled={answer.isPending} aria-label={w(`rating.${value}`)} onClick={() => send(value)} />
            ) : (
              <input type="radio" name={name} value={value} checked={rating === value} onChange={() => setRating(value)} />
            )}
            <Face rating={value} />
            <span>{w(`rating.${value}`)}</span>
          </label>
        ))}
      </fieldset>
      {asked.map((question) => (
        <Asked key={question.id} question={question} value={given[question.id]} onChange={(value) => setGiven({ ...given, [question.id]: value })} />
      ))}
      {(rating !== null || oneClick) && (
        <details className="pulse__more" open={!oneClick}>
          <summary>{w('more2')}</summary>
          <Field label={w('comment')} hint={w('commentHint')}>
            {(wiring) => <textarea {...wiring} className="input" rows={2} maxLength={2000} dir="auto" value={comment} onChange={({ target }) => setComment(target.value)} />}
          </Field>
          <label className="choice">
            <input type="checkbox" checked={named} onChange={({ target }) => setNamed(target.checked)} />
            {w('named')}
          </label>
        </details>
      )}
      <p className="field__hint">
        {oneClick && w('oneClick')} {w('askedText')} {w('until', { day })}
      </p>
      {answer.isError && (
        <p className="field__fault" role="alert">
          {w(gone ? 'gone' : 'failed')}
        </p>
      )}
      {rating !== null && (
        <Button type="submit" loading={answer.isPending} onClick={gone ? () => void forget() : undefined}>
          {w('send')}
        </Button>
      )}
    </form>
  );
}

function Asked({ question, value, onChange }: { question: Question; value: string | number | boolean | undefined; onChange: (value: string | number | boolean) => void }) {
  const w = useWords();
  const name = useId();
  const label = question.required ? question.text : `${question.text} (${w('optional')})`;
  if (question.kind === 'text') {
    return (
      <Field label={label}>
        {(wiring) => <textarea {...wiring} className="input" rows={2} dir="auto" required={question.required} value={typeof value === 'string' ? value : ''} onChange={({ target }) => onChange(target.value)} />}
      </Field>
    );
  }
  return (
    <fieldset className="choices pulse__choices">
      <legend className="field__label">{label}</legend>
      {optionsOf(question, w('yes'), w('no')).map(([one, text]) => (
        <label key={text} className="choice">
          <input type="radio" name={name} required={question.required} checked={value === one} onChange={() => onChange(one)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}

function optionsOf({ kind, choices }: Question, yes: string, no: string): (readonly [string | number | boolean, string])[] {
  if (kind === 'yes_no') return [[true, yes], [false, no]];
  if (kind === 'choice') return choices.map((choice) => [choice.id, choice.name]);
  const first = kind === 'nps' ? 0 : 1;
  return Array.from({ length: kind === 'nps' ? 11 : 5 }, (_, place) => [first + place, String(first + place)]);
}
