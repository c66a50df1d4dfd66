// Parts of the form: a label with what is typed, one of some, some of some.
import { useId, type ReactNode } from 'react';

interface FieldProps {
  label: string;
  hint?: string;
  fault?: string | undefined;
  children: (wiring: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const said = fault ?? hint;
  return (
    <div className="rule-field">
      <label className="rule-field__label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': said === undefined ? undefined : `${id}-said` })}
      {said !== undefined && (
        <span id={`${id}-said`} className={fault === undefined ? 'rule-field__hint' : 'rule-field__fault'} role={fault === undefined ? undefined : 'alert'}>
          {said}
        </span>
      )}
    </div>
  );
}

export interface Choice {
  value: string;
  name: string;
}

interface SelectProps {
  id?: string;
  label?: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}

/** One of some, in the browser's own list. */
export function Select({ id, label, value, choices, onChange }: SelectProps) {
  return (
    <select id={id} className="rule-input" aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}

interface ChecksProps {
  legend: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** Some of some, as boxes to tick. */
export function Checks({ legend, choices, chosen, onChange }: ChecksProps) {
  return (
    <fieldset className="rule-checks">
      <legend className="rule-field__label">{legend}</legend>
      {choices.map(({ value, name }) => (
        <label key={value} className="rule-check">
          <input type="checkbox" checked={chosen.includes(value)} onChange={({ target }) => onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
