// What a draft would do to the tickets that changed last.
import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { linesOf, missedField, useSaid } from './effect-lines';
import { useWords } from './words';
import { ApiError } from '@/lib/api/problem';
import type { RuleDraft } from '@/lib/api/types';
import { usePreviewRule } from '@/lib/data/rules';

interface RulePreviewProps {
  id: string;
  /** The draft as it is sent; null: something is missing yet. */
  draft: () => RuleDraft | null;
  onRefused: (error: ApiError) => void;
}

export function RulePreview({ id, draft, onRefused }: RulePreviewProps) {
  const w = useWords();
  const said = useSaid();
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
                  {linesOf(effect, said).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          {data.misses.map((miss) => (
            <p key={`${miss.where}${miss.field}`} className="field__hint">
              {w('preview.miss', { count: miss.tickets, field: missedField(miss.field, said) })}
            </p>
          ))}
        </div>
      )}
    </section>
  );
}
