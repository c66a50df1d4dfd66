// Search through all tickets, as one types.
import { useEffect, useRef, useState } from 'react';
import { IconClose, IconSearch } from '@/components/icons';
import { Key } from '@/components/key';
import { useT } from '@/lib/i18n/use-t';
import { useHotkeys } from '@/lib/keys/hotkeys';
import './search-field.css';

const WAIT_MS = 200;

interface SearchFieldProps {
  value: string;
  onSearch: (search: string) => void;
}

export function SearchField({ value, onSearch }: SearchFieldProps) {
  const t = useT();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  if (known !== value) {
    // The address changed by itself (back button, another view): the field follows.
    setKnown(value);
    if (typed.trim() !== value) setTyped(value);
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (text: string): void => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onSearch(text.trim()), WAIT_MS);
  };
  useHotkeys([{ keys: '/', run: () => input.current?.select(), label: t('keys.search'), icon: <IconSearch size={16} stroke={1.7} /> }]);
  return (
    <div className="search" role="search">
      <IconSearch className="search__icon" size={16} stroke={1.7} aria-hidden="true" />
      <input
        ref={input}
        className="search__input"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={t('search.label')}
        placeholder={t('search.placeholder')}
        value={typed}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          type('');
          input.current?.blur();
        }}
      />
      {typed === '' ? (
        <span className="search__hint" aria-hidden="true">
          <Key name="/" />
        </span>
      ) : (
        <button type="button" className="search__clear" aria-label={t('list.clearSearch')} onClick={() => type('')}>
          <IconClose size={14} />
        </button>
      )}
    </div>
  );
}
