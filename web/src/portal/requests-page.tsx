// "My requests": a short list in plain words: what one asked or takes part in and, where the organization shares them, everybody's.
import './requests-page.css';
import { useCallback, useEffect, useState } from 'react';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { PortalVisitor, RequestRow } from '@/lib/api/types';
import { writtenIn } from '@/lib/text';
import { moment, stillAhead } from '@/lib/time/format';
import { usePortal } from './context';
import { LinkPage } from './link-page';
import { atBrand, requestPath, requestsPath, signInPath } from './place';
import { forgetSignedIn, maySignedIn } from './visitor';

const STATES = ['open', 'done'] as const;
type State = (typeof STATES)[number];
type Whose = 'mine' | 'organization';

interface Listed {
  items: readonly RequestRow[];
  next: string | null;
}

export default function RequestsPage() {
  const { api, language, t, visitor: known } = usePortal();
  const [visitor, setVisitor] = useState<PortalVisitor | null>(known);
  const [whose, setWhose] = useState<Whose>('mine');
  const [state, setState] = useState<State>('open');
  const [listed, setListed] = useState<Listed | null>(null);
  const [failed, setFailed] = useState(false);

  const look = useCallback(
    async (cursor: string | null): Promise<void> => {
      try {
        const query = { whose, state, locale: language, ...(cursor === null ? {} : { cursor }) };
        const [who, page] = await Promise.all([
          unwrap(api.GET('/v1/portal/session')),
          unwrap(api.GET('/v1/portal/requests', { params: { query } })),
        ]);
        setVisitor(who);
        setListed((before) => ({ items: cursor === null ? page.items : [...(before?.items ?? []), ...page.items], next: page.next_cursor }));
        setFailed(false);
      } catch (cause) {
        if (cause instanceof ApiError && cause.status === 401) {
          forgetSignedIn();
          location.replace(signInPath(requestsPath()));
        } else setFailed(true);
      }
    },
    [api, language, state, whose],
  );
  useEffect(() => {
    // Who was never here signs in first; asking for a list would only be refused.
    if (!maySignedIn()) location.replace(signInPath(requestsPath()));
    const first = setTimeout(() => void (maySignedIn() && look(null)), 0);
    return () => clearTimeout(first);
  }, [look]);

  const leave = async (): Promise<void> => {
    await done(api.DELETE('/v1/portal/session')).catch(() => undefined);
    forgetSignedIn();
    location.assign(atBrand('/portal'));
  };
  const choose = (act: () => void) => (): void => {
    setListed(null);
    act();
  };

  if (failed) return <LinkPage trouble="failed" onRetry={() => void look(null)} />;
  return (
    <section className="requests">
      <h1>{t('requests.title')}</h1>
      {visitor && (
        <p className="requests__who hint">
          {t('requests.as', { email: visitor.email })}{' '}
          <button type="button" className="link" onClick={() => void leave()}>
            {t('requests.leave')}
          </button>
        </p>
      )}
      <div className="requests__choice">
        {visitor?.organization !== null && visitor?.organization !== undefined && (
          <div className="tabs" role="group" aria-label={t('requests.whose')}>
            <Choice chosen={whose === 'mine'} label={t('requests.mine')} onChoose={choose(() => setWhose('mine'))} />
            <Choice chosen={whose === 'organization'} label={visitor.organization} onChoose={choose(() => setWhose('organization'))} />
          </div>
        )}
        <div className="tabs" role="group" aria-label={t('requests.state')}>
          {STATES.map((one) => (
            <Choice key={one} chosen={state === one} label={t(`requests.${one}`)} onChoose={choose(() => setState(one))} />
          ))}
        </div>
      </div>
      {listed === null ? (
        <p className="waiting" role="status">
          {t('loading')}
        </p>
      ) : (
        <Rows listed={listed} onMore={() => void look(listed.next)} />
      )}
    </section>
  );
}

function Choice({ chosen, label, onChoose }: { chosen: boolean; label: string; onChoose: () => void }) {
  return (
    <button type="button" className="tab" aria-pressed={chosen} onClick={onChoose}>
      {label}
    </button>
  );
}

function Rows({ listed, onMore }: { listed: Listed; onMore: () => void }) {
  const { t } = usePortal();
  if (listed.items.length === 0) {
    return (
      <div className="requests__none">
        <p>{t('requests.none')}</p>
        <a className="button button--main" href={atBrand('/portal')}>
          {t('requests.ask')}
        </a>
      </div>
    );
  }
  return (
    <>
      <ul className="rows">
        {listed.items.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
      {listed.next !== null && (
        <button type="button" className="button" onClick={onMore}>
          {t('requests.more')}
        </button>
      )}
    </>
  );
}

function Row({ row }: { row: RequestRow }) {
  const { t, language } = usePortal();
  const by = stillAhead(row.expected_reply_by);
  const waits = row.status === 'new' || row.status === 'open';
  return (
    <li>
      <a className="row" href={requestPath(row.id)}>
        <span className="row__subject" dir="auto" lang={writtenIn(row.subject)}>
          {row.subject}
        </span>
        <span className={`row__standing standing--${row.status}`}>
          <strong>{row.status_name ?? t(`request.status.${row.status}`)}</strong>
        </span>
        <span className="row__about hint">
          {row.taking_part && <span className="row__part">{t('requests.takingPart')}</span>}#{row.number}
          {row.requester_name !== null && ` · ${row.requester_name}`}
          {` · ${waits && by !== null ? t('requests.by', { at: moment(by, language) }) : t('requests.changed', { at: moment(row.updated_at, language) })}`}
        </span>
      </a>
    </li>
  );
}
