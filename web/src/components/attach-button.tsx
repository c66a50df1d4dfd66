// The paper clip: chooses files that go with what is being written.
import { useRef } from 'react';
import { IconPaperclip } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';

export function AttachButton({ onFiles }: { onFiles: (files: FileList) => void }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          if (target.files) onFiles(target.files);
          target.value = '';
        }}
      />
      <button type="button" className="icon-button" aria-label={t('editor.attach')} title={t('editor.attach')} onClick={() => picker.current?.click()}>
        <IconPaperclip size={18} stroke={1.6} />
      </button>
    </>
  );
}
