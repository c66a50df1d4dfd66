// The fields of a category's form: each in the plainest control that fits what it holds.
import { useId } from 'react';
import type { FormElement, FormField } from '@/lib/api/types';
import { usePortal } from './context';
import type { Trouble } from './request-draft';
import { shownOf, type FieldValue, type Values } from './shown';

interface FormFieldsProps {
  elements: readonly FormElement[];
  category: string;
  values: Values;
  troubles: Readonly<Record<string, Trouble | undefined>>;
  onChange: (values: Values) => void;
}

export function FormFields({ elements, category, values, troubles, onChange }: FormFieldsProps) {
  return shownOf(elements, category, values).map(({ field, text, required }, place) =>
    field ? (
      <OneField
        key={field.id}
        field={field}
        required={required}
        value={values[field.id]}
        trouble={troubles[field.id]}
        onChange={(value) => onChange({ ...values, [field.id]: value })}
      />
    ) : (
      <p key={place} className="form__words">
        {text}
      </p>
    ),
  );
}

interface OneFieldProps {
  field: FormField;
  required: boolean;
  value: FieldValue | undefined;
  trouble: Trouble | undefined;
  onChange: (value: FieldValue) => void;
}

function OneField(props: OneFieldProps) {
  const { field, required, trouble } = props;
  const { t } = usePortal();
  const id = useId();
  const help = `${id}-help`;
  const named = (
    <>
      {field.name} {!required && <span className="hint">({t('form.optional')})</span>}
    </>
  );
  const below = (
    <p id={help} className={trouble ? 'field__trouble' : 'hint'}>
      {trouble ? t(`problem.${trouble}`) : field.help}
    </p>
  );
  if (field.type === 'multi_choice') {
    return (
      <fieldset className="field field--choices" aria-describedby={help}>
        <legend>{named}</legend>
        <Choices {...props} />
        {below}
      </fieldset>
    );
  }
  if (field.type === 'checkbox') {
    return (
      <div className="field">
        <label className="tick">
          <input type="checkbox" name={field.id} checked={props.value === true} aria-describedby={help} onChange={(event) => props.onChange(event.target.checked)} />
          <span>{named}</span>
        </label>
        {below}
      </div>
    );
  }
  return (
    <div className="field">
      <label htmlFor={id}>{named}</label>
      <Control {...props} id={id} help={help} />
      {below}
    </div>
  );
}

function Choices({ field, value, onChange }: OneFieldProps) {
  const chosen = Array.isArray(value) ? value : [];
  return field.choices.map((choice) => (
    <label key={choice.id} className="tick">
      <input
        type="checkbox"
        name={field.id}
        checked={chosen.includes(choice.id)}
        onChange={(event) => onChange(event.target.checked ? [...chosen, choice.id] : chosen.filter((one) => one !== choice.id))}
      />
      <span>{choice.name}</span>
    </label>
  ));
}

const TYPES = { date: 'date', email: 'email', link: 'url' } as const;

function Control({ field, required, value, trouble, onChange, id, help }: OneFieldProps & { id: string; help: string }) {
  const { t } = usePortal();
  const common = { id, name: field.id, required, 'aria-invalid': trouble !== undefined, 'aria-describedby': help };
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (field.type === 'choice') {
    return (
      <select {...common} value={text} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t('form.choose')}</option>
        {field.choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.name}
          </option>
        ))}
      </select>
    );
  }
  if (field.type === 'multiline') return <textarea rows={4} dir="auto" {...common} value={text} onChange={(event) => onChange(event.target.value)} />;
  if (field.type === 'number') {
    const write = (typed: string): void => onChange(typed === '' || Number.isNaN(Number(typed)) ? typed : Number(typed));
    return <input inputMode="decimal" {...common} value={text} onChange={(event) => write(event.target.value.trim())} />;
  }
  const type = field.type in TYPES ? TYPES[field.type as keyof typeof TYPES] : 'text';
  return <input type={type} dir="auto" {...common} value={text} onChange={(event) => onChange(event.target.value)} />;
}
