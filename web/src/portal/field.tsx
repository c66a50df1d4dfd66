// A field with its label above, its help below, and its trouble where the eye is.
import { useId, type ReactNode } from 'react';
import type { Trouble } from './request-draft';
import { usePortal } from './context';

interface FieldProps {
  name: string;
  label: string;
  hint?: ReactNode;
  optional?: boolean;
  /** Several lines to write in. */
  lines?: boolean;
  type?: 'text' | 'email';
  autoComplete?: string;
  trouble: Trouble | undefined;
  value: string;
  onChange: (value: string) => void;
}

export function Field({ name, label, hint, optional = false, lines = false, type = 'text', autoComplete = 'off', trouble, value, onChange }: FieldProps) {
  const { t } = usePortal();
  const id = useId();
  const common = {
    id,
    name,
    value,
    dir: 'auto' as const,
    required: !optional,
    'aria-invalid': trouble !== undefined,
    'aria-describedby': `${id}-help`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  return (
    <div className="field">
      <label htmlFor={id}>
        {label} {optional && <span className="hint">({t('form.optional')})</span>}
      </label>
      {lines ? <textarea rows={6} {...common} /> : <input type={type} autoComplete={autoComplete} {...common} />}
      <p id={`${id}-help`} className={trouble ? 'field__trouble' : 'hint'}>
        {trouble ? t(`problem.${trouble}`) : hint}
      </p>
    </div>
  );
}
