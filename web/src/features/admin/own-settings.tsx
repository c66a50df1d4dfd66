// A page of the desk's own settings: read whole, changed as a draft that outlives looking elsewhere, saved at the version that was seen.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { giveUp, keep, useKept } from './drafts';
import { formOf, type Form } from './form';
import { NotLoaded } from './setting';
import { useTelling } from './use-telling';
import { Versions } from './versions';
import type { Api } from '@/lib/api/client';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

export interface Seen<Settings> {
  settings: Settings;
  version: number;
}

interface OwnSettingsProps<Settings extends object> {
  name: 'general' | 'community' | 'priorities';
  read: (api: Api) => Promise<Seen<Settings>>;
  save: (api: Api, settings: Settings, seen: number) => Promise<unknown>;
  children: (form: Form<Settings>) => ReactNode;
}

/** The version that an answer's tag names. */
export const taggedVersion = (response: Response): number => Number(response.headers.get('etag')?.replaceAll(/\D/g, '') ?? 0);

export function OwnSettings<Settings extends object>({ name, read, save: write, children }: OwnSettingsProps<Settings>) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const place = `/admin/${name}/desk`;
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const { data, isError, refetch } = useQuery({ queryKey: ['settings', name], queryFn: () => read(api) });
  const kept = useKept<Settings>(place);
  const drop = (): void => {
    giveUp(place);
    setProblems([]);
  };
  const save = useMutation({
    mutationFn: ({ settings, version }: Seen<Settings>) => write(api, settings, version),
    onSuccess: async () => {
      drop();
      await client.invalidateQueries({ queryKey: ['settings'] });
      toast(w('editor.saved', { name: w(`pages.${name}.title`) }));
    },
    onError: (error) => {
      setProblems(error instanceof ApiError ? error.errors : []);
      toast(error instanceof ApiError && error.code === 'stale_version' ? w('editor.stale') : w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
    },
  });
  if (!data) return isError ? <NotLoaded again={() => void refetch()} /> : <div aria-busy="true" />;
  const draft = kept?.draft ?? data.settings;
  const seen = kept?.seen ?? data.version;
  const form = formOf({ draft, id: 'desk', isNew: false, fixed: false }, problems, (part) => {
    const next = { ...draft, ...part };
    if (JSON.stringify(next) === JSON.stringify(data.settings)) giveUp(place);
    else keep(place, { draft: next, id: null, seen });
  });
  return (
    <form
      className="setup-single"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ settings: draft, version: seen });
      }}
    >
      <h1 className="setup__title">{w(`pages.${name}.title`)}</h1>
      <p className="setup__text">{w(`pages.${name}.text`)}</p>
      {children(form)}
      <div className="setup__acts">
        <Button type="submit" disabled={kept === undefined} loading={save.isPending}>
          {w('editor.save')}
        </Button>
        {kept !== undefined && (
          <Button variant="default" onClick={drop}>
            {w('editor.discard')}
          </Button>
        )}
      </div>
      <Versions part="general" id="desk" version={data.version} onRestored={() => giveUp(place)} />
    </form>
  );
}
