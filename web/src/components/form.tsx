// Parts of a form: a label, what is typed, a hint, and what is wrong beside it.
import { useId, type ReactNode } from 'react';
import '@/components/form.css';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  fault?: string | undefined;
  children: (wiring: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

export function Field({ label, hint, fault, children }: FieldProps) {
  const id = useId();
  const described = fault !== undefined ? `${id}-fault` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': described })}
      {fault !== undefined ? <Fault id={`${id}-fault`} text={fault} /> : hint !== undefined && <span id={`${id}-hint`} className="field__hint">{hint}</span>}
    </div>
  );
}

export function Fault({ id, text }: { id?: string; text: string }) {
  return (
    <span id={id} className="field__fault" role="alert">
      {text}
    </span>
  );
}

export interface Choice {
  value: string;
  name: string;
}

interface ChoicesProps {
  legend: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  hint?: string;
  onChange: (chosen: string[]) => void;
}

/** Some of a few, as boxes to tick. */
export function Choices({ legend, choices, chosen, hint, onChange }: ChoicesProps) {
  return (
    <fieldset className="choices">
      <legend className="field__label">{legend}</legend>
      {choices.map(({ value, name }) => (
        <label key={value} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={({ target }) => onChange(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))}
          />
          {name}
        </label>
      ))}
      {hint !== undefined && <span className="field__hint">{hint}</span>}
    </fieldset>
  );
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
    <select id={id} className="input" aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}
