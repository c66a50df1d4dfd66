// Categories: what requests are about, and who answers them.
import { orNone, useGroupChoices } from './choices';
import { orNothing, type Form } from './form';
import { Names, Pick, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { CategorySetting } from '@/lib/api/settings';

type Draft = Required<Omit<CategorySetting, 'id' | 'version'>>;

export const CATEGORIES: Kind<CategorySetting, Draft> = {
  name: 'categories',
  part: 'categories',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/settings/categories'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/categories/{id}', { params: at(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/categories/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ names: {}, descriptions: {}, group: null, public: true }),
  draftOf: ({ names, descriptions = {}, group = null, public: shown = true }) => ({ names, descriptions, group, public: shown }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (category, { named }) => named(category),
  facts: (category, { w, names }) => [category.id, names.group(category.group), category.public === false ? w('form.internal') : null],
  Form: CategoryForm,
  Beside: CategoryCard,
};

function CategoryForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const groups = useGroupChoices();
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.namesHint')} />
      <Names of={form.bind('descriptions')} label={w('form.descriptions')} hint={w('form.categoryTextHint')} most={500} />
      <Pick of={orNothing(form.bind('group'))} label={w('form.group')} hint={w('form.categoryGroupHint')} choices={orNone(w('form.noGroup'), groups)} />
      <Toggle of={form.bind('public')} label={w('form.public')} hint={w('form.publicHint')} />
    </>
  );
}

/** The card that customers choose it by. */
function CategoryCard({ form }: { form: Form<Draft> }) {
  const { w, language, named } = useTelling();
  const { names, descriptions, public: shown } = form.draft;
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w(shown ? 'preview.card' : 'preview.noCard')}</p>
      {shown && (
        <div className="sample-card">
          <strong>{named({ id: w('form.unnamed'), names })}</strong>
          <span>{descriptions[language] ?? descriptions['en'] ?? ''}</span>
        </div>
      )}
    </section>
  );
}
