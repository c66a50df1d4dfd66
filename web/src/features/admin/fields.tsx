// Typed fields that tickets can have.
import { each, inside, orNothing, type Form } from './form';
import { Amount, Cards, Names, Pick, Rows, Side, Text, Toggle } from './inputs';
import { at, type Kind } from './kind';
import { useTelling } from './use-telling';
import { SampleField } from './sample-field';
import { done, unwrap } from '@/lib/api/client';
import type { Field } from '@/lib/api/types';
import { idFor } from '@/lib/ids';

type Choice = Required<NonNullable<Field['choices']>[number]>;
type Draft = Required<Omit<Field, 'id' | 'version' | 'choices'>> & { choices: Choice[] };

const TYPES = ['text', 'multiline', 'number', 'date', 'choice', 'multi_choice', 'checkbox', 'email', 'link'] as const satisfies readonly Field['type'][];
const BOUNDED: readonly Field['type'][] = ['text', 'multiline', 'number', 'multi_choice'];
const CHOSEN: readonly Field['type'][] = ['choice', 'multi_choice'];

/** As it is sent: what another type had is left behind. */
function bodyOf(draft: Draft): Draft {
  const chosen = CHOSEN.includes(draft.type);
  const bounded = BOUNDED.includes(draft.type);
  const choices = draft.choices.map((one, at) => ({ ...one, id: one.id === '' ? idFor(one.names['en'] ?? '', draft.choices.slice(0, at).map(({ id }) => id), `choice-${at + 1}`) : one.id }));
  return { ...draft, choices: chosen ? choices : [], min: bounded ? draft.min : null, max: bounded ? draft.max : null, pattern: draft.type === 'text' ? draft.pattern : null };
}

export const FIELDS: Kind<Field, Draft> = {
  name: 'fields',
  part: 'fields',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/fields'))).items,
  save: (api, id, draft, seen) => unwrap(api.PUT('/v1/fields/{id}', { params: at(id, seen), body: bodyOf(draft) })),
  remove: (api, id, seen) => done(api.DELETE('/v1/fields/{id}', { params: at(id, seen) })),
  ownId: true,
  fresh: () => ({ type: 'text', names: {}, help: {}, choices: [], required: false, required_to_solve: false, customer: 'hidden', pattern: null, min: null, max: null, active: true, order: 0 }),
  draftOf: ({ type, names, help = {}, choices = [], required = false, required_to_solve = false, customer = 'hidden', pattern = null, min = null, max = null, active = true, order = 0 }) => ({
    type, names, help, choices: choices.map(({ id, names: called, active: offered = true }) => ({ id, names: called, active: offered })), required, required_to_solve, customer, pattern, min, max, active, order,
  }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (field, { named }) => named(field),
  facts: (field, { w }) => [
    field.id,
    w(`fieldTypes.${field.type}`),
    w(`customer.${field.customer ?? 'hidden'}`),
    field.required === true ? w('form.required') : null,
    field.active === false ? w('form.off') : null,
  ],
  Form: FieldForm,
  Beside: FieldSample,
};

function FieldForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { draft } = form;
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.namesHint')} />
      <Pick of={form.bind('type')} label={w('form.type')} hint={w('form.typeHint')} disabled={!form.isNew} choices={TYPES.map((one) => ({ value: one, name: w(`fieldTypes.${one}`) }))} />
      {CHOSEN.includes(draft.type) && <FieldChoices form={form} />}
      {BOUNDED.includes(draft.type) && (
        <Side>
          <Amount of={form.bind('min')} label={w(`form.min_${draft.type as 'text'}`)} empty={null} />
          <Amount of={form.bind('max')} label={w(`form.max_${draft.type as 'text'}`)} empty={null} />
        </Side>
      )}
      {draft.type === 'text' && <Text of={orNothing(form.bind('pattern'))} label={w('form.pattern')} hint={w('form.patternHint')} code most={200} />}
      <Names of={form.bind('help')} label={w('form.help')} hint={w('form.helpHint')} most={2000} />
      <Cards
        of={form.bind('customer')}
        label={w('form.customer')}
        choices={(['hidden', 'visible', 'editable'] as const).map((one) => ({ value: one, name: w(`customer.${one}`), text: w(`customerText.${one}`) }))}
      />
      <Toggle of={form.bind('required')} label={w('form.required')} hint={w('form.requiredHint')} />
      <Toggle of={form.bind('required_to_solve')} label={w('form.requiredToSolve')} hint={w('form.requiredToSolveHint')} />
      <Amount of={form.bind('order')} label={w('form.order')} hint={w('form.orderHint')} empty={0} min={0} max={10_000} />
      <Toggle of={form.bind('active')} label={w('form.active')} hint={w('form.activeHint')} />
    </>
  );
}

function FieldChoices({ form }: { form: Form<Draft> }) {
  const { w, named } = useTelling();
  const choices = form.bind('choices');
  return (
    <Rows of={choices} label={w('form.choices')} naming={(one) => named(one)} add={w('form.addChoice')} fresh={(): Choice => ({ id: '', names: {}, active: true })}>
      {(one, at) => {
        const choice = each(choices, at, one);
        return (
          <>
            <Names of={inside(choice, 'names')} label={w('form.choiceNames', { number: at + 1 })} />
            <Side>
              <Text of={inside(choice, 'id')} label={w('form.id')} hint={w('form.choiceIdHint')} code most={40} />
              <Toggle of={inside(choice, 'active')} label={w('form.offered')} />
            </Side>
          </>
        );
      }}
    </Rows>
  );
}

function FieldSample({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w(form.draft.customer === 'hidden' ? 'preview.fieldHidden' : 'preview.field')}</p>
      <div className="sample">
        <SampleField field={{ ...form.draft, id: form.isNew ? '' : (form.id ?? '') }} />
      </div>
    </section>
  );
}
