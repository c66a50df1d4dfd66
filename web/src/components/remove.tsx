// The button that takes something away, and the question before it does.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '@/components/dialog';
import { useT } from '@/lib/i18n/use-t';
import '@/components/setup.css';

interface RemoveProps {
  name: string;
  /** What becomes of those who use it. */
  text: string;
  busy: boolean;
  onRemove: () => void;
}

export function Remove({ name, text, busy, onRemove }: RemoveProps) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" className="setup__remove" loading={busy} onClick={() => setAsking(true)}>
        {t('common.remove')}
      </Button>
      {asking && (
        <Dialog title={t('common.removeTitle', { name })} onClose={() => setAsking(false)}>
          <p className="dialog-text">{text}</p>
          <div className="setup__acts">
            <Button variant="default" onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
            <Button
              className="setup__remove-now"
              onClick={() => {
                setAsking(false);
                onRemove();
              }}
            >
              {t('common.remove')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}
