// What I was told, newest first: each line leads to what it is about.
import { Link } from 'react-router';
import { IconSettings } from '@/components/icons';
import { RelativeTime } from '@/components/relative-time';
import type { Notification as Item } from '@/lib/api/types';
import { setHabit, useHabit } from '@/lib/data/habits';
import { useNotifications, useRead, useTold } from '@/lib/data/notifications';
import { canNotify, mayNotify } from '@/lib/device';
import { useT } from '@/lib/i18n/use-t';
import { notificationPath, SETTINGS_PATH } from '@/lib/tickets/views';
import { toast } from '@/lib/toasts';

export function NotificationList({ onClose }: { onClose: () => void }) {
  const t = useT();
  const told = useTold();
  const { data, isError } = useNotifications();
  const read = useRead();
  const open = (item: Item): void => {
    if (item.read_at === null) read({ id: item.id });
    onClose();
  };
  return (
    <div className="notifications">
      <div className="notifications__head">
        <h2 className="notifications__title">{t('notification.bell')}</h2>
        {data !== undefined && data.unread > 0 && (
          <button type="button" className="notifications__all" onClick={() => read('all')}>
            {t('notification.readAll')}
          </button>
        )}
        <Link className="icon-button" to={SETTINGS_PATH} aria-label={t('me.settings')} title={t('me.settings')} onClick={onClose}>
          <IconSettings size={16} stroke={1.6} />
        </Link>
      </div>
      {data === undefined && isError && <p className="notifications__none">{t('notification.failed')}</p>}
      {data?.items.length === 0 && <p className="notifications__none">{t('notification.none')}</p>}
      <ul className="notifications__list">
        {data?.items.map((item) => (
          <li key={item.id}>
            <Link className={item.read_at === null ? 'told told--unread' : 'told'} to={notificationPath(item)} onClick={() => open(item)}>
              <span className="told__what" dir="auto">
                {told(item)}
              </span>
              <RelativeTime className="told__time" at={item.at} />
              <span className="told__ticket" dir="auto">
                #{item.number} {item.subject}
              </span>
              {item.read_at === null && (
                <span className="told__dot">
                  <span className="visually-hidden">{t('notification.isUnread')}</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      <HereToo />
    </div>
  );
}

/** Offers to be told outside of the page, too; nobody is asked by their browser before they said so here. */
function HereToo() {
  const t = useT();
  const on = useHabit('notify');
  if (on || !canNotify() || Notification.permission === 'denied') return null;
  const turnOn = async (): Promise<void> => {
    if (await mayNotify()) setHabit('notify', true);
    else toast(t('device.refused'), null, 'problem');
  };
  return (
    <p className="notifications__device">
      {t('device.ask')}{' '}
      <button type="button" className="link" onClick={() => void turnOn()}>
        {t('device.turnOn')}
      </button>
    </p>
  );
}
