// A survey's own questions: only those that the rating calls for, each in the plainest control.
import type { SurveyQuestion } from '@/lib/api/types';
import { usePortal } from './context';

export type Given = Record<string, string | number | boolean>;

export const askedAt = (questions: readonly SurveyQuestion[], rating: number): SurveyQuestion[] =>
  questions.filter((one) => one.rating_from <= rating && rating <= one.rating_to);

const ROWS: Partial<Record<SurveyQuestion['kind'], string>> = { choice: 'question__list', nps: 'question__row question__row--numbers' };

interface QuestionsProps {
  questions: readonly SurveyQuestion[];
  given: Given;
  onChange: (given: Given) => void;
}

export function SurveyQuestions({ questions, given, onChange }: QuestionsProps) {
  return questions.map((question) => (
    <OneQuestion key={question.id} question={question} value={given[question.id]} onChange={(value) => onChange({ ...given, [question.id]: value })} />
  ));
}

interface OneQuestionProps {
  question: SurveyQuestion;
  value: string | number | boolean | undefined;
  onChange: (value: string | number | boolean) => void;
}

function OneQuestion({ question, value, onChange }: OneQuestionProps) {
  const { t } = usePortal();
  const label = (
    <>
      {question.text} {!question.required && <span className="hint">({t('form.optional')})</span>}
    </>
  );
  if (question.kind === 'text') {
    return (
      <div className="field">
        <label htmlFor={`question-${question.id}`}>{label}</label>
        <textarea id={`question-${question.id}`} rows={3} dir="auto" required={question.required} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.target.value)} />
      </div>
    );
  }
  const options = optionsOf(question, t('survey.yes'), t('survey.no'));
  return (
    <fieldset className="field question">
      <legend>{label}</legend>
      <div className={ROWS[question.kind] ?? 'question__row'}>
        {options.map(([one, name]) => (
          <label key={name} className="question__one">
            <input type="radio" name={question.id} required={question.required} checked={value === one} onChange={() => onChange(one)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
      {question.kind === 'nps' && (
        <p className="hint question__ends">
          <span>{t('survey.unlikely')}</span>
          <span>{t('survey.likely')}</span>
        </p>
      )}
    </fieldset>
  );
}

function optionsOf({ kind, choices }: SurveyQuestion, yes: string, no: string): (readonly [string | number | boolean, string])[] {
  if (kind === 'yes_no') return [[true, yes], [false, no]];
  if (kind === 'choice') return choices.map((choice) => [choice.id, choice.name]);
  const first = kind === 'nps' ? 0 : 1;
  return Array.from({ length: kind === 'nps' ? 11 : 5 }, (_, place) => [first + place, String(first + place)]);
}
