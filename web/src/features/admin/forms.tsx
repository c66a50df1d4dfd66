// Forms: what is asked about matters of a category, one thing after another, and tried out beside it.
import { useState } from 'react';
import { orNone, useCategoryChoices, type FieldChoice, useFieldChoices } from './choices';
import { each, inside, orNothing, type Bound, type Form } from './form';
import { Names, Pick, Rows, Side, Text, Toggle } from './inputs';
import { at as address, type Kind } from './kind';
import { SampleField } from './sample-field';
import { shownElements } from './shown-elements';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { Form as Setting, FormCondition, FormElement } from '@/lib/api/settings';
import { TYPES, type FieldValue } from '@/lib/api/types';

type Element = Required<Omit<FormElement, 'when'>> & { when: FormCondition[] };
type Draft = Required<Omit<Setting, 'id' | 'version' | 'elements'>> & { elements: Element[] };

const PLACES = ['', 'web', 'phone'] as const;
const KINDS = ['field', 'text', 'question'] as const;
const LOOKS = ['equals', 'one_of', 'filled', 'empty'] as const;

export const FORMS: Kind<Setting, Draft> = {
  name: 'forms',
  part: 'forms',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/forms'))).items,
  save: (api, id, body, seen) => unwrap(api.PUT('/v1/forms/{id}', { params: address(id, seen), body })),
  remove: (api, id, seen) => done(api.DELETE('/v1/forms/{id}', { params: address(id, seen) })),
  ownId: true,
  fresh: () => ({ names: {}, category: null, channel: null, elements: [], active: true }),
  draftOf: ({ names, category = null, channel = null, elements = [], active = true }) => ({
    names, category, channel, active,
    elements: elements.map(({ kind = 'field', texts = {}, field = null, required = null, when = [] }) => ({ kind, texts, field, required, when })),
  }),
  versionOf: ({ version }) => version ?? 0,
  nameOf: ({ names }) => names['en'] ?? Object.values(names)[0] ?? '',
  title: (form, { named }) => named(form),
  facts: (form, { w, names }) => [
    (form.category ?? null) === null ? w('form.otherCategories') : (names.category(form.category) ?? form.category ?? null),
    w(`formPlaces.${form.channel ?? 'both'}`),
    w('form.elementCount', { count: (form.elements ?? []).length }),
    form.active === false ? w('form.off') : null,
  ],
  Form: FormForm,
  Beside: FormSample,
};

function FormForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const categories = useCategoryChoices();
  const fields = useFieldChoices();
  const elements = form.bind('elements');
  const channel = orNothing(form.bind('channel')) as Bound<'' | 'web' | 'phone'>;
  const naming = (one: Element): string => fields.find(({ value }) => value === one.field)?.name ?? w(`elementKinds.${one.kind}`);
  return (
    <>
      <Names of={form.bind('names')} label={w('form.names')} hint={w('form.formNamesHint')} />
      <Side>
        <Pick of={orNothing(form.bind('category'))} label={w('form.category')} hint={w('form.formCategoryHint')} choices={orNone(w('form.otherCategories'), categories)} />
        <Pick of={channel} label={w('form.channel')} choices={PLACES.map((one) => ({ value: one, name: w(`formPlaces.${one === '' ? 'both' : one}`) }))} />
      </Side>
      <Rows
        of={elements}
        label={w('form.elements')}
        naming={naming}
        add={w('form.addElement')}
        fresh={(): Element => ({ kind: 'field', texts: {}, field: fields.find(({ value }) => !elements.value.some((one) => one.field === value))?.value ?? null, required: null, when: [] })}
      >
        {(one, at) => <OneElement of={each(elements, at, one)} fields={fields} above={elements.value.slice(0, at)} />}
      </Rows>
      <Toggle of={form.bind('active')} label={w('form.formActive')} hint={w('form.formActiveHint')} />
    </>
  );
}

interface OneProps {
  of: Bound<Element>;
  fields: readonly FieldChoice[];
  above: readonly Element[];
}

function OneElement({ of, fields, above }: OneProps) {
  const { w } = useTelling();
  const kind = of.value.kind;
  const required = inside(of, 'required');
  const must: Bound<'' | 'yes' | 'no'> = {
    value: required.value === null ? '' : required.value ? 'yes' : 'no',
    set: (value) => required.set(value === '' ? null : value === 'yes'),
    fault: required.fault,
  };
  const when = inside(of, 'when');
  return (
    <>
      <Side>
        <Pick of={inside(of, 'kind')} label={w('form.elementKind')} choices={KINDS.map((one) => ({ value: one, name: w(`elementKinds.${one}`) }))} />
        {kind !== 'text' && <Pick of={orNothing(inside(of, 'field'))} label={w('form.field')} choices={orNone(w('form.noField'), fields)} />}
        {kind === 'field' && <Pick of={must} label={w('form.required')} choices={(['', 'yes', 'no'] as const).map((one) => ({ value: one, name: w(`must.${one === '' ? 'asField' : one}`) }))} />}
      </Side>
      {kind !== 'field' && <Names of={inside(of, 'texts')} label={w('form.words')} lines={2} most={2000} />}
      <Rows
        of={when}
        label={w('form.when')}
        naming={(condition) => condition.of}
        add={w('form.addCondition')}
        sorted={false}
        fresh={(): FormCondition => {
          const last = above.findLast((one) => one.field !== null)?.field;
          return last === undefined || last === null ? { of: 'category', equals: '' } : { of: `fields/${last}`, filled: true };
        }}
      >
        {(condition, at) => <OneCondition of={each(when, at, condition)} fields={fields.filter(({ value }) => above.some((one) => one.field === value))} />}
      </Rows>
    </>
  );
}

