// The session ended while someone was working: nothing is taken away, one button brings them back to the same place.
import { Button, Modal } from '@mantine/core';
import { useSessionState } from '@/features/session/use-session';
import { useDesk } from '@/lib/data/context';
import { useT } from '@/lib/i18n/use-t';

export function ExpiredDialog() {
  const t = useT();
  const { session } = useDesk();
  const expired = useSessionState(session) === 'expired';
  const here = location.pathname + location.search;
  return (
    <Modal opened={expired} onClose={() => undefined} withCloseButton={false} lockScroll={false} centered size="sm" title={t('session.expiredTitle')}>
      <p className="dialog-text">{t('session.expiredText')}</p>
      <Button fullWidth onClick={() => void session.signIn(here)}>
        {t('signIn.button')}
      </Button>
    </Modal>
  );
}
