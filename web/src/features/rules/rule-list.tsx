// All rules in the order in which they are looked at, with how often each acted.
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { useWords } from './words';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconMacro } from '@/components/icons';
import { useRules } from '@/lib/data/rules';

export function RuleList() {
  const w = useWords();
  const navigate = useNavigate();
  const { data: rules, isError, refetch } = useRules();
  const add = <Button onClick={() => void navigate('/rules/new')}>{w('list.add')}</Button>;
  if (isError && !rules) {
    return <Failed title={w('list.failed')} again={() => void refetch()} />;
  }
  if (rules?.length === 0) return <EmptyState icon={<IconMacro size={22} stroke={1.6} />} title={w('list.emptyTitle')} text={w('list.emptyText')} action={add} />;
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('page.title')}</h1>
          <p className="setup__text">{w('list.text')}</p>
        </div>
        {add}
      </div>
      <ol className="rules__list" aria-busy={rules === undefined}>
        {rules?.map((rule) => (
          <li key={rule.id} className="rules__item">
            <Link className="link rules__rule" to={`/rules/${rule.id}`}>
              {rule.name}
            </Link>
            <span className="rules__fact">{w(`list.${rule.kind}`)}</span>
            <span className={rule.enabled ? 'rules__fact rules__fact--on' : 'rules__fact'}>{rule.enabled ? w('list.on') : w('list.off')}</span>
            <span className="rules__fact">{w('list.hits', { count: rule.hits })}</span>
          </li>
        ))}
      </ol>
    </>
  );
}
