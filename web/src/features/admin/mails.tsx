// The ledger of mail: what became of every mail that ever came, and a second try for those that nothing came of.
import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { orNone } from './choices';
import { Pick, Side } from './inputs';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { EmptyState } from '@/components/empty-state';
import { IconMail } from '@/components/icons';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Mail } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { reasonsOf } from '@/lib/tickets/held-reasons';
import { deskNow } from '@/lib/time/clock';
import { exact, moment } from '@/lib/time/format';
import { toast } from '@/lib/toasts';

const OUTCOMES = ['received', 'ticket', 'message', 'suspended', 'rejected', 'duplicate', 'deleted'] as const satisfies readonly Mail['outcome'][];
const MONTHS = 24;

/** Months as `2026-11`, the present one first. */
const months = (): string[] => {
  const now = new Date(deskNow());
  return Array.from({ length: MONTHS }, (_, back) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7));
};
type Outcome = (typeof OUTCOMES)[number] | '';

export function Mails() {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const [outcome, setOutcome] = useState<Outcome>('');
  const [month, setMonth] = useState(() => months()[0] ?? '');
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['mails', outcome, month],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      unwrap(api.GET('/v1/mails', { params: { query: { limit: 50, ...(outcome === '' ? {} : { outcome }), ...(month === '' ? {} : { month }), ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    getNextPageParam: (page) => page.next_cursor,
  });
  if (isError && !data) return <NotLoaded again={() => void refetch()} />;
  const mails = data?.pages.flatMap(({ items }) => items) ?? [];
  const monthName = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'long', timeZone: 'UTC' });
  const plain = <Value extends string>(value: Value, set: (value: Value) => void) => ({ value, set, fault: () => undefined });
  return (
    <>
      <h1 className="setup__title">{w('pages.mails.title')}</h1>
      <p className="setup__text">
        {w('pages.mails.text')}{' '}
        <Link className="link" to="/held">
          {w('mails.held')}
        </Link>
      </p>
      <Side>
        <Pick of={plain(outcome, setOutcome)} label={w('mails.outcome')} choices={orNone(w('mails.any'), OUTCOMES.map((one) => ({ value: one, name: w(`outcomes.${one}`) }))) as { value: Outcome; name: string }[]} />
        <Pick of={plain(month, setMonth)} label={w('mails.month')} choices={months().map((value) => ({ value, name: monthName.format(new Date(`${value}-01T00:00:00Z`)) }))} />
      </Side>
      {(data === undefined || mails.length > 0) && (
        <ul className="listing mails" aria-busy={data === undefined}>
          {mails.map((mail) => (
            <OneMail key={mail.id} mail={mail} />
          ))}
        </ul>
      )}
      {data && mails.length === 0 && <EmptyState icon={<IconMail size={22} stroke={1.6} />} title={w('mails.noneTitle')} text={w('mails.none')} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('list.more')}
        </Button>
      )}
    </>
  );
}

function OneMail({ mail }: { mail: Mail }) {
  const { t, w, language } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const again = useMutation({
    mutationFn: () => unwrap(api.POST('/v1/mails/{id}/reprocess', { params: { path: { id: mail.id } } })),
    onSuccess: ({ outcome }) => {
      toast(w('mails.became', { outcome: w(`outcomes.${outcome}`) }));
      void client.invalidateQueries({ queryKey: ['mails'] });
    },
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  return (
    <li className="mails__one">
      <span className={`mails__outcome mails__outcome--${mail.outcome}`}>{w(`outcomes.${mail.outcome}`)}</span>
      <span className="mails__what">
        <span className="mails__subject" dir="auto">
          {mail.ticket_id === null ? (mail.subject ?? w('mails.noSubject')) : <Link to={`/tickets/${mail.ticket_id}`}>{mail.subject ?? w('mails.noSubject')}</Link>}
        </span>
        <span className="mails__who">{[w('mails.from', { sender: mail.sender ?? w('mails.nobody') }), ...reasonsOf(mail, t)].join(' · ')}</span>
      </span>
      <time className="mails__when" dateTime={mail.received_at} title={exact(mail.received_at, language)}>
        {moment(mail.received_at, language)}
      </time>
      {(mail.outcome === 'received' || mail.outcome === 'suspended') && (
        <Button variant="default" size="compact-xs" loading={again.isPending} onClick={() => again.mutate()}>
          {w('mails.again')}
        </Button>
      )}
    </li>
  );
}
