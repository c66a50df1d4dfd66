// Some of many, found by a few letters: what is chosen stands above the field and goes with its cross.
import { useId, useState, type KeyboardEvent } from 'react';
import { useWords } from './words';
import { Fault } from '@/components/form';
import { IconClose } from '@/components/icons';

interface Pickable {
  id: string;
  name: string;
}

interface PickerProps {
  label: string;
  hint: string;
  fault: string | undefined;
  chosen: readonly string[];
  named: Readonly<Record<string, string>>;
  typed: string;
  onType: (text: string) => void;
  found: readonly Pickable[];
  onChange: (chosen: string[]) => void;
}

export function Picker({ label, hint, fault, chosen, named, typed, onType, found, onChange }: PickerProps) {
  const w = useWords();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const offered = found.filter((one) => !chosen.includes(one.id));
  const at = Math.min(active, Math.max(0, offered.length - 1));
  const choose = (one: Pickable | undefined): void => {
    if (!one) return;
    onChange([...chosen, one.id]);
    onType('');
    setActive(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && offered.length > 0) setActive((at + step + offered.length) % offered.length);
    else if (event.key === 'Enter' && open) choose(offered[at]);
    else if (event.key === 'Escape' && open) setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="field picker">
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      {chosen.length > 0 && (
        <ul className="picker__chosen">
          {chosen.map((one) => (
            <li key={one} className="picker__one">
              <span dir="auto">{named[one] ?? one}</span>
              <button type="button" className="picker__remove" aria-label={w('details.remove', { name: named[one] ?? one })} onClick={() => onChange(chosen.filter((other) => other !== one))}>
                <IconClose size={13} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        className="input"
        role="combobox"
        autoComplete="off"
        aria-expanded={open && offered.length > 0}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && offered[at] ? `${id}-${at}` : undefined}
        aria-describedby={`${id}-hint`}
        placeholder={w('details.find')}
        value={typed}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={({ target }) => {
          setOpen(true);
          setActive(0);
          onType(target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {open && offered.length > 0 && (
        <ul id={`${id}-list`} className="picker__list" role="listbox" aria-label={label}>
          {offered.map((one, index) => (
            // The keyboard walks this list from the field above it (aria-activedescendant).
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <li key={one.id} id={`${id}-${index}`} role="option" aria-selected={index === at} className={index === at ? 'option option--active' : 'option'} onPointerDown={(event) => event.preventDefault()} onPointerMove={() => setActive(index)} onClick={() => choose(one)}>
              <span className="option__label" dir="auto">
                {one.name}
              </span>
            </li>
          ))}
        </ul>
      )}
      {fault === undefined ? (
        <span id={`${id}-hint`} className="field__hint">
          {hint}
        </span>
      ) : (
        <Fault id={`${id}-hint`} text={fault} />
      )}
    </div>
  );
}
