// One file of the person's own, in the page's words: the browser's own field speaks the browser's language. It lies unseen over what is
// shown, so that keys, screen readers and a file that is dropped on it find what they know.
import { useState, type ComponentProps } from 'react';
import { useT } from '@/lib/i18n/use-t';
import '@/components/file-input.css';

interface FileInputProps extends Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'className'> {
  onFile: (file: File) => void;
}

export function FileInput({ onFile, ...wiring }: FileInputProps) {
  const t = useT();
  const [name, setName] = useState<string | null>(null);
  const said = name ?? t('common.noFile');
  return (
    <span className="file-input">
      <input
        {...wiring}
        className="file-input__native"
        type="file"
        title={said}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // What was put off leaves the file that was chosen before.
          if (!file) return;
          setName(file.name);
          onFile(file);
        }}
      />
      <span className="file-input__button" aria-hidden="true">
        {t('common.chooseFile')}
      </span>
      <span className="file-input__name" aria-live="polite" dir="auto">
        {said}
      </span>
    </span>
  );
}
