// The bell: how much I was told and have not read, and behind it the list.
import { Popover } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { IconBell } from '@/components/icons';
import { useNotifications } from '@/lib/data/notifications';
import { useT } from '@/lib/i18n/use-t';
import './notifications.css';

const NotificationList = lazy(async () => ({ default: (await import('./notification-list')).NotificationList }));

const MANY = 99;

export function Bell() {
  const t = useT();
  const [opened, setOpened] = useState(false);
  const { data } = useNotifications();
  const unread = data?.unread ?? 0;
  const name = unread > 0 ? `${t('notification.bell')}, ${t('notification.unread', { count: unread })}` : t('notification.bell');
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" offset={4} width={340} returnFocus trapFocus shadow="none" withinPortal>
      <Popover.Target>
        <button type="button" className="icon-button bell" aria-label={name} title={t('notification.bell')} onClick={() => setOpened(!opened)}>
          <IconBell size={18} stroke={1.6} aria-hidden="true" />
          {unread > 0 && (
            <span className="bell__count" aria-hidden="true">
              {unread > MANY ? `${MANY}+` : unread}
            </span>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t('notification.bell')}>
        <Suspense fallback={<div className="notifications" aria-busy="true" />}>
          <NotificationList onClose={() => setOpened(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
