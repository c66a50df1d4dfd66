// Who did what: every change of a setting, with what it was before.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orNone, useAgentChoices } from './choices';
import { Difference } from './difference';
import { Pick, Side, Text } from './inputs';
import { Failed } from './setting';
import { useTelling } from './use-telling';
import { unwrap } from '@/lib/api/client';
import type { AuditEntry } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { exact, moment } from '@/lib/time/format';

export function Audit() {
  const { w } = useTelling();
  const { api } = useDesk();
  const agents = useAgentChoices();
  const [kind, setKind] = useState('');
  const [actor, setActor] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['audit', kind, actor, from, to],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => {
      const query = { limit: 50, ...(kind === '' ? {} : { kind }), ...(actor === '' ? {} : { actor }), ...(from === '' ? {} : { from: `${from}T00:00:00Z` }), ...(to === '' ? {} : { to: `${to}T23:59:59Z` }), ...(pageParam === null ? {} : { cursor: pageParam }) };
      return unwrap(api.GET('/v1/audit', { params: { query } }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
  if (isError && !data) return <Failed again={() => void refetch()} />;
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  const plain = (value: string, set: (value: string) => void) => ({ value, set, fault: () => undefined });
  return (
    <>
      <h1 className="setup__title">{w('pages.audit.title')}</h1>
      <p className="setup__text">{w('pages.audit.text')}</p>
      <Side>
        <Text of={plain(kind, setKind)} label={w('audit.kind')} hint={w('audit.kindHint')} list={[...new Set(entries.map((one) => one.kind))].toSorted()} />
        <Pick of={plain(actor, setActor)} label={w('audit.actor')} choices={orNone(w('audit.anybody'), agents)} />
        <Text of={plain(from, setFrom)} label={w('audit.from')} type="date" />
        <Text of={plain(to, setTo)} label={w('audit.to')} type="date" />
      </Side>
      <ol className="listing" aria-busy={data === undefined}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {data && entries.length === 0 && <p className="setup__text">{w('audit.none')}</p>}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('list.more')}
        </Button>
      )}
    </>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { w, language } = useTelling();
  const { before, after, actor, from } = entry;
  return (
    <li>
      <details className="entry">
        <summary className="entry__head">
          <time className="entry__when" dateTime={entry.at} title={exact(entry.at, language)}>
            {moment(entry.at, language)}
          </time>
          <span className="listing__title">
            {entry.kind} {entry.target}
          </span>
          <span className="listing__facts">{[entry.action, actor === null ? w(`audit.via.${from.via}`) : (actor.name ?? actor.id), from.address].filter((one) => one !== null).join(' · ')}</span>
        </summary>
        <Difference before={before} after={after} />
      </details>
    </li>
  );
}
