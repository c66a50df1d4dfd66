// Privacy of the whole desk: for how long network addresses are kept, and which tickets nothing may be taken out of.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { Amount, Part, Text } from './inputs';
import { seenAt } from './kind';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

/** Conditions are an open tree, of which the schema says only that it is one. */
const HELD = { field: 'legal_hold', is: [true] } as Record<string, unknown> as Record<string, undefined>;

export function Privacy() {
  const { w } = useTelling();
  return (
    <div className="setup-single">
      <h1 className="setup__title">{w('pages.privacy.title')}</h1>
      <p className="setup__text">{w('pages.privacy.text')}</p>
      <Addresses />
      <Holds />
    </div>
  );
}

function useRefusal(): (error: Error) => void {
  const { w } = useTelling();
  return (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
}

function Addresses() {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const refused = useRefusal();
  const [days, setDays] = useState<number | null>(null);
  const key = ['settings', 'kept-addresses'];
  const { data, isError, refetch } = useQuery({ queryKey: key, queryFn: () => unwrap(api.GET('/v1/kept-addresses')) });
  const save = useMutation({
    mutationFn: (wanted: number) => unwrap(api.PUT('/v1/kept-addresses', { params: seenAt(data?.version ?? 0), body: { days: wanted } })),
    onSuccess: (saved) => {
      client.setQueryData(key, saved);
      setDays(null);
      toast(w('editor.saved', { name: w('privacy.addresses') }));
    },
    onError: refused,
  });
  if (isError && !data) return <NotLoaded again={() => void refetch()} />;
  return (
    <Part title={w('privacy.addresses')} text={w('privacy.addressesText')}>
      <Amount of={{ value: days ?? data?.days ?? null, set: setDays, fault: () => undefined }} label={w('privacy.days')} empty={null} min={1} max={3650} unit={w('retention.unit')} />
      <div className="setup__acts">
        <Button disabled={days === null || days === data?.days} loading={save.isPending} onClick={() => days !== null && save.mutate(days)}>
          {w('editor.save')}
        </Button>
      </div>
    </Part>
  );
}

/** Tickets under legal hold: a court asked for them, so nothing goes. */
function Holds() {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const refused = useRefusal();
  const [number, setNumber] = useState('');
  const key = ['privacy', 'held'];
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => unwrap(api.POST('/v1/views/preview', { body: { conditions: HELD, sort: [{ field: 'number', descending: true }], limit: 50 } })),
  });
  const after = (): void => void client.invalidateQueries({ queryKey: key });
  const begin = useMutation({
    mutationFn: async (wanted: string) => {
      const { items } = await unwrap(api.GET('/v1/search', { params: { query: { q: `#${wanted}`, limit: 1 } } }));
      const found = items.find(({ ticket }) => String(ticket.number) === wanted)?.ticket;
      if (!found) return false;
      await unwrap(api.PUT('/v1/tickets/{id}/legal-hold', { params: { path: { id: found.id } } }));
      return true;
    },
    onSuccess: (held, wanted) => {
      toast(w(held ? 'privacy.held' : 'privacy.notFound', { number: wanted }), null, held ? undefined : 'problem');
      if (held) setNumber('');
      after();
    },
    onError: refused,
  });
  const end = useMutation({ mutationFn: (id: string) => done(api.DELETE('/v1/tickets/{id}/legal-hold', { params: { path: { id } } })), onSuccess: after, onError: refused });
  const wanted = number.trim().replace(/^#/, '');
  return (
    <Part title={w('privacy.holds')} text={w('privacy.holdsText')}>
      <form
        className="privacy__hold"
        onSubmit={(event) => {
          event.preventDefault();
          begin.mutate(wanted);
        }}
      >
        <Text of={{ value: number, set: setNumber, fault: () => undefined }} label={w('privacy.number')} most={12} />
        <Button type="submit" variant="default" disabled={!/^\d+$/.test(wanted)} loading={begin.isPending}>
          {w('privacy.hold')}
        </Button>
      </form>
      <ul className="listing" aria-busy={data === undefined}>
        {data?.items.map((row) => (
          <li key={row.id} className="listing__row">
            <Link className="listing__title" to={`/tickets/${row.id}`}>
              #{row.number} <bdi>{row.subject}</bdi>
            </Link>
            <span className="listing__facts">{row.requester.name ?? row.requester.email}</span>
            <Button variant="default" size="compact-xs" loading={end.isPending && end.variables === row.id} onClick={() => end.mutate(row.id)}>
              {w('privacy.release')}
            </Button>
          </li>
        ))}
      </ul>
      {data?.items.length === 0 && <p className="setup__text">{w('privacy.noHolds')}</p>}
    </Part>
  );
}
