// One request as its owner sees it: where it stands in plain words, the letters, and room for an answer.
import { useCallback, useEffect, useRef, useState, type SubmitEvent } from 'react';
import { createApi, unwrap, type Api } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { RequestView } from '@/lib/api/types';
import { forget, readJson, writeJson } from '@/lib/storage';
import { writtenIn } from '@/lib/text';
import { exact, fileSize, moment, stillAhead } from '@/lib/time/format';
import { FileField, pasting, useFiles } from './files';
import { Notice } from './frame';
import { fromThePage } from './from-the-page';
import { LinkPage } from './link-page';
import { GoesOn, People, Settle } from './request-people';
import { atBrand, requestPath, requestsPath, signInPath } from './place';
import { linkTrouble, sendingProblem, type LinkTrouble } from './problems';
import { usePortal } from './context';

const LOOK_EVERY_MS = 15_000;

interface RequestPageProps {
  id: string;
  token: string;
}

function useRequestApi(token: string): Api {
  const { api } = usePortal();
  const [authorized] = useState(() => (token === '' ? api : createApi('', { token: () => token, renew: () => Promise.resolve(false) }, fromThePage)));
  return authorized;
}

/** The address of a file works for some minutes only, so it is asked for when someone wants the file. */
async function openFile(api: Api, id: string, file: string): Promise<void> {
  const path = { id, attachment_id: file };
  const { url } = await unwrap(api.GET('/v1/requests/{id}/attachments/{attachment_id}', { params: { path } }));
  const link = document.createElement('a');
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.click();
}

