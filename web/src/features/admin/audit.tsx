// Who did what: every change of a setting, with what it was before.
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { actionName, kindName, KINDS, subjectOf } from './audit-words';
import { orNone, useAgentChoices } from './choices';
import { Difference } from './difference';
import { Pick, Side, Text } from './inputs';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { unwrap } from '@/lib/api/client';
import type { AuditEntry } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { exact, moment } from '@/lib/time/format';

export function Audit() {
  const { w, language } = useTelling();
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
  if (isError && !data) return <NotLoaded again={() => void refetch()} />;
  const entries = data?.pages.flatMap(({ items }) => items) ?? [];
  const kinds = KINDS.map((value) => ({ value, name: kindName(value, { w }) })).toSorted((one, other) => one.name.localeCompare(other.name, language));
  const plain = (value: string, set: (value: string) => void) => ({ value, set, fault: () => undefined });
  return (
    <>
      <h1 className="setup__title">{w('pages.audit.title')}</h1>
      <p className="setup__text">{w('pages.audit.text')}</p>
      <Side>
        <Pick of={plain(kind, setKind)} label={w('audit.kind')} choices={orNone(w('audit.anything'), kinds)} />
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
  const telling = useTelling();
  const { w, language } = telling;
  const { before, after, actor, from } = entry;
  const who = actor === null ? w(`audit.via.${from.via}`) : (actor.name ?? actor.id);
  return (
    <li>
      <details className="entry">
        <summary className="entry__head">
          <time className="entry__when" dateTime={entry.at} title={exact(entry.at, language)}>
            {moment(entry.at, language)}
          </time>
          <span className="listing__title">{subjectOf(entry, telling)}</span>
          <span className={`entry__act entry__act--${entry.action}`}>{actionName(entry.action, telling)}</span>
          <span className="listing__facts entry__who">{[who, from.address].filter((one) => one !== null).join(' · ')}</span>
        </summary>
        <p className="field__hint entry__id">{w('audit.id', { id: entry.target })}</p>
        <Difference before={before} after={after} />
      </details>
    </li>
  );
}
