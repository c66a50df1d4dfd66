// The files that go with a message, each with how far it is and a way to leave it out.
import { IconAlert, IconClose, IconFile } from '@/components/icons';
import type { OutgoingFile } from '@/lib/data/files';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { fileSize } from '@/lib/time/format';
import '@/components/file-chips.css';

interface FileChipsProps {
  files: readonly OutgoingFile[];
  onRemove: (key: string) => void;
}

export function FileChips({ files, onRemove }: FileChipsProps) {
  const t = useT();
  const language = useLanguage();
  if (files.length === 0) return null;
  return (
    <ul className="chips">
      {files.map((file) => (
        <li key={file.key} className={file.problem ? 'chip chip--problem' : 'chip'} aria-busy={file.uploadId === null && file.problem === null}>
          {file.problem ? <IconAlert size={14} aria-hidden="true" /> : <IconFile size={14} aria-hidden="true" />}
          <span className="chip__name">{file.name}</span>
          <span className="chip__note">{file.problem ? t(`attachment.${file.problem}`) : fileSize(file.size, language)}</span>
          <button type="button" className="chip__remove" aria-label={t('attachment.remove', { name: file.name })} onClick={() => onRemove(file.key)}>
            <IconClose size={12} />
          </button>
        </li>
      ))}
    </ul>
  );
}
