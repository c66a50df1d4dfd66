// What a draft would do to the tickets that changed last.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useWords, type Words } from './words';
import { ApiError } from '@/lib/api/problem';
import type { RuleDraft, RulePreview as Tried } from '@/lib/api/types';
import { usePreviewRule } from '@/lib/data/rules';

type Effect = Tried['items'][number];

interface RulePreviewProps {
  id: string;
  /** The draft as it is sent; null: something is missing yet. */
  draft: () => RuleDraft | null;
  onRefused: (error: ApiError) => void;
}

export function RulePreview({ id, draft, onRefused }: RulePreviewProps) {
  const w = useWords();
  const preview = usePreviewRule();
  const tryIt = (): void => {
    const rule = draft();
    if (rule !== null) preview.mutate({ id, rule }, { onError: (error) => error instanceof ApiError && onRefused(error) });
  };
  const { data } = preview;
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.text')}</p>
      <Button variant="default" loading={preview.isPending} onClick={tryIt}>
        {w('preview.try')}
      </Button>
      {data && (
        <div role="status">
          <p className="rules__matched">{w('preview.matched', { matched: data.matched, looked: data.looked })}</p>
          <ul className="rules__effects">
            {data.items.map((effect) => (
              <li key={effect.ticket_id}>
                <Link className="link" to={`/tickets/${effect.ticket_id}`}>
                  #{effect.number} {effect.subject}
                </Link>
                <ul>
                  {linesOf(effect, w).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {data.misses.map((miss) => (
            <p key={`${miss.where}${miss.field}`} className="field__hint">
              {w('preview.miss', { count: miss.tickets, where: miss.where })}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '–');

function linesOf(effect: Effect, w: Words): string[] {
  const lines = effect.changes.map(({ name, old, new: after }) => `${name}: ${shown(old)} → ${shown(after)}`);
  lines.push(...[...effect.notes, ...effect.replies].map((text) => w('preview.writes', { text })));
  lines.push(...effect.tasks.map((task) => w('preview.task', { task })));
  if (effect.webhooks.length > 0) lines.push(w('preview.calls', { webhooks: effect.webhooks.join(', ') }));
  if (effect.problem !== null) lines.push(w('preview.problem', { code: effect.problem }));
  if (lines.length === 0) lines.push(w('preview.nothing'));
  if (effect.loop.length > 0) lines.push(w('preview.loop', { rules: effect.loop.join(', ') }));
  lines.push(...effect.conflicts.map(({ rule_id: rule, name }) => w('preview.conflict', { rule, name })));
  return [...new Set(lines)];
}
