// What became of a webhook's calls, newest first; each opens to its attempts, and can be ordered again.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useWords, type Words } from './words';
import { RelativeTime } from '@/components/relative-time';
import { ApiError } from '@/lib/api/problem';
import type { Delivery } from '@/lib/api/types';
import { useDeliveries, useDelivery, useRedeliver } from '@/lib/data/webhooks';
import { useLanguage } from '@/lib/i18n/use-t';
import { toast } from '@/lib/toasts';

export function DeliveryList({ webhook }: { webhook: string }) {
  const w = useWords();
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useDeliveries(webhook);
  const [opened, setOpened] = useState<string | null>(null);
  const deliveries = data?.pages.flatMap((page) => page.items) ?? [];
  if (data && deliveries.length === 0) return <p className="field__hint webhook__none">{w('delivery.none')}</p>;
  return (
    <>
      <ul className="deliveries" aria-busy={data === undefined}>
        {deliveries.map((delivery) => (
          <li key={delivery.id} className="delivery">
            <button type="button" className="delivery__head" aria-expanded={opened === delivery.id} onClick={() => setOpened(opened === delivery.id ? null : delivery.id)}>
              <span className={`delivery__state delivery__state--${delivery.state}`}>{w(`delivery.state.${delivery.state}`)}</span>
              <span className="delivery__what">{whatOf(delivery, w)}</span>
              <span className="delivery__at">
                <RelativeTime at={delivery.ordered_at} />
              </span>
            </button>
            {opened === delivery.id && <Opened webhook={webhook} delivery={delivery} />}
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('delivery.more')}
        </Button>
      )}
    </>
  );
}

function whatOf({ cause, number }: Delivery, w: Words): string {
  const what = cause.kind === 'test' ? w('delivery.test') : (cause.name ?? cause.id ?? w(`delivery.${cause.kind}`));
  return number === null ? what : `#${number} · ${what}`;
}

const shownBody = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

function Opened({ webhook, delivery }: { webhook: string; delivery: Delivery }) {
  const w = useWords();
  const language = useLanguage();
  const { data } = useDelivery(webhook, delivery.id);
  const redeliver = useRedeliver(webhook);
  const again = (): void => redeliver.mutate(delivery.id, { onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem') });
  const milliseconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond' });
  return (
    <div className="delivery__more">
      <ol className="delivery__attempts">
        {delivery.attempts.map((attempt) => (
          <li key={attempt.at}>
            <span>{attempt.status ?? w(`delivery.problem.${problemOf(attempt.problem)}`)}</span>
            <span className="delivery__at">
              {milliseconds.format(attempt.milliseconds)} · <RelativeTime at={attempt.at} />
            </span>
            {attempt.answer !== '' && <pre className="delivery__text">{attempt.answer}</pre>}
          </li>
        ))}
      </ol>
      {delivery.problem !== null && <p className="field__hint">{w(`delivery.dropped.${droppedOf(delivery.problem)}`)}</p>}
      {delivery.state === 'waiting' && delivery.next_at !== null && delivery.tries > 0 && (
        <p className="field__hint">
          {w('delivery.next')} <RelativeTime at={delivery.next_at} />
        </p>
      )}
      {data && data.body !== '' && (
        <>
          <h3 className="setup__small">{w('delivery.body')}</h3>
          <pre className="delivery__text">{shownBody(data.body)}</pre>
        </>
      )}
      <div className="webhook__acts">
        {delivery.state !== 'waiting' && (
          <Button variant="default" size="xs" loading={redeliver.isPending} onClick={again}>
            {w('delivery.again')}
          </Button>
        )}
        {delivery.ticket_id !== null && (
          <Link className="link" to={`/tickets/${delivery.ticket_id}`}>
            {w('delivery.ticket')}
          </Link>
        )}
      </div>
    </div>
  );
}

const PROBLEMS = ['address', 'scheme', 'redirect', 'timeout', 'tls', 'connection', 'status'] as const;
const problemOf = (problem: string | null): (typeof PROBLEMS)[number] => PROBLEMS.find((one) => one === problem) ?? 'connection';
const DROPPED = ['inactive', 'gone', 'no_ticket'] as const;
const droppedOf = (problem: string): (typeof DROPPED)[number] => DROPPED.find((one) => one === problem) ?? 'gone';