export default function RequestPage({ id, token }: RequestPageProps) {
  const { t } = usePortal();
  const api = useRequestApi(token);
  const [view, setView] = useState<RequestView | null>(null);
  const [trouble, setTrouble] = useState<LinkTrouble | null>(null);
  const [left, setLeft] = useState(false);
  const look = useCallback(async (): Promise<void> => {
    try {
      setView(await unwrap(api.GET('/v1/requests/{id}', { params: { path: { id } } })));
      setTrouble(null);
    } catch (cause) {
      // Without a key it is for whoever is signed in; who is not comes back here afterwards.
      if (token === '' && cause instanceof ApiError && cause.status === 401) location.replace(signInPath(requestPath(id)));
      else setTrouble(linkTrouble(cause));
    }
  }, [api, id, token]);
  useEffect(() => {
    if (left) return;
    const first = setTimeout(() => void look(), 0);
    const timer = setInterval(() => document.hidden || void look(), LOOK_EVERY_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [left, look]);

  if (left) {
    return (
      <Notice tone="good" title={t('people.leftTitle')} text={t('people.leftText')}>
        <a className="button" href={requestsPath()}>
          {t('requests.title')}
        </a>
      </Notice>
    );
  }
  if (view === null) {
    if (trouble) return <LinkPage trouble={trouble} onRetry={() => void look()} />;
    return (
      <p className="waiting" role="status">
        {t('loading')}
      </p>
    );
  }
  return (
    <>
      <RequestHead view={view} />
      <ol className="letters">
        {view.messages.toSorted((one, other) => (one.at < other.at ? -1 : 1)).map((message) => (
          <Letter key={message.id} id={id} api={api} message={message} />
        ))}
      </ol>
      {view.goes_on === true && <GoesOn id={id} api={api} view={view} onDone={look} />}
      {view.ticket.status === 'closed' ? (
        <a className="button button--main" href={atBrand('/portal')}>
          {t('request.new')}
        </a>
      ) : (
        view.may_write && (
          <>
            <Reply id={id} api={api} solved={view.ticket.status === 'solved'} onSent={look} />
            <Settle id={id} api={api} solved={view.ticket.status === 'solved'} onDone={look} />
          </>
        )
      )}
      {view.people.length > 0 && <People id={id} api={api} people={view.people} closed={view.ticket.status === 'closed'} onDone={look} onLeft={() => setLeft(true)} />}
    </>
  );
}

function RequestHead({ view: { ticket, fields } }: { view: RequestView }) {
  const { t, language } = usePortal();
  const waiting = ticket.status === 'new' || ticket.status === 'open';
  const by = stillAhead(ticket.expected_reply_by);
  return (
    <header className="request">
      <p className="request__number">
        {t('request.number', { number: ticket.number })} · {t('request.sentAt', { at: moment(ticket.created_at, language) })}
      </p>
      <h1 dir="auto" lang={writtenIn(ticket.subject)}>{ticket.subject}</h1>
      <div className={`standing standing--${ticket.status}`} role="status">
        <strong>{ticket.status_name ?? t(`request.status.${ticket.status}`)}</strong>
        <span>
          {t(`request.explain.${ticket.status}`)} {waiting && by !== null && t('request.replyBy', { at: moment(by, language) })}
        </span>
      </div>
      {fields.length > 0 && (
        <dl className="told">
          {fields.map(({ id, name, text }) => (
            <div key={id}>
              <dt>{name}</dt>
              <dd dir="auto">{text}</dd>
            </div>
          ))}
        </dl>
      )}
    </header>
  );
}

interface LetterProps {
  id: string;
  api: Api;
  message: RequestView['messages'][number];
}

function Letter({ id, api, message }: LetterProps) {
  const { t, language } = usePortal();
  const { mine } = message;
  return (
    <li className={mine ? 'letter letter--mine' : 'letter'}>
      <p className="letter__head">
        <strong dir="auto">{mine ? t('request.you') : (message.author.name ?? t(message.author.kind === 'requester' ? 'request.customer' : 'request.us'))}</strong>
        <time dateTime={message.at} title={exact(message.at, language)}>
          {moment(message.at, language)}
        </time>
      </p>
      <div className="letter__body" dir="auto">
        {message.body_text}
      </div>
      {message.attachments.length > 0 && (
        <ul className="letter__files">
          {message.attachments.map((file) => (
            <li key={file.id}>
              <button type="button" className="link" onClick={() => void openFile(api, id, file.id)}>
                {file.filename}
              </button>{' '}
              <span className="hint">{fileSize(file.size, language)}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

interface ReplyProps {
  id: string;
  api: Api;
  solved: boolean;
  onSent: () => Promise<void>;
}

function Reply({ id, api, solved, onSent }: ReplyProps) {
  const { t } = usePortal();
  const kept = `portal.reply.${id}`;
  const files = useFiles();
  const [body, setBody] = useState(() => {
    const draft = readJson(kept, 'sessionStorage');
    return typeof draft === 'string' ? draft : '';
  });
  const [state, setState] = useState<'writing' | 'sending' | 'sent'>('writing');
  const [failure, setFailure] = useState<string | null>(null);
  const key = useRef(crypto.randomUUID());

  const write = (text: string): void => {
    setBody(text);
    setState('writing');
    writeJson(kept, text, 'sessionStorage');
    key.current = crypto.randomUUID();
  };
  const send = async (): Promise<void> => {
    setState('sending');
    setFailure(null);
    try {
      const attachments = files.ids && files.ids.length > 0 ? { attachments: [...files.ids] } : {};
      const params = { path: { id }, header: { 'Idempotency-Key': key.current } };
      const replied = await unwrap(api.POST('/v1/requests/{id}/messages', { params, body: { body: body.trim(), ...attachments } }));
      write('');
      forget(kept, 'sessionStorage');
      files.clear();
      setState('sent');
      // A closed request stays closed: the answer opened a new one, and there it goes on.
      if (replied.access_token) location.assign(requestPath(replied.ticket.id, replied.access_token));
      else await onSent();
    } catch (cause) {
      setFailure(sendingProblem(cause, t));
      setState('writing');
    }
  };
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (body.trim() !== '') void send();
  };
  return (
    <form className="form reply" onSubmit={onSubmit} {...pasting(files)}>
      <div className="field">
        <label htmlFor="reply">{t(solved ? 'request.replySolved' : 'request.reply')}</label>
        <textarea id="reply" rows={4} dir="auto" value={body} onChange={(event) => write(event.target.value)} />
      </div>
      <FileField files={files} />
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      <div className="form__end">
        <button type="submit" className="button button--main" disabled={body.trim() === '' || state === 'sending' || files.ids === null}>
          {t(state === 'sending' ? 'request.sending' : 'request.send')}
        </button>
        <p className="hint" role="status">
          {state === 'sent' ? t('request.sent') : ''}
        </p>
      </div>
    </form>
  );
}
