// Files that go with a message: chosen, pasted or dropped, uploaded while one types, taken out again.
import { useEffect, useEffectEvent, useId, useRef, useState, type ClipboardEvent } from 'react';
import { ApiError } from '@/lib/api/problem';
import { uploadFile } from '@/lib/data/uploads';
import { fileSize } from '@/lib/time/format';
import { usePortal } from './context';

interface PortalFile {
  key: string;
  name: string;
  size: number;
  uploadId: string | null;
  problem: 'tooLarge' | 'failed' | null;
}

interface Files {
  files: readonly PortalFile[];
  /** Some are held over the page. */
  over: boolean;
  add: (files: Iterable<File>) => void;
  remove: (key: string) => void;
  clear: () => void;
  /** Ids of what is uploaded; null while something is still on its way or could not be taken. */
  ids: readonly string[] | null;
}

export function useFiles(): Files {
  const { api, sample = false } = usePortal();
  const [files, setFiles] = useState<readonly PortalFile[]>([]);
  const update = (key: string, change: Partial<PortalFile>): void =>
    setFiles((all) => all.map((file) => (file.key === key ? { ...file, ...change } : file)));
  const add = (more: Iterable<File>): void => {
    for (const file of more) {
      const key = crypto.randomUUID();
      setFiles((all) => [...all, { key, name: file.name, size: file.size, uploadId: null, problem: null }]);
      uploadFile(api, file).then(
        (uploadId) => update(key, { uploadId }),
        (cause: unknown) => update(key, { problem: cause instanceof ApiError && cause.status === 413 ? 'tooLarge' : 'failed' }),
      );
    }
  };
  const over = useDropped(add, sample);
  const ids = files.flatMap((file) => (file.uploadId === null ? [] : [file.uploadId]));
  return {
    files,
    over,
    add,
    remove: (key) => setFiles((all) => all.filter((file) => file.key !== key)),
    clear: () => setFiles([]),
    ids: ids.length === files.length ? ids : null,
  };
}

/** Whether files are held over the page. They are taken wherever they are let go: beside the form they would open in its place. */
function useDropped(add: (files: Iterable<File>) => void, off: boolean): boolean {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(add);
  useEffect(() => {
    if (off) return undefined;
    const holds = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent): void => {
      if (!holds(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = ({ relatedTarget }: DragEvent): void => {
      if (relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      setOver(false);
      if (!holds(event)) return;
      event.preventDefault();
      take(event.dataTransfer?.files ?? []);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
    };
  }, [off]);
  return over;
}

/** Lets files be pasted into what these are spread over. */
export const pasting = (files: Files) => ({
  onPaste: (event: ClipboardEvent): void => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    files.add(event.clipboardData.files);
  },
});

export function FileField({ files }: { files: Files }) {
  const { t, language } = usePortal();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="files">
      {files.files.length > 0 && (
        <ul>
          {files.files.map((file) => (
            <li key={file.key} className={file.problem ? 'files__one files__one--problem' : 'files__one'}>
              <span className="files__name">{file.name}</span>
              <span className="files__note" role="status">
                {file.problem ? t(`files.${file.problem}`) : file.uploadId === null ? t('files.uploading') : fileSize(file.size, language)}
              </span>
              <button type="button" aria-label={t('files.remove', { name: file.name })} onClick={() => files.remove(file.key)}>
                <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        id={id}
        className="hidden-input"
        type="file"
        multiple
        onChange={(event) => {
          files.add(event.target.files ?? []);
          event.target.value = '';
        }}
      />
      <label className="files__add" htmlFor={id}>
        <svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
          <path d="m15 7-6.500 6.500a1.500 1.500 0 0 0 3 3L18 10a3 3 0 0 0-6-6l-6.500 6.500a4.500 4.500 0 0 0 9 9L21 13" />
        </svg>
        {t('files.add')} <span className="hint">{t('files.limit')}</span>
      </label>
      {files.over && (
        <p className="files__over" role="status">
          {t('files.letGo')}
        </p>
      )}
    </div>
  );
}
