// The bell: how much I was told and have not read, and behind it the list.
import { lazy, Suspense, useId, useState } from 'react';
import { IconBell } from '@/components/icons';
import { useNotifications } from '@/lib/data/notifications';
import { useT } from '@/lib/i18n/use-t';
import './notifications.css';

const Notifications = lazy(async () => ({ default: (await import('./notifications')).Notifications }));

const MANY = 99;

export function Bell() {
  const t = useT();
  const id = useId();
  const [button, setButton] = useState<HTMLButtonElement | null>(null);
  // Null: nobody has wanted the list yet.
  const [opened, setOpened] = useState<boolean | null>(null);
  const { data } = useNotifications();
  const unread = data?.unread ?? 0;
  const name = unread > 0 ? `${t('notification.bell')}, ${t('notification.unread', { count: unread })}` : t('notification.bell');
  return (
    <>
      <button ref={setButton} type="button" id={id} className="icon-button bell" aria-label={name} title={t('notification.bell')} aria-haspopup="dialog" aria-expanded={opened === true} onClick={() => setOpened(opened !== true)}>
        <IconBell size={18} stroke={1.6} aria-hidden="true" />
        {unread > 0 && (
          <span className="bell__count" aria-hidden="true">
            {unread > MANY ? `${MANY}+` : unread}
          </span>
        )}
      </button>
      <Suspense>{button && opened !== null && <Notifications at={button} opened={opened} onChange={setOpened} />}</Suspense>
    </>
  );
}
