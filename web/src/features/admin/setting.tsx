// The pages of one kind of settings: all of them, and the form of one.
import { Button } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link, Route, Routes, useNavigate, useParams } from 'react-router';
import { useKept } from './drafts';
import type { Kind } from './kind';
import { SettingEditor } from './setting-editor';
import { useTelling } from './use-telling';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconSettings } from '@/components/icons';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';

export const NEW = '+new';
const MANY = 12;

export const placeOf = (name: string, id: string): string => `/admin/${name}/${id === NEW ? id : encodeURIComponent(id)}`;
export const listOf = (name: string): string => `/admin/${name}`;

function useItems<Item extends { id: string }, Draft extends object>(kind: Kind<Item, Draft>): UseQueryResult<Item[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['settings', kind.name], queryFn: () => kind.items(api), staleTime: 30_000 });
}

interface SettingProps<Item extends { id: string }, Draft extends object> {
  kind: Kind<Item, Draft>;
}

export function Setting<Item extends { id: string }, Draft extends object>({ kind }: SettingProps<Item, Draft>) {
  return (
    <Routes>
      <Route index element={<SettingList kind={kind} />} />
      <Route path=":id" element={<Opened kind={kind} />} />
    </Routes>
  );
}

export function Opened<Item extends { id: string }, Draft extends object>({ kind }: SettingProps<Item, Draft>) {
  return kind.one ? <OpenedOne kind={kind} one={kind.one} /> : <OpenedAmong kind={kind} />;
}

function OpenedOne<Item extends { id: string }, Draft extends object>({ kind, one }: SettingProps<Item, Draft> & { one: NonNullable<Kind<Item, Draft>['one']> }) {
  const { api } = useDesk();
  const { id = NEW } = useParams();
  const { data, isError, refetch } = useQuery({ queryKey: ['settings', kind.name, id], queryFn: () => one(api, id), staleTime: 0, enabled: id !== NEW });
  if (id !== NEW && !data) return isError ? <NotLoaded again={() => void refetch()} /> : <div aria-busy="true" />;
  return <SettingEditor kind={kind} items={data ? [data] : []} />;
}

function OpenedAmong<Item extends { id: string }, Draft extends object>({ kind }: SettingProps<Item, Draft>) {
  const { data: items, isError, refetch } = useItems(kind);
  if (!items) return isError ? <NotLoaded again={() => void refetch()} /> : <div aria-busy="true" />;
  return <SettingEditor kind={kind} items={items} />;
}

/** What settings show where they could not be loaded. */
export function NotLoaded({ again }: { again: () => void }) {
  const { w } = useTelling();
  return <Failed title={w('list.failed')} again={again} />;
}

function SettingList<Item extends { id: string }, Draft extends object>({ kind }: SettingProps<Item, Draft>) {
  const telling = useTelling();
  const { w } = telling;
  const navigate = useNavigate();
  const { data: me } = useMe();
  const { data: items, isError, refetch } = useItems(kind);
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search.trim().toLocaleLowerCase());
  const begun = useKept(placeOf(kind.name, NEW)) !== undefined;
  if (isError && !items) return <NotLoaded again={() => void refetch()} />;
  const may = me?.permissions.includes(kind.needs) ?? false;
  const add = kind.fresh && may && (
    <Button onClick={() => void navigate(placeOf(kind.name, NEW))}>{begun ? w('list.goOn') : w(`kinds.${kind.name}.new`)}</Button>
  );
  const rows = (items ?? []).map((item) => ({ item, title: kind.title(item, telling), facts: kind.facts(item, telling).filter((fact) => fact !== null) }));
  const shown = rows.filter(({ item, title, facts }) => [title, item.id, ...facts].some((text) => text.toLocaleLowerCase().includes(wanted)));
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w(`kinds.${kind.name}.title`)}</h1>
          <p className="setup__text">{w(`kinds.${kind.name}.text`)}</p>
        </div>
        {rows.length > 0 && add}
      </div>
      {items?.length === 0 && <EmptyState icon={<IconSettings size={22} stroke={1.6} />} title={w('list.empty')} text={w(`kinds.${kind.name}.empty`)} action={add} />}
      {rows.length > MANY && (
        <input className="input listing__search" type="search" aria-label={w('list.search')} placeholder={w('list.search')} value={search} onChange={({ target }) => setSearch(target.value)} />
      )}
      {(items === undefined || rows.length > 0) && (
        <ul className="listing" aria-busy={items === undefined}>
          {shown.map(({ item, title, facts }) => (
            <Row key={item.id} place={placeOf(kind.name, item.id)} title={title} facts={facts} />
          ))}
        </ul>
      )}
      {rows.length > 0 && shown.length === 0 && <p className="setup__text">{telling.t('common.nothingFound')}</p>}
    </>
  );
}

function Row({ place, title, facts }: { place: string; title: string; facts: readonly string[] }) {
  const { w } = useTelling();
  const unsaved = useKept(place) !== undefined;
  return (
    <li>
      <Link className="listing__row" to={place}>
        <span className="listing__title">{title}</span>
        {unsaved && <span className="listing__unsaved">{w('list.unsaved')}</span>}
        <span className="listing__facts">{facts.join(' · ')}</span>
      </Link>
    </li>
  );
}
