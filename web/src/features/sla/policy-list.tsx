// All promises in their order: the first whose conditions hold is put on a ticket.
import { Button } from '@mantine/core';
import { Link, useNavigate } from 'react-router';
import { sentOf } from './draft';
import { explain } from './explain';
import { useTelling } from './use-telling';
import { Failed } from '@/components/failed';
import { EmptyState } from '@/components/empty-state';
import { IconClock } from '@/components/icons';
import { usePolicies } from '@/lib/data/sla';

export function PolicyList() {
  const { data: policies, isError, refetch } = usePolicies();
  const telling = useTelling(policies?.flatMap(({ conditions, organization_calendars: own }) => [conditions, { organizations: Object.keys(own) }]), policies?.flatMap(({ escalations }) => escalations));
  const { w } = telling;
  const navigate = useNavigate();
  const add = <Button onClick={() => void navigate('/sla/policies/new')}>{w('list.add')}</Button>;
  if (isError && !policies) {
    return <Failed title={w('list.failed')} again={() => void refetch()} />;
  }
  if (policies?.length === 0) return <EmptyState icon={<IconClock size={22} stroke={1.6} />} title={w('list.emptyTitle')} text={w('list.emptyText')} action={add} />;
  return (
    <>
      <div className="setup__head">
        <div>
          <h1 className="setup__title">{w('list.title')}</h1>
          <p className="setup__text">{w('list.text')}</p>
        </div>
        {add}
      </div>
      <ol className="policies" aria-busy={policies === undefined}>
        {policies?.map((policy) => (
          <li key={policy.id} className="policy">
            <span className="policy__place" aria-hidden="true">
              {policy.place}
            </span>
            <div className="policy__text">
              <h2 className="policy__name">
                <Link className="link" to={`/sla/policies/${policy.id}`}>
                  {policy.name}
                </Link>
                <span className="policy__version">{w('list.version', { version: policy.version })}</span>
              </h2>
              <ul className="policy__lines">
                {explain(sentOf(policy), telling).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}
