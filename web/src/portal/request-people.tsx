// What one can do with a request beside writing: say that it is solved, and let others read along.
import { useState, type SubmitEvent } from 'react';
import { unwrap, type Api } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { RequestPerson, RequestView } from '@/lib/api/types';
import { usePortal } from './context';
import { Field } from './field';
import { sendingProblem } from './problems';

interface SettleProps {
  id: string;
  api: Api;
  solved: boolean;
  onDone: () => Promise<void>;
}

export function Settle({ id, api, solved, onDone }: SettleProps) {
  const { t } = usePortal();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const settle = async (): Promise<void> => {
    setBusy(true);
    setFailure(null);
    try {
      await unwrap(api.POST('/v1/requests/{id}/settle', { params: { path: { id } }, body: { solved: !solved } }));
      await onDone();
    } catch (cause) {
      setFailure(cause instanceof ApiError && cause.status === 403 ? t('request.notYours') : sendingProblem(cause, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="settle">
      <p className="hint">{t(solved ? 'request.reopenHint' : 'request.solveHint')}</p>
      <button type="button" className="button" disabled={busy} onClick={() => void settle()}>
        {t(solved ? 'request.reopen' : 'request.solve')}
      </button>
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}

interface GoesOnProps {
  id: string;
  api: Api;
  view: RequestView;
  onDone: () => Promise<void>;
}

/** What was asked goes on in another's request: its answers come by mail, for as long as one likes. */
export function GoesOn({ id, api, view, onDone }: GoesOnProps) {
  const { t } = usePortal();
  const [failure, setFailure] = useState<string | null>(null);
  const me = view.people.find((one) => one.you)?.id;
  const leave = async (person: string): Promise<void> => {
    setFailure(null);
    try {
      await unwrap(api.DELETE('/v1/requests/{id}/people/{person_id}', { params: { path: { id, person_id: person } } }));
      await onDone();
    } catch (cause) {
      setFailure(sendingProblem(cause, t));
    }
  };
  return (
    <div className="settle">
      <p className="hint">{t('people.goesOn')}</p>
      {me !== undefined && (
        <button type="button" className="button" onClick={() => void leave(me)}>
          {t('people.leave')}
        </button>
      )}
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}

interface PeopleProps {
  id: string;
  api: Api;
  people: readonly RequestPerson[];
  closed: boolean;
  onDone: () => Promise<void>;
  onLeft: () => void;
}

export function People({ id, api, people, closed, onDone, onLeft }: PeopleProps) {
  const { t } = usePortal();
  const [email, setEmail] = useState('');
  const [trouble, setTrouble] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const asker = people.some((one) => one.asks && one.you);
  const attempt = async (call: () => Promise<unknown>, then: () => Promise<void> | void = onDone): Promise<void> => {
    setFailure(null);
    try {
      await call();
      setEmail('');
      await then();
    } catch (cause) {
      const about = cause instanceof ApiError && cause.errors.some(({ pointer }) => pointer === '/email');
      setTrouble(about);
      setFailure(about ? null : sendingProblem(cause, t));
    }
  };
  const add = (event: SubmitEvent): void => {
    event.preventDefault();
    if (email.trim() !== '') void attempt(() => unwrap(api.POST('/v1/requests/{id}/people', { params: { path: { id } }, body: { email: email.trim() } })));
  };
  const remove = (person: string, then?: () => void): void =>
    void attempt(() => unwrap(api.DELETE('/v1/requests/{id}/people/{person_id}', { params: { path: { id, person_id: person } } })), then);
  return (
    <details className="people" open={people.length > 1}>
      <summary>{t('people.title', { count: people.length })}</summary>
      <ul>
        {people.map((one) => (
          <li key={one.id}>
            <span className="people__name" dir="auto">
              {one.name ?? one.email ?? ''} {one.you && <span className="hint">({t('request.you')})</span>}
              {one.name !== null && one.email !== null && <span className="hint people__mail">{one.email}</span>}
            </span>
            {!closed && !one.asks && one.you && (
              <button type="button" className="people__leave" onClick={() => remove(one.id, onLeft)}>
                {t('people.leave')}
              </button>
            )}
            {!closed && !one.asks && !one.you && asker && (
              <button type="button" aria-label={t('people.remove', { name: one.name ?? one.email ?? '' })} onClick={() => remove(one.id)}>
                <span aria-hidden="true">×</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      {!closed && (
        <form className="people__add" noValidate onSubmit={add}>
          <Field
            name="colleague"
            type="email"
            label={t('people.add')}
            hint={t('people.hint')}
            optional
            trouble={trouble ? 'email' : undefined}
            value={email}
            onChange={(text) => {
              setEmail(text);
              setTrouble(false);
            }}
          />
          <button type="submit" className="button" disabled={email.trim() === ''}>
            {t('people.button')}
          </button>
        </form>
      )}
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
    </details>
  );
}
