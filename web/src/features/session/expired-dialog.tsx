// The session ended while someone was working: nothing is taken away, one button brings them back to the same place.
import { Button } from '@mantine/core';
import { Dialog } from '@/components/dialog';
import { useSessionState } from './use-session';
import { useDesk } from '@/lib/data/context';
import { useT } from '@/lib/i18n/use-t';

export function ExpiredDialog() {
  const t = useT();
  const { session } = useDesk();
  if (useSessionState(session) !== 'expired') return null;
  const here = location.pathname + location.search;
  return (
    <Dialog title={t('session.expiredTitle')}>
      <p className="dialog-text">{t('session.expiredText')}</p>
      <Button fullWidth onClick={() => void session.signIn(here)}>
        {t('signIn.button')}
      </Button>
    </Dialog>
  );
}
