// A field as those see it who fill it in: nothing that is typed here goes anywhere.
import { useId } from 'react';
import { useTelling } from './use-telling';
import type { Field as Definition, FieldValue } from '@/lib/api/types';

interface SampleProps {
  field: Definition;
  required?: boolean;
  value?: FieldValue;
  onChange?: (value: FieldValue) => void;
}

const KINDS: Partial<Record<Definition['type'], string>> = { number: 'number', date: 'date', email: 'email', link: 'url' };

export function SampleField({ field, required, value = null, onChange }: SampleProps) {
  const { w, language, named } = useTelling();
  const id = useId();
  const name = named({ id: field.id || w('form.unnamed'), names: field.names });
  const help = field.help?.[language] ?? field.help?.['en'];
  const must = required ?? field.required ?? false;
  const choices = (field.choices ?? []).filter((one) => one.active !== false);
  const many = Array.isArray(value) ? value.map(String) : [];
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const label = (
    <>
      {name || w('form.unnamed')} {must ? <span aria-hidden="true">*</span> : <span className="field__hint sample__optional">{w('preview.optional')}</span>}
    </>
  );
  if (field.type === 'multi_choice') {
    return (
      <fieldset className="sample__field">
        <legend className="field__label">{label}</legend>
        {choices.map((one, at) => (
          <label key={one.id || at} className="choice">
            <input type="checkbox" checked={many.includes(one.id)} onChange={({ target }) => onChange?.(target.checked ? [...many, one.id] : many.filter((other) => other !== one.id))} />
            {named(one)}
          </label>
        ))}
        {help !== undefined && <span className="field__hint">{help}</span>}
      </fieldset>
    );
  }
  if (field.type === 'checkbox') {
    return (
      <div className="sample__field">
        <label className="choice">
          <input type="checkbox" checked={value === true} onChange={({ target }) => onChange?.(target.checked)} />
          {name}
        </label>
        {help !== undefined && <span className="field__hint">{help}</span>}
      </div>
    );
  }
  return (
    <div className="sample__field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {field.type === 'choice' ? (
        <select id={id} className="input" value={text} onChange={({ target }) => onChange?.(target.value === '' ? null : target.value)}>
          <option value="">{w('preview.choose')}</option>
          {choices.map((one, at) => (
            <option key={one.id || at} value={one.id}>
              {named(one)}
            </option>
          ))}
        </select>
      ) : field.type === 'multiline' ? (
        <textarea id={id} className="input" rows={3} value={text} onChange={({ target }) => onChange?.(target.value === '' ? null : target.value)} />
      ) : (
        <input id={id} className="input" type={KINDS[field.type] ?? 'text'} value={text} onChange={({ target }) => onChange?.(target.value === '' ? null : target.value)} />
      )}
      {help !== undefined && <span className="field__hint">{help}</span>}
    </div>
  );
}
