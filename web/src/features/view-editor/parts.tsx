// Parts of the form: a label over a field, one of some, several of some.
import { useId, type ReactNode } from 'react';
import type { Choice } from './catalogue';
import { useWords } from './words';
import { IconClose } from '@/components/icons';

interface LabelledProps {
  label: string;
  hint?: string | undefined;
  fault?: string | undefined;
  children: (wiring: { id: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }) => ReactNode;
}

export function Labelled({ label, hint, fault, children }: LabelledProps) {
  const id = useId();
  const said = fault ?? hint;
  return (
    <div className="view-field">
      <label className="view-field__label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-invalid': fault !== undefined, 'aria-describedby': said === undefined ? undefined : `${id}-said` })}
      {said !== undefined && (
        <span id={`${id}-said`} className={fault === undefined ? 'view-field__hint' : 'view-field__fault'} role={fault === undefined ? undefined : 'alert'}>
          {said}
        </span>
      )}
    </div>
  );
}

interface OneOfProps {
  id?: string;
  label?: string;
  value: string;
  choices: readonly Choice[];
  onChange: (value: string) => void;
}

export function OneOf({ id, label, value, choices, onChange }: OneOfProps) {
  return (
    <select id={id} className="view-input" aria-label={label} value={value} onChange={({ target }) => onChange(target.value)}>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  );
}

interface SomeOfProps {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  onChange: (chosen: string[]) => void;
}

/** What is chosen stands there as words that can be taken out; the rest is in a list behind them. */
export function SomeOf({ label, chosen, choices, onChange }: SomeOfProps) {
  const w = useWords();
  const left = choices.filter(({ value }) => !chosen.includes(value));
  const nameOf = (value: string): string => choices.find((choice) => choice.value === value)?.name ?? value;
  return (
    <span className="some-of">
      {chosen.map((value) => (
        <span key={value} className="some-of__one">
          {nameOf(value)}
          <button type="button" className="some-of__remove" aria-label={w('removeValue', { name: nameOf(value) })} onClick={() => onChange(chosen.filter((one) => one !== value))}>
            <IconClose size={12} />
          </button>
        </span>
      ))}
      {left.length > 0 && (
        <select className="view-input some-of__add" aria-label={label} value="" onChange={({ target }) => target.value !== '' && onChange([...chosen, target.value])}>
          <option value="">{w('choose')}</option>
          {left.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </span>
  );
}
