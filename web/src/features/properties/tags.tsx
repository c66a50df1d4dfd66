// Tags of a ticket: small words, taken away with one click, added by typing.
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { IconClose } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

interface TagsProps {
  tags: readonly string[];
  /** Someone asked for this field by its key. */
  focused: boolean;
  onFocused: () => void;
  onChange: (tags: string[]) => void;
}

export function Tags({ tags, focused, onFocused, onChange }: TagsProps) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const answered = useEffectEvent(onFocused);
  useEffect(() => {
    if (!focused) return;
    input.current?.focus();
    answered();
  }, [focused]);
  const add = (): void => {
    const tag = typed.trim().toLocaleLowerCase().replaceAll(/\s+/gu, '-');
    setTyped('');
    if (tag !== '' && !tags.includes(tag)) onChange([...tags, tag]);
  };
  return (
    <div className="tags">
      {tags.map((tag) => (
        <span key={tag} className="tag">
          <span className="tag__name">{tag}</span>
          <button type="button" className="tag__remove" aria-label={t('property.removeTag', { tag })} onClick={() => onChange(tags.filter((other) => other !== tag))}>
            <IconClose size={11} />
          </button>
        </span>
      ))}
      <input
        ref={input}
        className="tags__input"
        value={typed}
        placeholder={t('property.addTag')}
        aria-label={t('property.addTag')}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={add}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault();
            add();
          }
          if (event.key === 'Backspace' && typed === '' && tags.length > 0) onChange(tags.slice(0, -1));
          if (event.key === 'Escape') {
            setTyped('');
            input.current?.blur();
          }
        }}
      />
    </div>
  );
}
