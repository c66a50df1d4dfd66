// Files on their way into a message: uploaded while the text is still being written.
import { useState } from 'react';
import { ApiError } from '@/lib/api/problem';
import type { Attachment } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { uploadFile } from '@/lib/data/uploads';

export interface OutgoingFile {
  /** Ours; the upload's own id comes when it is there. */
  key: string;
  name: string;
  type: string;
  size: number;
  uploadId: string | null;
  problem: 'too_large' | 'failed' | null;
}

interface Files {
  files: readonly OutgoingFile[];
  /** Begins to send them; gives our names for them, in order. */
  add: (files: Iterable<File>) => string[];
  remove: (key: string) => void;
  clear: () => void;
}

export function useFiles(): Files {
  const { api } = useDesk();
  const [files, setFiles] = useState<readonly OutgoingFile[]>([]);
  const update = (key: string, change: Partial<OutgoingFile>): void => {
    setFiles((all) => all.map((file) => (file.key === key ? { ...file, ...change } : file)));
  };
  const add = (more: Iterable<File>): string[] =>
    [...more].map((file) => {
      const key = crypto.randomUUID();
      setFiles((all) => [...all, { key, name: file.name, type: file.type, size: file.size, uploadId: null, problem: null }]);
      uploadFile(api, file).then(
        (uploadId) => update(key, { uploadId }),
        (cause: unknown) => update(key, { problem: cause instanceof ApiError && cause.status === 413 ? 'too_large' : 'failed' }),
      );
      return key;
    });
  return {
    files,
    add,
    remove: (key) => setFiles((all) => all.filter((file) => file.key !== key)),
    clear: () => setFiles([]),
  };
}

export const asAttachment = (file: OutgoingFile): Attachment => ({
  id: file.uploadId ?? file.key,
  filename: file.name,
  content_type: file.type,
  size: file.size,
  inline: false,
});