function OneCondition({ of, fields }: { of: Bound<FormCondition>; fields: readonly FieldChoice[] }) {
  const { t, w } = useTelling();
  const categories = useCategoryChoices();
  const { of: about, equals, one_of: oneOf = [], filled } = of.value;
  const looks = filled === true ? 'filled' : filled === false ? 'empty' : oneOf.length > 0 || ((equals ?? filled) ?? null) === null ? 'one_of' : 'equals';
  const field = fields.find(({ value }) => about === `fields/${value}`);
  const choices = about === 'category' ? categories : about === 'type' ? TYPES.map((one) => ({ value: one, name: t(`type.${one}`) })) : field?.choices;
  const part = <Value,>(value: Value, set: (value: Value) => FormCondition): Bound<Value> => ({ value, set: (next) => of.set(set(next)), fault: () => undefined });
  const value = typeof equals === 'string' || typeof equals === 'number' || typeof equals === 'boolean' ? String(equals) : '';
  const typed = (text: string): string | number | boolean => (field?.type === 'checkbox' ? text === 'true' : field?.type === 'number' && text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text);
  const fresh = (look: (typeof LOOKS)[number]): FormCondition => (look === 'filled' || look === 'empty' ? { of: about, filled: look === 'filled' } : look === 'one_of' ? { of: about, one_of: choices?.slice(0, 1).map((one) => one.value) ?? [''] } : { of: about, equals: choices?.[0]?.value ?? '' });
  return (
    <Side>
      <Pick
        of={part(about, (next) => ({ of: next, filled: true }))}
        label={w('form.conditionOf')}
        choices={[{ value: 'category', name: w('form.category') }, { value: 'type', name: w('form.ticketType') }, ...fields.map(({ value, name }) => ({ value: `fields/${value}`, name }))]}
      />
      <Pick of={part<(typeof LOOKS)[number]>(looks, fresh)} label={w('form.conditionIs')} choices={LOOKS.map((one) => ({ value: one, name: w(`looks.${one}`) }))} />
      {looks === 'equals' &&
        (choices ? (
          <Pick of={part(value, (next) => ({ of: about, equals: next }))} label={w('form.conditionValue')} choices={orNone('–', choices)} />
        ) : (
          <Text of={{ ...part(value, (next) => ({ of: about, equals: typed(next) })), fault: of.fault }} label={w('form.conditionValue')} />
        ))}
      {looks === 'one_of' && <Text of={{ ...part(oneOf.join(', '), (next) => ({ of: about, one_of: next.split(',').map((one) => one.trim()) })), fault: of.fault }} label={w('form.conditionValues')} hint={choices?.map((one) => one.value).join(', ')} />}
    </Side>
  );
}

/** The form as it will be: what is chosen here shows and hides what depends on it. */
function FormSample({ form }: { form: Form<Draft> }) {
  const { w, language, named } = useTelling();
  const fields = useFieldChoices();
  const [phone, setPhone] = useState(false);
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>({});
  const { elements, category, names } = form.draft;
  const shown = shownElements(elements, { category: category ?? '', type: 'request' }, values).filter((one) => phone || one.kind !== 'question');
  const asked = shown.filter((one) => {
    const field = fields.find(({ value }) => value === one.field);
    return one.kind !== 'field' || phone || field?.definition.customer === 'editable';
  });
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.form')}</p>
      <label className="choice">
        <input type="checkbox" checked={phone} onChange={({ target }) => setPhone(target.checked)} />
        {w('preview.phone')}
      </label>
      <div className="sample sample--form">
        <strong>{named({ id: w('form.unnamed'), names })}</strong>
        {asked.length === 0 && <p className="field__hint">{w('preview.nothing')}</p>}
        {asked.map((one) => {
          const at = elements.indexOf(one);
          const field = fields.find(({ value }) => value === one.field)?.definition;
          const words = one.texts[language] ?? one.texts['en'];
          return (
            <div key={at} className={one.kind === 'question' ? 'sample__question' : undefined}>
              {one.kind !== 'field' && words !== undefined && <p className="sample__words">{words}</p>}
              {field && (
                <SampleField
                  field={field}
                  {...(one.required === null ? {} : { required: one.required })}
                  value={values[field.id] ?? null}
                  onChange={(value) => setValues({ ...values, [field.id]: value })}
                />
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}
