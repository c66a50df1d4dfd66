// What one is told, kind by kind, in the page's list and by mail: a tick is saved at once and can be taken back.
import { useId, useRef } from 'react';
import { useWords } from './words';
import { Failed } from '@/components/failed';
import { ApiError } from '@/lib/api/problem';
import type { Me } from '@/lib/api/types';
import { useTell, useTellings, type Telling as Told, type Way, type Wish } from '@/lib/data/preferences';
import { useT } from '@/lib/i18n/use-t';
import { retell, toast, undoing } from '@/lib/toasts';

type Kind = Told['kind'];
const WAYS = ['page', 'mail'] as const satisfies readonly Way[];
const GROUPS = ['mine', 'together', 'promises', 'desk'] as const;

const GROUP_OF: Record<Kind, (typeof GROUPS)[number]> = {
  assigned: 'mine',
  requester_replied: 'mine',
  side_answered: 'mine',
  answer_cancelled: 'mine',
  woke: 'mine',
  due: 'mine',
  rated_low: 'mine',
  mentioned: 'together',
  followed_message: 'together',
  followed_change: 'together',
  task_assigned: 'together',
  task_due: 'together',
  approval_asked: 'together',
  approval_settled: 'together',
  sla_warned: 'promises',
  sla_breached: 'promises',
  sla_escalated: 'promises',
  pulse_asked: 'desk',
  incident_suspected: 'desk',
  hand_over_asked: 'desk',
  webhook_stopped: 'desk',
};

interface Settled {
  page?: 'always';
  mail?: 'always' | 'never';
  why: 'side' | 'approval' | 'pulse' | 'webhook';
}

/** What is told one way whatever one likes: to offer a choice there would be a lie. */
const SETTLED: Partial<Record<Kind, Settled>> = {
  side_answered: { mail: 'always', why: 'side' },
  approval_asked: { mail: 'always', why: 'approval' },
  approval_settled: { mail: 'always', why: 'approval' },
  pulse_asked: { page: 'always', why: 'pulse' },
  webhook_stopped: { page: 'always', mail: 'never', why: 'webhook' },
};

/** Kinds that are told to one role and to none above it: nobody else is asked about them. */
const TOLD_TO: Partial<Record<Kind, Me['role']>> = { incident_suspected: 'supervisor', hand_over_asked: 'supervisor', webhook_stopped: 'admin' };

export function Telling({ role }: { role: Me['role'] }) {
  const t = useT();
  const w = useWords();
  const id = useId();
  const said = useRef<number | null>(null);
  const { data: items, isError, refetch } = useTellings();
  const tell = useTell({
    done: (wish) => {
      const text = w(`told.${wish.on ? 'on' : 'off'}.${wish.way}`, { what: w(`kind.${wish.kind}`) });
      said.current = retell(said.current, text, undoing(t('common.undo'), () => tell({ ...wish, on: !wish.on })));
    },
    failed: (wish, error) => {
      const detail = error instanceof ApiError ? (error.offline ? t('change.offline') : error.detail) : '';
      toast(w('told.notSaved', { what: w(`kind.${wish.kind}`), detail }), { label: t('common.tryAgain'), run: () => tell(wish) }, 'problem');
    },
  });
  return (
    <section aria-labelledby={`${id}-title`}>
      <h2 className="setup__part" id={`${id}-title`}>
        {w('told.title')}
      </h2>
      <p className="setup__text">{w('told.text')}</p>
      {items === undefined && (isError ? <Failed title={w('told.failed')} again={() => void refetch()} /> : <div className="own__loading" aria-busy="true" />)}
      {items !== undefined && (
        <table className="telling" aria-labelledby={`${id}-title`}>
          <thead>
            <tr>
              <th scope="col">{w('told.what')}</th>
              {WAYS.map((way) => (
                <th key={way} scope="col" className="telling__way" id={`${id}-${way}`}>
                  {w(`told.${way}`)}
                </th>
              ))}
            </tr>
          </thead>
          {GROUPS.map((group) => (
            <tbody key={group}>
              <tr>
                <th scope="rowgroup" colSpan={1 + WAYS.length} className="telling__group">
                  {w(`group.${group}`)}
                </th>
              </tr>
              {items
                .filter(({ kind }) => GROUP_OF[kind] === group && (TOLD_TO[kind] ?? role) === role)
                .map((item) => (
                  <Line key={item.kind} item={item} id={id} onWish={tell} />
                ))}
            </tbody>
          ))}
        </table>
      )}
    </section>
  );
}

function Line({ item, id, onWish }: { item: Told; id: string; onWish: (wish: Wish) => void }) {
  const w = useWords();
  const { kind } = item;
  const settled = SETTLED[kind];
  return (
    <tr>
      <th scope="row" className="telling__what">
        <span id={`${id}-${kind}`}>{w(`kind.${kind}`)}</span>
        {settled && <span className="field__hint">{w(`told.why.${settled.why}`)}</span>}
      </th>
      {WAYS.map((way) => {
        const fixed = settled?.[way];
        return (
          <td key={way} className="telling__way">
            {fixed === undefined ? (
              <label className="telling__box">
                <input type="checkbox" aria-labelledby={`${id}-${kind} ${id}-${way}`} checked={item[way]} onChange={({ target }) => onWish({ kind, way, on: target.checked })} />
              </label>
            ) : (
              <span className="telling__fixed">{w(`told.${fixed}`)}</span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
