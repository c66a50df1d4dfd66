// The priority that impact and urgency lead to, and what becomes of values that no field has.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { giveUp, keep, useKept } from './drafts';
import { seenAt } from './kind';
import { Failed } from './setting';
import { useTelling } from './use-telling';
import { Versions } from './versions';
import { answered, unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Matrix } from '@/lib/api/settings';
import { LEVELS, PRIORITIES, type Priority } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

const PLACE = '/admin/priorities/desk';
const UPWARDS = LEVELS.toReversed();

interface Seen {
  matrix: Matrix;
  version: number;
}

export function Priorities() {
  const { t, w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const { data, isError, refetch } = useQuery({
    queryKey: ['settings', 'priorities'],
    queryFn: async (): Promise<Seen> => {
      const { data: matrix, response } = await answered(api.GET('/v1/settings/priority-matrix'));
      return { matrix, version: Number(response.headers.get('etag')?.replaceAll(/\D/g, '') ?? 0) };
    },
  });
  const kept = useKept<Matrix>(PLACE);
  const save = useMutation({
    mutationFn: ({ matrix, version }: Seen) => unwrap(api.PUT('/v1/settings/priority-matrix', { params: seenAt(version), body: matrix })),
    onSuccess: async () => {
      giveUp(PLACE);
      await client.invalidateQueries({ queryKey: ['settings'] });
      toast(w('editor.saved', { name: w('pages.priorities.title') }));
    },
    onError: (error) => toast(error instanceof ApiError && error.code === 'stale_version' ? w('editor.stale') : w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  if (!data) return isError ? <Failed again={() => void refetch()} /> : <div aria-busy="true" />;
  const matrix = kept?.draft ?? data.matrix;
  const set = (impact: (typeof LEVELS)[number], urgency: (typeof LEVELS)[number], priority: Priority): void => {
    const next = { ...matrix, [impact]: { ...matrix[impact], [urgency]: priority } };
    if (JSON.stringify(next) === JSON.stringify(data.matrix)) giveUp(PLACE);
    else keep(PLACE, { draft: next, id: null, seen: kept?.seen ?? data.version });
  };
  return (
    <form
      className="setup-single"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ matrix, version: kept?.seen ?? data.version });
      }}
    >
      <h1 className="setup__title">{w('pages.priorities.title')}</h1>
      <p className="setup__text">{w('pages.priorities.text')}</p>
      <table className="matrix">
        <thead>
          <tr>
            <td />
            {UPWARDS.map((urgency) => (
              <th key={urgency} scope="col">
                {w('matrix.urgency', { level: t(`level.${urgency}`) })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {UPWARDS.map((impact) => (
            <tr key={impact}>
              <th scope="row">{w('matrix.impact', { level: t(`level.${impact}`) })}</th>
              {UPWARDS.map((urgency) => (
                <td key={urgency} data-label={w('matrix.urgency', { level: t(`level.${urgency}`) })}>
                  <select
                    className={`input matrix__cell matrix__cell--${matrix[impact][urgency]}`}
                    aria-label={w('matrix.cell', { impact: t(`level.${impact}`), urgency: t(`level.${urgency}`) })}
                    value={matrix[impact][urgency]}
                    onChange={({ target }) => set(impact, urgency, PRIORITIES.find((one) => one === target.value) ?? 'normal')}
                  >
                    {PRIORITIES.map((one) => (
                      <option key={one} value={one}>
                        {t(`priority.${one}`)}
                      </option>
                    ))}
                  </select>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <div className="setup__acts">
        <Button type="submit" disabled={kept === undefined} loading={save.isPending}>
          {w('editor.save')}
        </Button>
        {kept !== undefined && (
          <Button variant="default" onClick={() => giveUp(PLACE)}>
            {w('editor.discard')}
          </Button>
        )}
      </div>
      <Versions part="general" id="desk" version={data.version} onRestored={() => giveUp(PLACE)} />
    </form>
  );
}
