// One question, five big buttons. Opening the page records nothing: mail programs open links too.
import './survey-page.css';
import { useCallback, useEffect, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { SurveyView } from '@/lib/api/types';
import { MOUTHS, RATINGS, type RatingValue } from '@/lib/faces';
import { Notice } from './frame';
import { LinkPage } from './link-page';
import { linkTrouble, sendingProblem, type LinkTrouble } from './problems';
import { SurveyQuestions, askedAt, type Given } from './survey-questions';
import { usePortal } from './context';

interface SurveyPageProps {
  token: string;
  /** Chosen in the mail already: shown as chosen, not sent. */
  rating: number | null;
}

export default function SurveyPage({ token, rating: chosen }: SurveyPageProps) {
  const { t, api, speak } = usePortal();
  const [survey, setSurvey] = useState<SurveyView | null>(null);
  const [trouble, setTrouble] = useState<LinkTrouble | null>(null);
  const [rating, setRating] = useState<RatingValue | null>(RATINGS.find((value) => value === chosen) ?? null);
  const [comment, setComment] = useState('');
  const [given, setGiven] = useState<Given>({});
  const [changing, setChanging] = useState(false);
  const [state, setState] = useState<'choosing' | 'sending' | 'thanks'>('choosing');
  const [failure, setFailure] = useState<string | null>(null);
  const path = { params: { path: { token } } };

  const look = useCallback(async (): Promise<void> => {
    try {
      const found = await unwrap(api.GET('/v1/surveys/{token}', { params: { path: { token } } }));
      // The question is asked in the language of the letters before it, whatever the browser speaks.
      await speak(found.locale);
      setSurvey(found);
      setTrouble(null);
    } catch (cause) {
      setTrouble(linkTrouble(cause));
    }
  }, [api, speak, token]);
  useEffect(() => {
    const first = setTimeout(() => void look(), 0);
    return () => clearTimeout(first);
  }, [look]);

  const send = async (): Promise<void> => {
    if (rating === null) return;
    setState('sending');
    setFailure(null);
    try {
      const words = comment.trim();
      const asked = askedAt(survey?.questions ?? [], rating).map(({ id }) => id);
      const answers = Object.fromEntries(Object.entries(given).filter(([id, value]) => asked.includes(id) && value !== ''));
      const body = { rating, ...(words === '' ? {} : { comment: words }), ...(Object.keys(answers).length === 0 ? {} : { answers }) };
      await unwrap(api.POST('/v1/surveys/{token}', { ...path, body }));
      setState('thanks');
    } catch (cause) {
      setState('choosing');
      // Rated in another tab meanwhile: the page says so instead of complaining.
      if (cause instanceof ApiError && (cause.status === 409 || cause.status === 410)) await look();
      else setFailure(sendingProblem(cause, t));
    }
  };

  if (trouble) return <LinkPage trouble={trouble} onRetry={() => void look()} />;
  if (!survey) {
    return (
      <p className="waiting" role="status">
        {t('loading')}
      </p>
    );
  }
  if (state === 'thanks') return <Notice tone="good" title={t((rating ?? 5) >= 4 ? 'survey.thanksGood' : 'survey.thanksBad')} />;
  if (survey.state === 'answered' && !changing) {
    const change = (): void => {
      setRating(RATINGS.find((value) => value === survey.rating) ?? null);
      setComment(survey.comment ?? '');
      setGiven(survey.answers);
      setChanging(true);
    };
    return (
      <Notice tone="good" title={t('survey.answered')} text={survey.rating === null ? '' : t('survey.answeredText', { rating: survey.rating })}>
        {survey.changeable_until !== null && (
          <button type="button" className="button" onClick={change}>
            {t('survey.change')}
          </button>
        )}
      </Notice>
    );
  }
  if (survey.state === 'expired') {
    return (
      <Notice title={t('survey.expired')} text={t('survey.expiredText')}>
        <a className="button" href="/portal">
          {t('link.home')}
        </a>
      </Notice>
    );
  }
  return (
    <form
      className="form survey"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>{t('survey.title')}</h1>
      <p className="lead" dir="auto">
        {t('survey.about', { number: survey.ticket.number, subject: survey.ticket.subject })}
      </p>
      <fieldset className="faces">
        <legend>{t('survey.rating')}</legend>
        {RATINGS.map((value) => (
          <label key={value} className="face">
            <input type="radio" name="rating" value={value} checked={rating === value} onChange={() => setRating(value)} />
            <svg viewBox="0 0 40 40" aria-hidden="true">
              <circle cx="20" cy="20" r="17" />
              <path className="face__eyes" d="M14.500 16v.1M25.500 16v.1" />
              <path className="face__mouth" d={MOUTHS[value]} />
            </svg>
            <span>{t(`survey.${value}`)}</span>
          </label>
        ))}
      </fieldset>
      {rating !== null && <SurveyQuestions questions={askedAt(survey.questions, rating)} given={given} onChange={setGiven} />}
      {rating !== null && (
        <div className="field">
          <label htmlFor="comment">
            {t('survey.comment')} <span className="hint">({t('form.optional')})</span>
          </label>
          <textarea id="comment" rows={4} dir="auto" value={comment} onChange={(event) => setComment(event.target.value)} />
        </div>
      )}
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      <button type="submit" className="button button--main" disabled={rating === null || state === 'sending'}>
        {t(state === 'sending' ? 'survey.sending' : 'survey.send')}
      </button>
    </form>
  );
}
