// The priority that impact and urgency lead to.
import type { Form } from './form';
import { seenAt } from './kind';
import { OwnSettings, taggedVersion, type Seen } from './own-settings';
import { useTelling } from './use-telling';
import { answered, unwrap, type Api } from '@/lib/api/client';
import type { Matrix } from '@/lib/api/settings';
import { LEVELS, PRIORITIES, type Priority } from '@/lib/api/types';

const UPWARDS = LEVELS.toReversed();

async function read(api: Api): Promise<Seen<Matrix>> {
  const { data: settings, response } = await answered(api.GET('/v1/settings/priority-matrix'));
  return { settings, version: taggedVersion(response) };
}

const save = (api: Api, body: Matrix, seen: number): Promise<unknown> => unwrap(api.PUT('/v1/settings/priority-matrix', { params: seenAt(seen), body }));

export function Priorities() {
  return (
    <OwnSettings name="priorities" read={read} save={save}>
      {(form) => <Cells form={form} />}
    </OwnSettings>
  );
}

function Cells({ form }: { form: Form<Matrix> }) {
  const { t, w } = useTelling();
  const matrix = form.draft;
  const set = (impact: (typeof LEVELS)[number], urgency: (typeof LEVELS)[number], priority: Priority): void => form.change({ [impact]: { ...matrix[impact], [urgency]: priority } });
  return (
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
  );
}
