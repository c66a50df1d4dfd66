// What is done to a person as a whole: merging duplicates, giving them their data, erasing them.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Text } from './inputs';
import { listOf } from './setting';
import { useTelling } from './use-telling';
import { Dialog } from '@/components/dialog';
import { done, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Erasure, FullPerson } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { moment } from '@/lib/time/format';
import { toast } from '@/lib/toasts';

const LOOK_AGAIN_MS = 2_000;

export function PersonActs({ person }: { person: FullPerson }) {
  const { data: me } = useMe();
  const may = (needed: 'change_people' | 'export_and_erase'): boolean => me?.permissions.includes(needed) ?? false;
  return (
    <>
      {may('change_people') && <Duplicates person={person} />}
      {may('export_and_erase') && <Portable person={person} />}
      {may('export_and_erase') && <Erasing person={person} />}
    </>
  );
}

const refused = (error: Error): string => (error instanceof ApiError ? error.detail : '');

/** Others who are perhaps the same, and those who were found to be. */
function Duplicates({ person }: { person: FullPerson }) {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const path = { id: person.id };
  const { data } = useQuery({ queryKey: ['person', person.id, 'merges'], queryFn: () => unwrap(api.GET('/v1/people/{id}/merges', { params: { path } })) });
  const act = useMutation({
    mutationFn: ({ other, undo }: { other: string; undo: boolean }) => {
      const sent = { params: { path }, body: { person: other } };
      return undo ? unwrap(api.POST('/v1/people/{id}/unmerge', sent)) : unwrap(api.POST('/v1/people/{id}/merge', sent));
    },
    onSuccess: (_, { undo }) => {
      toast(w(undo ? 'person.unmerged' : 'person.merged'));
      void client.invalidateQueries();
    },
    onError: (error) => toast(w('editor.notSaved', { detail: refused(error) }), null, 'problem'),
  });
  const merged = data?.merged.filter((one) => one.undone_at === null) ?? [];
  if (!data || (data.suggested.length === 0 && merged.length === 0)) return null;
  return (
    <>
      <h3 className="admin__subtitle">{w('person.duplicates')}</h3>
      <ul className="listing">
        {data.suggested.map(({ id, name, email }) => (
          <li key={id} className="listing__row">
            <span className="listing__title">
              <bdi>{name ?? email}</bdi>
            </span>
            <span className="listing__facts">{email}</span>
            <Button variant="default" size="compact-xs" loading={act.isPending} onClick={() => act.mutate({ other: id, undo: false })}>
              {w('person.merge')}
            </Button>
          </li>
        ))}
        {merged.map((one) => (
          <li key={one.person} className="listing__row">
            <span className="listing__title">
              <bdi>{one.name ?? one.emails[0]}</bdi>
            </span>
            <span className="listing__facts">{w('person.mergedAt', { at: moment(one.at, language) })}</span>
            <Button variant="default" size="compact-xs" loading={act.isPending} onClick={() => act.mutate({ other: one.person, undo: true })}>
              {w('person.unmerge')}
            </Button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** All that is kept of them, as one file. */
function Portable({ person }: { person: FullPerson }) {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const key = ['person', person.id, 'export'];
  const params = { path: { id: person.id } };
  const { data } = useQuery({
    queryKey: key,
    queryFn: () => unwrap(api.GET('/v1/people/{id}/export', { params })),
    refetchInterval: ({ state }) => (state.data && state.data.ordered_at !== null && state.data.ready_at === null ? LOOK_AGAIN_MS : false),
  });
  const order = useMutation({ mutationFn: () => unwrap(api.POST('/v1/people/{id}/export', { params })), onSuccess: (found) => client.setQueryData(key, found) });
  const writing = order.isPending || (data !== undefined && data.ordered_at !== null && data.ready_at === null);
  return (
    <>
      <h3 className="admin__subtitle">{w('person.export')}</h3>
      <p className="setup__text">{w('person.exportText')}</p>
      <div className="setup__acts">
        <Button variant="default" loading={writing} onClick={() => order.mutate()}>
          {w('person.exportOrder')}
        </Button>
        {data?.url && (
          <a className="link" href={data.url} download>
            {w('person.exportGet', { at: data.ready_at === null ? '' : moment(data.ready_at, language) })}
          </a>
        )}
      </div>
    </>
  );
}

function Erasing({ person }: { person: FullPerson }) {
  const { w, language } = useTelling();
  const { api } = useDesk();
  const [asking, setAsking] = useState(false);
  const { data } = useQuery({
    queryKey: ['person', person.id, 'erasure'],
    queryFn: () => unwrap(api.GET('/v1/people/{id}/erasure', { params: { path: { id: person.id } } })),
    refetchInterval: ({ state }) => (state.data?.phase && state.data.phase !== 'done' ? LOOK_AGAIN_MS : false),
  });
  if (!data) return null;
  const running = data.phase !== null && data.phase !== 'done';
  return (
    <>
      <h3 className="admin__subtitle">{w('person.erase')}</h3>
      <p className="setup__text">{w('person.eraseText')}</p>
      {running && <p className="admin__notice">{w('person.erasing', { count: data.emptied })}</p>}
      {data.finished_at !== null && <p className="setup__text">{w('person.erased', { at: moment(data.finished_at, language) })}</p>}
      {!running && (
        <div className="setup__acts">
          <Button variant="default" className="setup__remove" onClick={() => setAsking(true)}>
            {w('person.eraseLook')}
          </Button>
        </div>
      )}
      {asking && <EraseDialog person={person} found={data} onClose={() => setAsking(false)} />}
    </>
  );
}

/** What goes and what stays, and the one word that is typed so that nobody erases by a slip. */
function EraseDialog({ person, found, onClose }: { person: FullPerson; found: Erasure; onClose: () => void }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const name = person.name ?? person.email;
  const held = found.held.length > 0;
  const erase = useMutation({
    mutationFn: () => done(api.POST('/v1/people/{id}/erasure', { params: { path: { id: person.id } }, body: { tickets: found.tickets } })),
    onSuccess: () => {
      toast(w('person.eraseBegun'));
      void client.invalidateQueries();
      void navigate(listOf('people'));
    },
    onError: (error) => toast(w('editor.notSaved', { detail: refused(error) }), null, 'problem'),
  });
  return (
    <Dialog title={w('person.eraseTitle', { name })} onClose={onClose}>
      <p className="dialog-text">{w('person.eraseCount', { count: found.tickets })}</p>
      <p className="dialog-text">{w('person.eraseStays')}</p>
      {held ? (
        <p className="admin__notice">{w('person.eraseHeld', { tickets: found.held.map((number) => `#${number}`).join(', ') })}</p>
      ) : (
        <Text of={{ value: typed, set: setTyped, fault: () => undefined }} label={w('person.eraseType', { email: person.email })} code />
      )}
      <div className="setup__acts">
        <Button variant="default" onClick={onClose}>
          {w('editor.cancel')}
        </Button>
        <Button className="setup__remove-now" disabled={held || typed.trim().toLowerCase() !== person.email.toLowerCase()} loading={erase.isPending} onClick={() => erase.mutate()}>
          {w('person.eraseNow', { count: found.tickets })}
        </Button>
      </div>
    </Dialog>
  );
}
