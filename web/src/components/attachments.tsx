// Files of a message. Pictures, sound, films, PDF and text are looked at in place; everything else is fetched when asked for.
// A file's address is short-lived: it is asked for when someone opens the file.
import { lazy, Suspense, useState } from 'react';
import { IconFile, IconPhoto } from '@/components/icons';
import { kindOf } from '@/components/preview-kinds';
import type { Attachment } from '@/lib/api/types';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { fileSize } from '@/lib/time/format';
import { toast } from '@/lib/toasts';
import '@/components/attachments.css';

const Preview = lazy(async () => ({ default: (await import('@/components/preview')).Preview }));

function openInNewTab(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.click();
}

interface AttachmentsProps {
  attachments: readonly Attachment[];
  /** A short-lived address of a file. */
  linkOf: (attachment: Attachment) => Promise<string>;
}

export function Attachments({ attachments, linkOf }: AttachmentsProps) {
  const t = useT();
  const language = useLanguage();
  const [fetching, setFetching] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const files = attachments.filter((attachment) => !attachment.inline);
  const shows = files.filter((file) => kindOf(file) !== null);
  if (files.length === 0) return null;
  const fetchFile = async (file: Attachment): Promise<void> => {
    setFetching(file.id);
    try {
      openInNewTab(await linkOf(file));
    } catch {
      toast(t('attachment.notOpened', { name: file.filename }), { label: t('common.tryAgain'), run: () => void fetchFile(file) }, 'problem');
    } finally {
      setFetching(null);
    }
  };
  return (
    <div className="files">
      {files.map((file) => {
        const Icon = kindOf(file) === 'picture' ? IconPhoto : IconFile;
        return (
          <button key={file.id} type="button" className="file" aria-busy={fetching === file.id} aria-haspopup={kindOf(file) === null ? undefined : 'dialog'} onClick={() => (kindOf(file) === null ? void fetchFile(file) : setShown(file.id))}>
            <Icon size={16} stroke={1.6} aria-hidden="true" />
            <span className="file__name">{file.filename}</span>
            <span className="file__size">{fileSize(file.size, language)}</span>
          </button>
        );
      })}
      <Suspense>{shown !== null && <Preview files={shows} first={shown} linkOf={linkOf} onClose={() => setShown(null)} />}</Suspense>
    </div>
  );
}
