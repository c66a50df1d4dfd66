// The people and places of the desk: me, agents, groups, categories. They change rarely, so they are asked for rarely.
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { unwrap } from '@/lib/api/client';
import type { Agent, Category, Group, Me } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useLanguage } from '@/lib/i18n/use-t';

const MINUTE = 60_000;

export function useMe(): UseQueryResult<Me> {
  const { api } = useDesk();
  return useQuery({ queryKey: ['me'], queryFn: () => unwrap(api.GET('/v1/me')), staleTime: 5 * MINUTE });
}

export function useAgents(): UseQueryResult<Agent[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['agents'],
    queryFn: async () => (await unwrap(api.GET('/v1/agents'))).items,
    staleTime: MINUTE,
  });
}

export function useGroups(): UseQueryResult<Group[]> {
  const { api } = useDesk();
  return useQuery({
    queryKey: ['groups'],
    queryFn: async () => (await unwrap(api.GET('/v1/groups'))).items,
    staleTime: 5 * MINUTE,
  });
}

export function useCategories(): UseQueryResult<Category[]> {
  const { api } = useDesk();
  const locale = useLanguage();
  return useQuery({
    queryKey: ['categories', locale],
    queryFn: async () => (await unwrap(api.GET('/v1/categories', { params: { query: { locale } } }))).items,
    staleTime: 5 * MINUTE,
  });
}

export interface Names {
  agent: (id: string | null | undefined) => string | null;
  group: (id: string | null | undefined) => string | null;
  category: (id: string | null | undefined) => string | null;
}

function lookup(items: readonly { id: string; name: string }[] | undefined): (id: string | null | undefined) => string | null {
  const names = new Map((items ?? []).map((item) => [item.id, item.name]));
  return (id) => (id === null || id === undefined ? null : (names.get(id) ?? null));
}

/** Names by id; null for what is unknown or gone. */
export function useNames(): Names {
  const { data: agents } = useAgents();
  const { data: groups } = useGroups();
  const { data: categories } = useCategories();
  return useMemo(
    () => ({ agent: lookup(agents), group: lookup(groups), category: lookup(categories) }),
    [agents, groups, categories],
  );
}
