// What the desk is called: by its own settings, and until they are there by what was kept of them. What the deployment wrote comes last.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { unwrap } from '@/lib/api/client';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { readJson, writeJson } from '@/lib/storage';

const KEPT = 'desk.name';

/** What the desk was called when this device last asked; null: it never did. */
export function keptName(): string | null {
  const kept = readJson(KEPT);
  return typeof kept === 'string' && kept !== '' ? kept : null;
}

function useKept(name: string | null | undefined): void {
  useEffect(() => {
    if (name) writeJson(KEPT, name);
  }, [name]);
}

/** For whoever is signed in. */
export function useDeskName(): string {
  const { config } = useDesk();
  const { data: me } = useMe();
  useKept(me?.desk);
  return me?.desk ?? keptName() ?? config.brand;
}

/** For whoever is not: on a device that knows no name yet, what the portal tells everybody. Null: it is being asked. */
export function useNameAtTheDoor(): string | null {
  const { api, config } = useDesk();
  const kept = keptName();
  const { data: told, isPending } = useQuery({
    queryKey: ['site'],
    queryFn: () => unwrap(api.GET('/v1/portal/site')),
    enabled: kept === null,
    retry: false,
    staleTime: Infinity,
  });
  if (kept !== null) return kept;
  return isPending ? null : (told?.name ?? config.brand);
}

/** What the browser calls a page; null: the desk itself; undefined: a part of the page says it. */
export function useTitle(page: string | null | undefined): void {
  const desk = useDeskName();
  useEffect(() => {
    if (page === undefined) return;
    document.title = page === null ? desk : `${page} · ${desk}`;
  }, [page, desk]);
}
