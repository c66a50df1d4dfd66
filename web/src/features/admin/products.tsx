// Products that tickets can be about.
import { orNone, useGroupChoices } from './choices';
import { orNothing, type Form } from './form';
import { Amount, Names, Pick, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Product } from '@/lib/api/types';

type Draft = Required<Omit<Product, 'id' | 'version'>>;

export const PRODUCTS: Kind<Product, Draft> = {
  name: 'products',
  part: 'products',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/products'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/products/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/products/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ names: {}, group: null, active: true, order: 0 }),
  draftOf: ({ names, group = null, active = true, order = 0 }) => ({ names, group, active, order }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (product, { named }) => named(product),
  facts: (product, { w, names }) => [product.id, names.group(product.group), product.active === false ? w('form.off') : null],
  Form: ProductForm,
};

function ProductForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.namesHint')} />
      <Pick of={orNothing(form.bind('group'))} label={w('form.group')} hint={w('form.productGroupHint')} choices={orNone(w('form.noGroup'), groups)} />
      <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.orderHint')} empty={0} min={0} max={10_000} />
      <Toggle of={form.bind('active')} label={w('form.active')} hint={w('form.activeHint')} />
    </>
  );
}
