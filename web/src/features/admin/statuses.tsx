// Statuses, and which may follow which.
import { useStatusChoices } from './choices';
import { type Form } from './form';
import { Amount, Names, Part, Pick, Some, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import { STATUSES as OWN, type CustomStatus } from '@/lib/api/types';

type Draft = Required<Omit<CustomStatus, 'id' | 'version'>>;

const BASES = ['open', 'pending', 'on_hold', 'solved'] as const;
const isOwn = (id: string): boolean => OWN.some((one) => one === id);

export const STATUSES: Kind<CustomStatus, Draft> = {
  name: 'statuses',
  part: 'statuses',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/statuses'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/statuses/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/statuses/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ base: 'open', names: {}, to: null, active: true, order: 0, customer_names: {} }),
  draftOf: ({ base, names = {}, to = null, active = true, order = 0, customer_names = {} }) => ({ base, names, to, active, order, customer_names }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (status, { t, named }) => (Object.keys(status.names ?? {}).length > 0 ? named(status) : isOwn(status.id) ? t(`status.${status.base}`) : status.id),
  facts: (status, { t, w }) => [
    isOwn(status.id) ? w('form.ownStatus') : w('form.like', { status: t(`status.${status.base}`) }),
    Array.isArray(status.to) ? w('form.follows', { count: status.to.length }) : null,
    status.active === false ? w('form.off') : null,
  ],
  stays: ({ id, version }) => isOwn(id) && version === 0,
  Form: StatusForm,
};

function StatusForm({ form }: { form: Form<Draft> }) {
  const { t, w } = useTelling();
  const own = form.id !== null && !form.isNew && isOwn(form.id);
  const choices = useStatusChoices().filter(({ value }) => value !== 'new' && value !== form.id);
  const to = form.bind('to');
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={own ? w('form.ownNamesHint') : w('form.namesHint')} most={60} />
      {own ? (
        <p className="setup__text">{w('form.ownStatusText')}</p>
      ) : (
        <Pick of={form.bind('base')} label={w('form.base')} hint={w('form.baseHint')} disabled={!form.isNew} choices={BASES.map((one) => ({ value: one, name: t(`status.${one}`) }))} />
      )}
      <Names of={form.bind('customer_names')} label={w('form.customerNames')} hint={w('form.customerNamesHint')} most={60} />
      {form.draft.base !== 'closed' && (
        <Part title={w('form.next')} text={w('form.nextText')}>
          <Toggle of={{ value: to.value !== null, set: (limited) => to.set(limited ? choices.map(({ value }) => value) : null), fault: () => undefined }} label={w('form.limited')} />
          {to.value !== null && <Some of={{ ...to, value: to.value, set: (chosen) => to.set([...chosen]) }} label={w('form.mayFollow')} choices={choices} />}
        </Part>
      )}
      {!own && (
        <>
          <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.orderHint')} empty={0} min={0} max={10_000} />
          <Toggle of={form.bind('active')} label={w('form.active')} hint={w('form.statusActiveHint')} />
        </>
      )}
    </>
  );
}
