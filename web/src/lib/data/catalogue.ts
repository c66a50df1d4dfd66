// What admins configured and tickets can hold: further statuses, fields, products, checklists. It changes rarely.
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { unwrap } from '@/lib/api/client';
import type { Checklist, CustomStatus, Field, Product, Status } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useLanguage, useT } from '@/lib/i18n/use-t';

const RARELY = { staleTime: 5 * 60_000 } as const;

export function useStatuses(): UseQueryResult<CustomStatus[]> {
  const { api } = useDesk();
  return useQuery({ ...RARELY, queryKey: ['statuses'], queryFn: async () => (await unwrap(api.GET('/v1/statuses'))).items });
}

export function useFields(wanted = true): UseQueryResult<Field[]> {
  const { api } = useDesk();
  return useQuery({ ...RARELY, queryKey: ['fields'], enabled: wanted, queryFn: async () => (await unwrap(api.GET('/v1/fields'))).items });
}

export function useProducts(wanted = true): UseQueryResult<Product[]> {
  const { api } = useDesk();
  return useQuery({ ...RARELY, queryKey: ['products'], enabled: wanted, queryFn: async () => (await unwrap(api.GET('/v1/products'))).items });
}

/** Asked for when somebody is about to put one on a ticket. */
export function useChecklists(wanted: boolean): UseQueryResult<Checklist[]> {
  const { api } = useDesk();
  return useQuery({ ...RARELY, queryKey: ['checklists'], enabled: wanted, queryFn: async () => (await unwrap(api.GET('/v1/checklists', { params: { query: { limit: 100 } } }))).items });
}

type Names = Readonly<Record<string, string>> | undefined;

/** What something is called here: in the reader's language, else in English, else in whatever there is. */
export function useNamed(): (thing: { id: string; names?: Names } | undefined) => string {
  const language = useLanguage();
  return (thing) => (thing === undefined ? '' : (thing.names?.[language] ?? thing.names?.['en'] ?? Object.values(thing.names ?? {})[0] ?? thing.id));
}

/** The name of a ticket's status: an admin's own where it has one. */
export function useStatusName(): (ticket: { status: Status; custom_status: string | null }) => string {
  const t = useT();
  const named = useNamed();
  const { data } = useStatuses();
  return ({ status, custom_status: custom }) => {
    const own = data?.find((item) => item.id === (custom ?? status));
    return custom !== null && own ? named(own) : t(`status.${status}`);
  };
}
