// A short list to choose one thing from, filtered while typing and walked with the arrow keys.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { IconCheck } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';
import '@/components/option-list.css';

export interface Option {
  value: string | null;
  label: string;
  icon?: ReactNode;
  hint?: string;
}

interface OptionListProps {
  label: string;
  options: readonly Option[];
  value: string | null;
  onChoose: (value: string | null) => void;
}

const plain = (text: string): string => text.normalize('NFKD').toLocaleLowerCase();

export function OptionList({ label, options, value, onChoose }: OptionListProps) {
  const t = useT();
  const id = useId();
  const [search, setSearch] = useState('');
  const shown = options.filter((option) => plain(option.label).includes(plain(search.trim())));
  const [active, setActive] = useState(() => Math.max(0, options.findIndex((option) => option.value === value)));
  const at = Math.min(active, Math.max(0, shown.length - 1));
  const list = useRef<HTMLUListElement>(null);

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((at + step + shown.length) % Math.max(1, shown.length));
    }
    const chosen = shown[at];
    if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      onChoose(chosen.value);
    }
  };

  return (
    <div className="options">
      <input
        className="options__search"
        // The list opens because someone asked for it: the focus belongs here.
        data-autofocus
        // oxlint-disable-next-line jsx-a11y/no-autofocus
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={shown[at] ? `${id}-${at}` : undefined}
        aria-label={label}
        placeholder={label}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul className="options__list" id={id} role="listbox" aria-label={label} ref={list}>
        {shown.map((option, index) => (
          // The keyboard walks this list from the field above it (aria-activedescendant).
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={option.value ?? ''}
            id={`${id}-${index}`}
            role="option"
            aria-selected={option.value === value}
            className={index === at ? 'option option--active' : 'option'}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(option.value)}
          >
            {option.icon}
            <span className="option__label">{option.label}</span>
            {option.hint !== undefined && <span className="option__hint">{option.hint}</span>}
            {option.value === value && <IconCheck size={16} aria-hidden="true" />}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="options__none">{t('common.nothingFound')}</p>}
    </div>
  );
}
