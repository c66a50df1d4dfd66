// Support plans that organizations have agreed on.
import type { Form } from './form';
import { Amount, Names } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Plan } from '@/lib/api/settings';

type Draft = Required<Omit<Plan, 'id' | 'version'>>;

export const PLANS: Kind<Plan, Draft> = {
  name: 'plans',
  part: 'plans',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/plans'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/plans/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/plans/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ names: {}, descriptions: {}, order: 0 }),
  draftOf: ({ names, descriptions = {}, order = 0 }) => ({ names, descriptions, order }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (plan, { named }) => named(plan),
  facts: (plan) => [plan.id],
  Form: PlanForm,
};

function PlanForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.namesHint')} />
      <Names of={form.bind('descriptions')} label={w('form.descriptions')} lines={2} most={2000} />
      <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.orderHint')} empty={0} min={0} max={10_000} />
    </>
  );
}
