// A file looked at over the page: pictures large, sound and films played, PDF and text in a frame of the files' own origin,
// from where nothing of the page can be reached. Arrow keys lead through a message's files, Escape closes.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useWords } from '@/components/aside-words';
import { IconChevronRight, IconClose, IconExternal } from '@/components/icons';
import { kindOf } from '@/components/preview-kinds';
import type { Attachment } from '@/lib/api/types';
import { useT } from '@/lib/i18n/use-t';
import '@/components/preview.css';

/** Links hold for some minutes; one that is kept longer would fail without a word. */
const LINK_MS = 4 * 60_000;

interface PreviewProps {
  files: readonly Attachment[];
  first: string;
  linkOf: (attachment: Attachment) => Promise<string>;
  onClose: () => void;
}

export function Preview({ files, first, linkOf, onClose }: PreviewProps) {
  const t = useT();
  const w = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const [at, setAt] = useState(() => Math.max(0, files.findIndex(({ id }) => id === first)));
  const file = files[at];
  const { data: url, isError } = useQuery({ queryKey: ['file', file?.id], queryFn: () => (file ? linkOf(file) : ''), staleTime: LINK_MS, gcTime: LINK_MS, retry: 1 });
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  if (!file) return null;
  const step = (by: number): void => setAt((at + by + files.length) % files.length);
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined || files.length < 2 || event.target instanceof HTMLMediaElement) return;
    event.preventDefault();
    step(by);
  };
  return (
    // The browser itself closes on Escape; the click is for the backdrop, which is not an element.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="preview"
      aria-label={file.filename}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.matches('dialog, .preview__stage')) onClose();
      }}
    >
      <header className="preview__head">
        <span className="preview__name" dir="auto">
          {file.filename}
        </span>
        {files.length > 1 && <span className="preview__place">{w('file.place', { at: at + 1, count: files.length })}</span>}
        {url !== undefined && (
          <a className="preview__button" href={url} target="_blank" rel="noopener noreferrer" aria-label={w('file.open')} title={w('file.open')}>
            <IconExternal size={18} stroke={1.6} />
          </a>
        )}
        <button type="button" className="preview__button" aria-label={t('common.close')} onClick={onClose}>
          <IconClose size={18} stroke={1.6} />
        </button>
      </header>
      <div className="preview__stage" aria-busy={url === undefined && !isError}>
        {isError && <p className="preview__failed">{t('attachment.notOpened', { name: file.filename })}</p>}
        {url !== undefined && <Shown key={file.id} file={file} url={url} />}
      </div>
      {files.length > 1 && (
        <>
          <button type="button" className="preview__button preview__step preview__step--back" aria-label={w('file.previous')} onClick={() => step(-1)}>
            <IconChevronRight size={22} />
          </button>
          <button type="button" className="preview__button preview__step" aria-label={w('file.next')} onClick={() => step(1)}>
            <IconChevronRight size={22} />
          </button>
        </>
      )}
    </dialog>
  );
}

function Shown({ file, url }: { file: Attachment; url: string }) {
  const w = useWords();
  const [failed, setFailed] = useState(false);
  if (failed) return <p className="preview__failed">{w('file.notShown')}</p>;
  switch (kindOf(file)) {
    case 'picture':
      return <img className="preview__picture" src={url} alt={file.filename} onError={() => setFailed(true)} />;
    case 'film':
      // Customers send their films without captions.
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      return <video className="preview__picture" src={url} controls onError={() => setFailed(true)} />;
    case 'sound':
      // oxlint-disable-next-line jsx-a11y/media-has-caption
      return <audio className="preview__sound" src={url} controls onError={() => setFailed(true)} />;
    case 'paper':
    case null:
      // Browsers refuse to show a PDF in a sandbox; its own origin keeps it apart.
      return <iframe className="preview__paper" src={url} title={file.filename} referrerPolicy="no-referrer" {...(file.content_type === 'application/pdf' ? {} : { sandbox: '' })} />;
  }
}
