// A field of this desk: chosen from a list, ticked, or typed, and checked where it stands.
import { useId, useState } from 'react';
import { Property } from './property';
import type { Field, FieldValue } from '@/lib/api/types';
import { useNamed } from '@/lib/data/catalogue';
import { useLanguage, useT } from '@/lib/i18n/use-t';

interface FieldPropertyProps {
  field: Field;
  value: FieldValue;
  opened: boolean;
  onOpenChange: (opened: boolean) => void;
  onChange: (value: FieldValue) => void;
}

const INPUTS = { text: 'text', multiline: 'text', number: 'number', date: 'date', email: 'email', link: 'url' } as const;

const asText = (value: FieldValue): string => (value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value));

/** What was typed as the field keeps it; null empties it. */
function kept(field: Field, typed: string): FieldValue {
  const text = typed.trim();
  if (text === '') return null;
  return field.type === 'number' ? Number(text) : text;
}

export function FieldProperty({ field, value, opened, onOpenChange, onChange }: FieldPropertyProps) {
  const t = useT();
  const named = useNamed();
  const language = useLanguage();
  const name = named(field);
  const help = field.help?.[language] ?? field.help?.['en'];
  const choices = (field.choices ?? []).filter((choice) => choice.active !== false).map((choice) => ({ value: choice.id, label: named(choice) }));
  const nameOf = (id: string): string => choices.find((choice) => choice.value === id)?.label ?? id;
  const empty = <span className="property__none">{t(field.required_to_solve === true ? 'property.neededToSolve' : 'property.empty')}</span>;

  if (field.type === 'checkbox') {
    return (
      <label className="property" title={help}>
        <span className="property__name">{name}</span>
        <span className="property__value property__value--plain">
          <input type="checkbox" checked={value === true} onChange={() => onChange(value !== true)} />
        </span>
      </label>
    );
  }
  if (field.type === 'choice') {
    return (
      <Property
        name={name}
        options={[{ value: null, label: t('property.empty') }, ...choices]}
        value={typeof value === 'string' ? value : null}
        shown={typeof value === 'string' ? nameOf(value) : empty}
        onChoose={onChange}
        opened={opened}
        onOpenChange={onOpenChange}
      />
    );
  }
  if (field.type === 'multi_choice') {
    const chosen = Array.isArray(value) ? value : [];
    const toggle = (id: string | null): void => {
      if (id === null) return;
      const next = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
      onChange(next.length === 0 ? null : next);
    };
    return (
      <Property
        name={name}
        options={choices.map((choice) => ({ ...choice, ...(chosen.includes(choice.value) ? { hint: '✓' } : {}) }))}
        value=""
        shown={chosen.length > 0 ? chosen.map(nameOf).join(', ') : empty}
        onChoose={toggle}
        opened={opened}
        onOpenChange={onOpenChange}
      />
    );
  }
  return <Typed key={asText(value)} field={field} name={name} help={help} value={value} onChange={onChange} />;
}

interface TypedProps extends Pick<FieldPropertyProps, 'field' | 'value' | 'onChange'> {
  name: string;
  help: string | undefined;
}

function Typed({ field, name, help, value, onChange }: TypedProps) {
  const t = useT();
  const id = useId();
  const [typed, setTyped] = useState(() => asText(value));
  const commit = (valid: boolean): void => {
    if (valid && typed.trim() !== asText(value)) onChange(kept(field, typed));
  };
  const type = field.type === 'checkbox' || field.type === 'choice' || field.type === 'multi_choice' ? 'text' : INPUTS[field.type];
  return (
    <div className="property">
      <label className="property__name" htmlFor={id} title={help}>
        {name}
      </label>
      <input
        id={id}
        className="property__input"
        type={type}
        step="any"
        placeholder={t(field.required_to_solve === true ? 'property.neededToSolve' : 'property.empty')}
        title={help}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={(event) => commit(event.target.checkValidity())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur();
          if (event.key === 'Escape') setTyped(asText(value));
        }}
      />
    </div>
  );
}
