// One question to somebody outside the desk: yes or no, and perhaps a word. Opening the page answers nothing.
import './approval-page.css';
import { useCallback, useEffect, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { ApprovalView } from '@/lib/api/types';
import { moment } from '@/lib/time/format';
import { usePortal } from './context';
import { Notice } from './frame';
import { LinkPage } from './link-page';
import { linkTrouble, sendingProblem, type LinkTrouble } from './problems';

const VERDICTS = ['approved', 'declined'] as const;
type Verdict = (typeof VERDICTS)[number];
const LONGEST_COMMENT = 500;
const SIGNS: Record<Verdict, string> = { approved: 'm5 12.5 4.500 4.500L19 7.500', declined: 'm6.500 6.500 11 11M17.500 6.500l-11 11' };

export default function ApprovalPage({ token }: { token: string }) {
  const { t, api, speak } = usePortal();
  const [view, setView] = useState<ApprovalView | null>(null);
  const [trouble, setTrouble] = useState<LinkTrouble | null>(null);
  const [changing, setChanging] = useState(false);

  const look = useCallback(async (): Promise<void> => {
    try {
      const found = await unwrap(api.GET('/v1/approvals/{token}', { params: { path: { token } } }));
      await speak(found.locale);
      setView(found);
      setTrouble(null);
    } catch (cause) {
      setTrouble(linkTrouble(cause));
    }
  }, [api, speak, token]);
  useEffect(() => {
    const first = setTimeout(() => void look(), 0);
    return () => clearTimeout(first);
  }, [look]);

  if (trouble) return <LinkPage trouble={trouble} onRetry={() => void look()} />;
  if (!view) {
    return (
      <p className="waiting" role="status">
        {t('loading')}
      </p>
    );
  }
  if (view.state === 'withdrawn') return <Notice title={t('approval.withdrawn')} text={t('approval.withdrawnText')} />;
  if (view.state !== 'open') {
    return (
      <Notice tone={view.state === 'approved' ? 'good' : 'plain'} title={t(`approval.${view.state}`)} text={t('approval.settledText')}>
        <Matter view={view} />
      </Notice>
    );
  }
  if (view.verdict !== null && !changing) {
    return (
      <Notice tone="good" title={t('approval.thanks')} text={`${t(view.verdict === 'approved' ? 'approval.saidYes' : 'approval.saidNo')} ${t('approval.waits')}`}>
        <Matter view={view} />
        <button type="button" className="button" onClick={() => setChanging(true)}>
          {t('approval.change')}
        </button>
      </Notice>
    );
  }
  const answered = (found: ApprovalView): void => {
    setView(found);
    setChanging(false);
  };
  return <Asking token={token} view={view} onAnswered={answered} onOver={look} />;
}

/** What it is about, in the asker's words. */
function Matter({ view }: { view: ApprovalView }) {
  const { t } = usePortal();
  return (
    <section className="matter">
      <p className="hint">
        {view.asked_by === null ? t('approval.us') : t('approval.asks', { name: view.asked_by })} · {t('approval.about', { number: view.number })}
      </p>
      <p className="matter__question" dir="auto">
        {view.question}
      </p>
      {view.shown !== '' && (
        <blockquote className="matter__shown" dir="auto">
          {view.shown}
        </blockquote>
      )}
    </section>
  );
}

interface AskingProps {
  token: string;
  view: ApprovalView;
  onAnswered: (view: ApprovalView) => void;
  /** It was settled meanwhile: the page says how. */
  onOver: () => Promise<void>;
}

function Asking({ token, view, onAnswered, onOver }: AskingProps) {
  const { t, api, language } = usePortal();
  const [verdict, setVerdict] = useState<Verdict | null>(view.verdict);
  const [comment, setComment] = useState(view.comment);
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const send = async (): Promise<void> => {
    if (verdict === null) return;
    setSending(true);
    setFailure(null);
    try {
      const body = { verdict, comment: comment.trim() };
      onAnswered(await unwrap(api.POST('/v1/approvals/{token}', { params: { path: { token } }, body })));
    } catch (cause) {
      setSending(false);
      if (cause instanceof ApiError && (cause.status === 409 || cause.status === 410)) await onOver();
      else setFailure(sendingProblem(cause, t));
    }
  };

  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1>{t('approval.title')}</h1>
      <Matter view={view} />
      {view.due_at !== null && <p className="matter__due">{t('approval.due', { at: moment(view.due_at, language) })}</p>}
      <fieldset className="verdicts">
        <legend>{t('approval.verdict')}</legend>
        {VERDICTS.map((value) => (
          <label key={value} className={`card verdict verdict--${value}`}>
            <input type="radio" name="verdict" value={value} checked={verdict === value} onChange={() => setVerdict(value)} />
            <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" strokeWidth="2.200" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
              <path d={SIGNS[value]} />
            </svg>
            <span className="card__name">{t(value === 'approved' ? 'approval.yes' : 'approval.no')}</span>
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="comment">
          {t('approval.comment')} <span className="hint">({t('form.optional')})</span>
        </label>
        <textarea id="comment" className="short" rows={3} dir="auto" maxLength={LONGEST_COMMENT} value={comment} onChange={(event) => setComment(event.target.value)} />
        <p className="hint" aria-live="polite">
          {comment.length > LONGEST_COMMENT - 100 ? t('approval.left', { count: LONGEST_COMMENT - comment.length }) : ''}
        </p>
      </div>
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      <button type="submit" className="button button--main" disabled={verdict === null || sending}>
        {t(sending ? 'approval.sending' : 'approval.send')}
      </button>
    </form>
  );
}
