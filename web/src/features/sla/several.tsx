// Some of many: chosen by name from a list that narrows while one types, each shown as a tag that can be taken out again.
import { useId, useState } from 'react';
import { useWords } from './words';
import { Field, type Choice } from '@/components/form';
import { IconClose } from '@/components/icons';

interface SeveralProps {
  label: string;
  chosen: readonly string[];
  choices: readonly Choice[];
  /** What is on no list may be said too. */
  free?: boolean;
  hint?: string;
  onSearch?: (text: string) => void;
  onChange: (chosen: string[]) => void;
}

export function Several({ label, chosen, choices, free = false, hint, onSearch, onChange }: SeveralProps) {
  const w = useWords();
  const list = useId();
  const [text, setText] = useState('');
  const nameOf = (value: string): string => choices.find((one) => one.value === value)?.name ?? value;
  const left = choices.filter(({ value }) => !chosen.includes(value));
  const add = (value: string): void => {
    setText('');
    onSearch?.('');
    if (!chosen.includes(value)) onChange([...chosen, value]);
  };
  const match = (typed: string): string | undefined => left.find(({ name, value }) => [name, value].some((one) => one.toLowerCase() === typed.trim().toLowerCase()))?.value;
  const take = (): void => {
    const typed = text.trim();
    const found = match(typed);
    if (found !== undefined) add(found);
    else if (free && typed !== '') add(typed);
  };
  const unknown = text.trim() !== '' && !free && !left.some(({ name, value }) => `${name} ${value}`.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <div>
      <Field label={label} hint={hint} fault={unknown ? w('editor.notOnList') : undefined}>
        {(wiring) => (
          <>
            <input
              {...wiring}
              className="input"
              list={list}
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={({ target, nativeEvent }) => {
                const chosenFromList = nativeEvent instanceof InputEvent ? nativeEvent.inputType === 'insertReplacementText' : true;
                const found = match(target.value);
                if (chosenFromList && found !== undefined) add(found);
                else {
                  setText(target.value);
                  onSearch?.(target.value.trim());
                }
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && text.trim() !== '') {
                  event.preventDefault();
                  take();
                }
              }}
              onBlur={take}
            />
            <datalist id={list}>
              {left.map(({ value, name }) => (
                <option key={value} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      {chosen.length > 0 && (
        <ul className="picked" aria-label={label}>
          {chosen.map((value) => (
            <li key={value} className="picked__one">
              {nameOf(value)}
              <button type="button" className="picked__remove" aria-label={w('editor.takeOut', { name: nameOf(value) })} onClick={() => onChange(chosen.filter((one) => one !== value))}>
                <IconClose size={14} stroke={1.8} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
