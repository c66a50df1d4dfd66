// What a draft would do to the tickets that changed last.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useWords, type Words } from './words';
import { ApiError } from '@/lib/api/problem';
import { PRIORITIES, STATUSES, type RuleDraft, type RulePreview as Tried } from '@/lib/api/types';
import { useNames } from '@/lib/data/directory';
import { usePreviewRule, useRules } from '@/lib/data/rules';
import { useT } from '@/lib/i18n/use-t';
import english from '@/locales/rules/en.json';

type Effect = Tried['items'][number];

interface RulePreviewProps {
  id: string;
  /** The draft as it is sent; null: something is missing yet. */
  draft: () => RuleDraft | null;
  onRefused: (error: ApiError) => void;
}

export function RulePreview({ id, draft, onRefused }: RulePreviewProps) {
  const w = useWords();
  const telling = useTelling(w);
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
                  {linesOf(effect, w, telling).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {data.misses.map((miss) => (
            <p key={`${miss.where}${miss.field}`} className="field__hint">
              {w('preview.miss', { count: miss.tickets, where: miss.field === null ? miss.where : telling.field(miss.field) })}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}

/** What properties, their values and rules are called. */
interface Telling {
  field: (name: string) => string;
  value: (name: string, value: unknown) => string;
  rule: (id: string) => string;
}

const PROPERTIES = ['status', 'priority', 'assignee', 'group', 'category', 'tags', 'type', 'product', 'impact', 'urgency'] as const;
const oneOf = <T extends string>(words: readonly T[], word: string): T | undefined => words.find((one) => one === word);
const FIELDS = Object.keys(english.field) as (keyof typeof english.field)[];
const plain = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '–');

function useTelling(w: Words): Telling {
  const t = useT();
  const names = useNames();
  const { data: rules = [] } = useRules();
  const named = (name: string, id: string): string | null | undefined => {
    const priority = name === 'priority' ? oneOf(PRIORITIES, id) : undefined;
    const status = name === 'status' ? oneOf(STATUSES, id) : undefined;
    if (priority !== undefined) return t(`priority.${priority}`);
    if (status !== undefined) return t(`status.${status}`);
    if (name === 'assignee') return names.agent(id);
    return name === 'group' ? names.group(id) : name === 'category' ? names.category(id) : undefined;
  };
  return {
    field: (name) => {
      const asked = oneOf(FIELDS, name);
      const property = oneOf(PROPERTIES, name);
      return property !== undefined ? t(`property.${property}`) : asked !== undefined ? w(`field.${asked}`) : name.replace(/^fields\//, '').replaceAll('_', ' ');
    },
    value: (name, value) => (typeof value === 'string' ? (named(name, value) ?? value) : plain(value)),
    rule: (id) => rules.find((one) => one.id === id)?.name ?? id,
  };
}

function linesOf(effect: Effect, w: Words, { field, value, rule }: Telling): string[] {
  const lines = effect.changes.map(({ name, old, new: after }) => `${field(name)}: ${value(name, old)} → ${value(name, after)}`);
  lines.push(...[...effect.notes, ...effect.replies].map((text) => w('preview.writes', { text })));
  lines.push(...effect.tasks.map((task) => w('preview.task', { task })));
  if (effect.webhooks.length > 0) lines.push(w('preview.calls', { webhooks: effect.webhooks.join(', ') }));
  if (effect.problem !== null) lines.push(w('preview.problem', { code: effect.problem }));
  if (lines.length === 0) lines.push(w('preview.nothing'));
  if (effect.loop.length > 0) lines.push(w('preview.loop', { rules: effect.loop.map(rule).join(', ') }));
  lines.push(...effect.conflicts.map(({ rule_id: other, name }) => w('preview.conflict', { rule: rule(other), name: field(name) })));
  return [...new Set(lines)];
}
