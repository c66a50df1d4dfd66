// Where toasts appear: bottom left, out of the way of the editor's buttons, read out by screen readers.
import { useSyncExternalStore } from 'react';
import { IconClose } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';
import { currentToasts, dismiss, holdToasts, letToastsGo, subscribeToasts } from '@/lib/toasts';
import '@/components/toaster.css';

export function Toaster() {
  const t = useT();
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts);
  return (
    <div className="toaster" role="status" aria-live="polite" onPointerEnter={holdToasts} onPointerLeave={letToastsGo} onFocus={holdToasts} onBlur={letToastsGo}>
      {toasts.map(({ id, text, tone, action }) => (
        <div key={id} className={`toast toast--${tone}`}>
          <span className="toast__text">{text}</span>
          {action && (
            <button
              type="button"
              className="toast__action"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" className="toast__close" aria-label={t('common.dismiss')} onClick={() => dismiss(id)}>
            <IconClose size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
