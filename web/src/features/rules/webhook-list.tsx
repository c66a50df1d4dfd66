// All destinations outside, and how their calls fare.
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { useWords } from './words';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconLink } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import type { Webhook } from '@/lib/api/types';
import { useWebhooks } from '@/lib/data/webhooks';

export function WebhookList() {
  const w = useWords();
  const navigate = useNavigate();
  const { data: webhooks, isError, refetch } = useWebhooks();
  const add = <Button onClick={() => void navigate('/rules/webhooks/new')}>{w('webhook.add')}</Button>;
  if (isError && !webhooks) {
    return <Failed title={w('webhook.failed')} again={() => void refetch()} />;
  }
  if (webhooks?.length === 0) return <EmptyState icon={<IconLink size={22} stroke={1.6} />} title={w('webhook.emptyTitle')} text={w('webhook.emptyText')} action={add} />;
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('webhook.title')}</h1>
          <p className="setup__text">{w('webhook.text')}</p>
        </div>
        {add}
      </div>
      <ul className="rules__list" aria-busy={webhooks === undefined}>
        {webhooks?.map((webhook) => (
          <li key={webhook.id} className="rules__item">
            <div className="webhook__what">
              <Link className="link rules__rule" to={`/rules/webhooks/${webhook.id}`}>
                {webhook.name}
              </Link>
              <span className="webhook__url">{webhook.url}</span>
            </div>
            <span className={webhook.active ? 'rules__fact rules__fact--on' : 'rules__fact'}>{webhook.active ? w('list.on') : w('list.off')}</span>
            <Health webhook={webhook} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** How its calls fare, in one line. */
export function Health({ webhook }: { webhook: Webhook }) {
  const w = useWords();
  const { failing_since: since, last_ok_at: ok, failures } = webhook.health;
  if (webhook.stopped_at !== null) return <span className="webhook__fact webhook__fact--bad">{w('webhook.stopped')}</span>;
  if (since !== null) {
    return (
      <span className="webhook__fact webhook__fact--bad">
        {w('webhook.failing', { count: failures })} <RelativeTime at={since} />
      </span>
    );
  }
  if (ok === null) return <span className="webhook__fact">{w('webhook.never')}</span>;
  return (
    <span className="webhook__fact">
      {w('webhook.ok')} <RelativeTime at={ok} />
    </span>
  );
}
