// People or organizations: too many to be listed whole, so the desk is asked for those whose names begin so.
import { Button } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { useKept } from './drafts';
import { NEW, NotLoaded, placeOf } from './setting';
import { useTelling } from './use-telling';
import { EmptyState } from '@/components/empty-state';
import { IconSettings } from '@/components/icons';
import type { Api } from '@/lib/api/client';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';

export interface DirectoryRow {
  id: string;
  title: string;
  facts: readonly (string | null)[];
}

export interface DirectoryPage {
  rows: readonly DirectoryRow[];
  next: string | null;
}

interface DirectoryListProps {
  name: 'people' | 'organizations';
  read: (api: Api, query: { q?: string; cursor?: string; limit: number }) => Promise<DirectoryPage>;
}

export function DirectoryList({ name, read }: DirectoryListProps) {
  const { t, w } = useTelling();
  const { api } = useDesk();
  const navigate = useNavigate();
  const { data: me } = useMe();
  const [search, setSearch] = useState('');
  const q = useDeferredValue(search.trim());
  const begun = useKept(placeOf(name, NEW)) !== undefined;
  const { data, isError, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [name, 'listed', q],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => read(api, { limit: 50, ...(q === '' ? {} : { q }), ...(pageParam === null ? {} : { cursor: pageParam }) }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
  if (isError && !data) return <NotLoaded again={() => void refetch()} />;
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const empty = data !== undefined && rows.length === 0;
  const may = me?.permissions.includes('change_people') ?? false;
  const add = may && <Button onClick={() => void navigate(placeOf(name, NEW))}>{begun ? w('list.goOn') : w(`kinds.${name}.new`)}</Button>;
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w(`kinds.${name}.title`)}</h1>
          <p className="setup__text">{w(`kinds.${name}.text`)}</p>
        </div>
        {add}
      </div>
      <input className="input listing__search" type="search" aria-label={w(`directory.${name}`)} placeholder={w(`directory.${name}`)} value={search} onChange={({ target }) => setSearch(target.value)} />
      {empty && q === '' && <EmptyState icon={<IconSettings size={22} stroke={1.6} />} title={w('list.empty')} text={w(`kinds.${name}.empty`)} />}
      {empty && q !== '' && <p className="setup__text">{t('common.nothingFound')}</p>}
      {!empty && (
        <ul className="listing" aria-busy={data === undefined}>
          {rows.map(({ id, title, facts }) => (
            <li key={id}>
              <Link className="listing__row" to={placeOf(name, id)}>
                <span className="listing__title">
                  <bdi>{title}</bdi>
                </span>
                <span className="listing__facts">{facts.filter((fact) => fact !== null).join(' · ')}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w('list.more')}
        </Button>
      )}
    </>
  );
}
