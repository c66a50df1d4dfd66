// The field without formatting: for who wants no more, and as quick as a text box is.
import { useImperativeHandle, useRef, type Ref } from 'react';
import { plainOf } from './rich-text';
import type { PressedKey, Surface } from './surface';

interface PlainFieldProps {
  ref: Ref<Surface>;
  value: string;
  label: string;
  placeholder: string;
  controls: string | undefined;
  active: string | undefined;
  onChange: (text: string) => void;
  onLook: () => void;
  onBlur: () => void;
  onKey: (event: PressedKey) => boolean;
  onFiles: (files: FileList) => void;
}

export function PlainField({ ref, value, label, placeholder, controls, active, onChange, onLook, onBlur, onKey, onFiles }: PlainFieldProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({
    caret: () => {
      const field = area.current;
      return field && field.selectionStart === field.selectionEnd ? { text: field.value, caret: field.selectionStart } : null;
    },
    replace: (from, to, words) => {
      const field = area.current;
      if (!field) return;
      onChange(field.value.slice(0, from) + words + field.value.slice(to));
      requestAnimationFrame(() => {
        field.focus();
        field.setSelectionRange(from + words.length, from + words.length);
      });
    },
    focus: () => area.current?.focus(),
    blur: () => area.current?.blur(),
  }));
  return (
    <textarea
      ref={area}
      className="editor__field"
      dir="auto"
      rows={2}
      aria-label={label}
      placeholder={placeholder}
      value={plainOf(value)}
      aria-autocomplete="list"
      aria-controls={controls}
      aria-activedescendant={active}
      onChange={(event) => {
        onChange(event.target.value);
        onLook();
      }}
      onSelect={onLook}
      onBlur={onBlur}
      onKeyDown={(event) => onKey(event.nativeEvent)}
      onPaste={(event) => {
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        onFiles(event.clipboardData.files);
      }}
    />
  );
}
