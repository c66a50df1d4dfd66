// A dialog of the browser's own: focus stays inside, Escape closes, the page behind is inert.
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { IconClose } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';
import '@/components/dialog.css';

interface DialogProps {
  title: string;
  /** Absent: the dialog cannot be put off. */
  onClose?: () => void;
  kind?: 'centre' | 'side';
  wide?: boolean;
  children: ReactNode;
}

/** Shown for as long as it is mounted. */
export function Dialog({ title, onClose, kind = 'centre', wide = false, children }: DialogProps) {
  const t = useT();
  const heading = useId();
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    // A modal dialog gives the focus to its first button; who opened it wants the field.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    // The browser itself closes on Escape; the click is for the backdrop, which is not an element.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={element}
      className={`dialog dialog--${kind} ${wide ? 'dialog--wide' : ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose?.();
      }}
    >
      <div className="dialog__inside">
        <header className="dialog__head">
          <h2 className="dialog__title" id={heading}>
            {title}
          </h2>
          {onClose && (
            <button type="button" className="icon-button" aria-label={t('common.close')} onClick={onClose}>
              <IconClose size={18} stroke={1.6} />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
