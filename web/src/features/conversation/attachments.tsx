// Files of a message. Each is fetched through the API when someone opens it: its address is short-lived.
import { useState } from 'react';
import { IconFile, IconPhoto } from '@/components/icons';
import { unwrap } from '@/lib/api/client';
import type { Attachment } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { useLanguage, useT } from '@/lib/i18n/use-t';
import { fileSize } from '@/lib/time/format';
import { toast } from '@/lib/toasts';

function openInNewTab(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.click();
}

function AttachmentButton({ ticketId, attachment }: { ticketId: string; attachment: Attachment }) {
  const t = useT();
  const { api } = useDesk();
  const language = useLanguage();
  const [fetching, setFetching] = useState(false);
  const Icon = attachment.content_type.startsWith('image/') ? IconPhoto : IconFile;
  const open = async (): Promise<void> => {
    setFetching(true);
    try {
      const path = { id: ticketId, attachment_id: attachment.id };
      openInNewTab((await unwrap(api.GET('/v1/tickets/{id}/attachments/{attachment_id}', { params: { path } }))).url);
    } catch {
      toast(t('attachment.notOpened', { name: attachment.filename }), { label: t('common.tryAgain'), run: () => void open() }, 'problem');
    } finally {
      setFetching(false);
    }
  };
  return (
    <button type="button" className="file" aria-busy={fetching} onClick={() => void open()}>
      <Icon size={16} stroke={1.6} aria-hidden="true" />
      <span className="file__name">{attachment.filename}</span>
      <span className="file__size">{fileSize(attachment.size, language)}</span>
    </button>
  );
}

export function Attachments({ ticketId, attachments }: { ticketId: string; attachments: readonly Attachment[] }) {
  const files = attachments.filter((attachment) => !attachment.inline);
  if (files.length === 0) return null;
  return (
    <div className="files">
      {files.map((attachment) => (
        <AttachmentButton key={attachment.id} ticketId={ticketId} attachment={attachment} />
      ))}
    </div>
  );
}
