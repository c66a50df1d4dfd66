// What a setting was: each version with who made it and when, and a way back to it.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Difference } from './difference';
import { seenAt } from './kind';
import { useTelling } from './use-telling';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { useDesk } from '@/lib/data/context';
import { useMe } from '@/lib/data/directory';
import { moment } from '@/lib/time/format';
import { toast } from '@/lib/toasts';

interface VersionsProps {
  part: string;
  id: string;
  /** The one that holds now; null: the setting counts none of its own. */
  version: number | null;
  onRestored: () => void;
}

export function Versions({ part, id, version, onRestored }: VersionsProps) {
  const { w, language, names } = useTelling();
  const { api } = useDesk();
  const { data: me } = useMe();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const { data, isError } = useQuery({
    queryKey: ['versions', part, id, version],
    queryFn: () => unwrap(api.GET('/v1/settings/versions', { params: { query: { part, id } } })),
    enabled: open,
    staleTime: 0,
  });
  const restore = useMutation({
    mutationFn: (to: number) => unwrap(api.POST('/v1/settings/restore', { params: seenAt(version ?? data?.items[0]?.version ?? 0), body: { part, id, version: to } })),
    onSuccess: async (_, to) => {
      onRestored();
      await client.invalidateQueries();
      toast(w('versions.restored', { number: to }));
    },
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  const may = me?.permissions.includes('manage_agents') ?? false;
  return (
    <details className="versions" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{w('versions.title')}</summary>
      {isError && <p className="field__fault">{w('list.failed')}</p>}
      {data?.items.length === 0 && <p className="setup__text">{w('versions.none')}</p>}
      <ol className="versions__list" aria-busy={open && data === undefined && !isError}>
        {data?.items.map((one, at) => (
          <li key={one.version} className="versions__one">
            <p className="versions__head">
              <strong>{w('versions.number', { number: one.version })}</strong>
              <span className="field__hint">{[one.at === null ? null : moment(one.at, language), one.by === null ? null : (names.agent(one.by) ?? one.by)].filter((part) => part !== null).join(' · ')}</span>
              {at === 0 ? (
                <span className="field__hint">{w('versions.current')}</span>
              ) : (
                may &&
                !one.removed && (
                  <Button variant="default" size="compact-xs" loading={restore.isPending} onClick={() => restore.mutate(one.version)}>
                    {w('versions.restore')}
                  </Button>
                )
              )}
            </p>
            {one.removed ? <p className="field__hint">{w('versions.gone')}</p> : data.items[at + 1] && <Difference before={data.items[at + 1]?.value ?? null} after={one.value} />}
          </li>
        ))}
      </ol>
    </details>
  );
}
